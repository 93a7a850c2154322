import { and, eq } from "drizzle-orm";
import type { Env } from "../base/env";
import { type Clause, ENROLLED_FIELD } from "../catalogue/segments/clause";
import { database } from "../db/client";
import { segmentSyncs } from "../db/schema";

/** What people should know of a rule that is accepted all the same. */
export interface RuleWarning {
  code: "cycle";
  message: string;
}

/** Warns of a rule that reads what a sync of its own segment gives: who joins may leave by it. */
export async function circlesOf(
  env: Env,
  school: string,
  { segment, where }: { segment: string; where: readonly Clause[] },
): Promise<{ warnings?: RuleWarning[] }> {
  const asked = where.filter(({ field }) => field === ENROLLED_FIELD);
  if (!asked.length) return {};
  const syncs = await database(env.DB)
    .select({ name: segmentSyncs.name, course: segmentSyncs.course })
    .from(segmentSyncs)
    .where(and(eq(segmentSyncs.school, school), eq(segmentSyncs.segment, segment), eq(segmentSyncs.enrol, true)));
  const isRead = (course: string) => asked.some(({ value }) => value === undefined || [value].flat().includes(course));
  const warnings = syncs
    .filter(({ course }) => isRead(course))
    .map(
      ({ name, course }): RuleWarning => ({
        code: "cycle",
        message: `The sync ${JSON.stringify(name)} of this segment enrols its members in ${JSON.stringify(course)}, which the rule asks for: who joins may leave by it, and the other way round.`,
      }),
    );
  return warnings.length ? { warnings } : {};
}
