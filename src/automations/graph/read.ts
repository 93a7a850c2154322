import { and, asc, eq, isNotNull, isNull } from "drizzle-orm";
import type { Env } from "../../base/env";
import { readJson, strings } from "../../base/json";
import { isHolder } from "../../catalogue/facts/products";
import { database } from "../../db/client";
import {
  autoGroups,
  automations,
  products,
  profileFields,
  segmentRules,
  segmentSyncs,
  segments,
} from "../../db/schema";
import { toRule } from "../../segments/rules/rule-rows";
import { readDefinition } from "../../world/upgrades";
import { type Touch, touchesOf, touchesOfAutoGroup, touchesOfHolder, touchesOfRule, touchesOfSync } from "./edges";
import { keyOf, type Thing } from "./things";

/** What a school has defined: a thing, and what it has to do with others. */
export interface Defined extends Thing {
  key: string;
  /** What people call it; undefined: by what else is known of it. */
  name?: string;
  /** Of what can be off: whether it is on. */
  active?: boolean;
  /** Things that its name is made of. */
  called?: readonly Thing[];
  /** Made anew each time: a school's, all at once, are many times what it has written. */
  touches(): Iterable<Touch>;
}

/**
 * All that a school has defined, in the order of the keys: each row of it once, in one batch. What is to be deleted stands in
 * no list, and is left out. @param called calls what is named by the one id that it has
 */
export async function definedIn(env: Env, school: string, called: (thing: Thing) => Thing): Promise<Defined[]> {
  const db = database(env.DB);
  const [automationRows, segmentRows, ruleRows, syncRows, groupRows, holderRows, fieldRows] = await db.batch([
    db
      .select({
        id: automations.id,
        name: automations.name,
        active: automations.active,
        definition: automations.definition,
      })
      .from(automations)
      .where(and(eq(automations.school, school), isNull(automations.deleteAt))),
    db
      .select({ id: segments.id, name: segments.name })
      .from(segments)
      .where(and(eq(segments.school, school), isNull(segments.deleteAt))),
    db
      .select()
      .from(segmentRules)
      .where(and(eq(segmentRules.school, school), isNull(segmentRules.deleteAt))),
    db
      .select()
      .from(segmentSyncs)
      .where(and(eq(segmentSyncs.school, school), isNull(segmentSyncs.deleteAt))),
    db
      .select()
      .from(autoGroups)
      .where(and(eq(autoGroups.school, school), isNull(autoGroups.deleteAt))),
    db
      .select({ type: products.type, id: products.id, courses: products.courses })
      .from(products)
      .where(and(eq(products.school, school), isNotNull(products.courses)))
      .orderBy(asc(products.type), asc(products.id)),
    db
      .select({ id: profileFields.key, name: profileFields.name })
      .from(profileFields)
      .where(and(eq(profileFields.school, school), isNull(profileFields.deleteAt))),
  ]);
  const defined = (kind: string, one: Omit<Defined, "kind" | "key">): Defined => ({
    ...{ ...one, kind },
    key: keyOf({ kind, id: one.id }),
    ...(one.called ? { called: one.called.map(called) } : {}),
    touches: () => calledIn(one.touches(), called),
  });
  return [
    ...automationRows.map(({ id, name, active, definition }) =>
      defined("automation", { id, name, active, touches: () => touchesOf(readDefinition(definition)) }),
    ),
    ...segmentRows.map(({ id, name }) => defined("segment", { id, name, touches: () => [] })),
    ...ruleRows.map((row) =>
      defined("rule", {
        id: row.id,
        called: [{ kind: "segment", id: row.segment }],
        touches: () => touchesOfRule(toRule(row)),
      }),
    ),
    ...syncRows.map((row) =>
      defined("sync", { id: row.id, name: row.name, active: row.active, touches: () => touchesOfSync(row) }),
    ),
    ...groupRows.map((row) =>
      defined("auto_group", {
        id: row.id,
        active: row.active,
        called: [
          { kind: "course", id: row.course },
          { kind: "field", id: row.field },
        ],
        touches: () => touchesOfAutoGroup(row),
      }),
    ),
    ...holderRows.flatMap(({ type, id, courses }) =>
      isHolder(type) && courses !== null
        ? [defined(type, { id, touches: () => touchesOfHolder(readJson(strings, courses)) })]
        : [],
    ),
    ...fieldRows.map(({ id, name }) => defined("field", { id, name, touches: () => [] })),
  ].sort(byKey);
}

function* calledIn(touches: Iterable<Touch>, called: (thing: Thing) => Thing): Generator<Touch> {
  for (const touch of touches) yield { ...touch, thing: called(touch.thing) };
}

const byKey = (one: Defined, other: Defined): number => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0);
