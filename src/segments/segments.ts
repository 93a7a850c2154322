import { and, eq, sql } from "drizzle-orm";
import type { Env } from "../base/env";
import { Problem } from "../base/errors/errors";
import { newId } from "../base/ids";
import { breaksConstraint, database } from "../db/client";
import { type Due, notingFirst, requireDue, requireStanding } from "../db/deleting/held";
import { segmentRules, segmentSyncs, segments } from "../db/schema";
import { prepareJob } from "../jobs/start";
import { alignJob } from "../users/courses/align-job";
import type { School } from "../world/snapshot";
import { loadWorld } from "../world/world";
import { getSegment, requireEmptied, type SegmentRow, whichSegment as which } from "./find";
import { NEVER, requireUnnamed } from "./in-use";
import { type MembersPreview, previewMembers } from "./syncs/drift";
import { changingDefinitions, writeDefinition } from "./write";

/** Makes a segment; 409 when the id is taken, or the members of a deleted one of this id are still being taken out. */
export async function createSegment(
  env: Env,
  school: School,
  asked: { id?: string | undefined; name: string; managed: boolean },
  who: string,
): Promise<SegmentRow> {
  return changingDefinitions(env, school, async (stamp) => {
    const { id = newId("seg_"), name, managed } = asked;
    if (asked.id !== undefined) await requireEmptied(env, school.id, id);
    const row = { school: school.id, id, name, managed, deleteAt: null, createdAt: Date.now() };
    try {
      await writeDefinition(env, school, stamp, {
        statements: [database(env.DB).insert(segments).values(row)],
        who,
        what: "segment.created",
        subject: id,
        after: { name, managed },
      });
    } catch (error) {
      if (!breaksConstraint(error, "segments.school")) throw error;
      requireStanding("segment", id, await getSegment(env, school.id, id));
      throw new Problem("conflict", "There is a segment of this id.");
    }
    return row;
  });
}

export interface SegmentChange {
  name?: string | undefined;
  managed?: boolean | undefined;
}

/** Changes a segment. Making it managed brings its members in line with its rules, by a job; unmanaging keeps them. */
export async function changeSegment(
  env: Env,
  school: School,
  id: string,
  change: SegmentChange,
  options: { fire: boolean; who: string },
) {
  return changingDefinitions(env, school, async (stamp) => {
    const before = await getSegment(env, school.id, id);
    requireStanding("segment", id, before);
    const after = { ...before, name: change.name ?? before.name, managed: change.managed ?? before.managed };
    const job =
      after.managed && !before.managed
        ? await prepareJob(env, school, alignJob, { segment: id, fire: options.fire })
        : null;
    const told = ({ name, managed }: SegmentRow) => ({ name, managed });
    await writeDefinition(env, school, stamp, {
      statements: [database(env.DB).update(segments).set(told(after)).where(which(school.id, id))],
      who: options.who,
      what: "segment.changed",
      subject: id,
      before: told(before),
      after: told(after),
      job,
    });
    return { segment: after, jobId: job?.id };
  });
}

/** How many a change would let join and leave. */
export async function previewSegment(
  env: Env,
  school: School,
  id: string,
  change: SegmentChange,
): Promise<MembersPreview> {
  const before = await getSegment(env, school.id, id);
  requireStanding("segment", id, before);
  const rules = (await loadWorld(env, school)).segments.get(id)?.rules ?? [];
  return previewMembers(env, school, { id, managed: change.managed ?? before.managed, rules });
}

/** Throws 409 where a sync uses a segment or an active automation names it. @param unless those that are gone by then */
export async function requireSegmentUnused(env: Env, school: string, id: string, unless = NEVER): Promise<void> {
  const sync = await database(env.DB)
    .select({ name: segmentSyncs.name })
    .from(segmentSyncs)
    .where(
      and(
        eq(segmentSyncs.school, school),
        eq(segmentSyncs.segment, id),
        sql`coalesce(${segmentSyncs.deleteAt} > ${unless}, 1)`,
      ),
    )
    .get();
  if (sync) throw new Problem("conflict", `The sync ${JSON.stringify(sync.name)} uses this segment.`);
  await requireUnnamed(env, school, "segment", id, unless);
}

/** Deletes a segment with its rules; its members leave by a job. 409 when a sync uses it or an active automation names it. */
export async function deleteSegment(
  env: Env,
  school: School,
  id: string,
  options: { fire: boolean; who: string } & Due,
): Promise<void> {
  return changingDefinitions(env, school, async (stamp) => {
    const db = database(env.DB);
    const { name, managed, deleteAt } = await getSegment(env, school.id, id);
    requireDue("segment", { deleteAt }, options);
    await requireSegmentUnused(env, school.id, id);
    await writeDefinition(env, school, stamp, {
      statements: [
        db.delete(segments).where(which(school.id, id)),
        db.delete(segmentRules).where(and(eq(segmentRules.school, school.id), eq(segmentRules.segment, id))),
        notingFirst(db, school.id),
      ],
      who: options.who,
      what: "segment.deleted",
      subject: id,
      before: { name, managed },
      job: await prepareJob(env, school, alignJob, { dropSegment: id, fire: options.fire }),
    });
  });
}
