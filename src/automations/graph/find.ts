import { and, eq, isNull, sql } from "drizzle-orm";
import type { Env } from "../../base/env";
import { holdsSought } from "../../base/text/text";
import { database } from "../../db/client";
import { LOOKED_AT } from "../../db/lists/look";
import { autoGroups, products, profileFields, segmentRules, segmentSyncs, segments } from "../../db/schema";

/* What of a school's graph has no words of its own to be offered in options: found by what the map calls it. */

export interface FoundThing {
  kind: "sync" | "rule" | "auto_group";
  id: string;
  name: string;
}

const MOST = 50;

/** Syncs, rules and auto groups whose name or id holds a text, 50 of each at most, among the first thousand of each. */
export async function definedLike(env: Env, school: string, q: string): Promise<FoundThing[]> {
  const db = database(env.DB);
  const [syncs, rules, groups] = await db.batch([
    db
      .select({ id: segmentSyncs.id, name: segmentSyncs.name })
      .from(segmentSyncs)
      .where(and(eq(segmentSyncs.school, school), isNull(segmentSyncs.deleteAt)))
      .orderBy(segmentSyncs.id)
      .limit(LOOKED_AT),
    db
      .select({ id: segmentRules.id, segment: segmentRules.segment, name: segments.name })
      .from(segmentRules)
      .leftJoin(segments, and(eq(segments.school, school), eq(segments.id, segmentRules.segment)))
      .where(and(eq(segmentRules.school, school), isNull(segmentRules.deleteAt)))
      .orderBy(segmentRules.id)
      .limit(LOOKED_AT),
    db
      .select({
        ...{ id: autoGroups.id, course: autoGroups.course, field: autoGroups.field },
        // By names of their own: a batch tells columns of one name not apart.
        courseName: sql<string | null>`${products.name}`.as("course_name"),
        fieldName: sql<string | null>`${profileFields.name}`.as("field_name"),
      })
      .from(autoGroups)
      .leftJoin(
        products,
        and(eq(products.school, school), eq(products.type, "course"), eq(products.id, autoGroups.course)),
      )
      .leftJoin(profileFields, and(eq(profileFields.school, school), eq(profileFields.key, autoGroups.field)))
      .where(and(eq(autoGroups.school, school), isNull(autoGroups.deleteAt)))
      .orderBy(autoGroups.id)
      .limit(LOOKED_AT),
  ]);
  const holding = (kind: FoundThing["kind"], all: readonly Omit<FoundThing, "kind">[]): FoundThing[] =>
    all
      .filter(({ id, name }) => holdsSought(`${id}\n${name}`, q))
      .slice(0, MOST)
      .map((one) => ({ ...one, kind }));
  return [
    ...holding("sync", syncs),
    ...holding(
      "rule",
      rules.map(({ id, segment, name }) => ({ id, name: name ?? segment })),
    ),
    ...holding(
      "auto_group",
      groups.map(({ id, course, courseName, field, fieldName }) => ({
        id,
        name: `${courseName ?? course}, ${fieldName ?? field}`,
      })),
    ),
  ];
}
