import { and, eq, sql } from "drizzle-orm";
import type { Env } from "../../base/env";
import { type Clause, ENROLLED_FIELD } from "../../catalogue/segments/clause";
import { database } from "../../db/client";
import { listed } from "../../db/deleting/held";
import { isOneOf } from "../../db/lists/list";
import { segmentRules, segmentSyncs } from "../../db/schema";
import { segmentNames } from "../find";
import { toRule } from "../rules/rule-rows";

/*
 * Rings of definitions: a segment of which a sync enrols the members in a course that a rule asks for, be it a rule of the
 * same segment or of one that leads back to it.
 */

/** What people should know of what is accepted all the same. */
export interface CircleWarning {
  code: "cycle";
  message: string;
}

export type Warned = { warnings?: CircleWarning[] };

interface Gives {
  id: string;
  name: string;
  segment: string;
  course: string;
}

interface Asks {
  /** Of the rule; null while it is new. */
  id: string | null;
  segment: string;
  where: readonly Clause[];
}

/** A sync, and the rule that asks for its course. */
type Link = [gives: Gives, asks: Asks];
type Ring = readonly Link[];

/** Of a school more are not told. */
const MOST_TOLD = 5;

const asksFor = ({ where }: Asks, course: string): boolean =>
  where.some(
    ({ field, value }) => field === ENROLLED_FIELD && (value === undefined || [value].flat().includes(course)),
  );

/** The shortest ring back to a segment for each way in which it closes. */
function ringsThrough(segment: string, syncs: readonly Gives[], rules: readonly Asks[]): Ring[] {
  const rings: Ring[] = [];
  const seen = new Set([segment]);
  const ways: { at: string; path: Ring }[] = [{ at: segment, path: [] }];
  for (let way = ways.shift(); way; way = ways.shift()) {
    const { at, path } = way;
    for (const sync of syncs) {
      if (sync.segment !== at) continue;
      for (const rule of rules) {
        if (!asksFor(rule, sync.course)) continue;
        const next: Ring = [...path, [sync, rule]];
        if (rule.segment === segment) rings.push(next);
        else if (!seen.has(rule.segment)) {
          seen.add(rule.segment);
          ways.push({ at: rule.segment, path: next });
        }
      }
    }
  }
  return rings;
}

/** Of those that ask for a course the index speaks in these words. */
const ASKING = sql.raw(`"segment_rules" indexed by segment_rules_asking`);
const ASKS = sql.raw(`instr("segment_rules"."clauses", '${JSON.stringify(ENROLLED_FIELD)}') > 0`);

/**
 * What of a school can be part of a ring, the rules that ask for a course and the syncs that give one of those, with a draft
 * in the place of what it is to replace.
 */
async function linksOf(env: Env, school: string, { rule, sync }: { rule?: Asks; sync?: Gives }) {
  const db = database(env.DB);
  const rows = await db
    .select()
    .from(segmentRules)
    .where(
      sql`(${segmentRules.school}, ${segmentRules.id}) in (select school, id from ${ASKING}
        where ${segmentRules.school} = ${school} and ${ASKS}) and ${listed("segment_rule")}`,
    );
  const rules = [...rows.map(toRule).filter(({ id }) => id !== rule?.id), ...(rule ? [rule] : [])];
  const asked = rules.flatMap(({ where }) => where.filter(({ field }) => field === ENROLLED_FIELD));
  const syncs = asked.length
    ? await db
        .select({
          id: segmentSyncs.id,
          name: segmentSyncs.name,
          segment: segmentSyncs.segment,
          course: segmentSyncs.course,
        })
        .from(segmentSyncs)
        .where(
          and(
            eq(segmentSyncs.school, school),
            sql`${segmentSyncs.enrol} = 1`,
            listed("segment_sync"),
            // A rule may ask for any course.
            asked.some(({ value }) => value === undefined)
              ? undefined
              : isOneOf(
                  segmentSyncs.course,
                  asked.flatMap(({ value }) => [value].flat().map(String)),
                ),
          ),
        )
    : [];
  return { syncs: [...syncs.filter(({ id }) => id !== sync?.id), ...(sync ? [sync] : [])], rules };
}

async function told(env: Env, school: string, rings: readonly Ring[]): Promise<Warned> {
  if (!rings.length) return {};
  const shown = rings.slice(0, MOST_TOLD);
  const ids = shown.flatMap((ring) => ring.flatMap(([sync, rule]) => [sync.segment, rule.segment]));
  const names = await segmentNames(env, school, ids);
  const nameOf = (segment: string): string => JSON.stringify(names.get(segment) ?? segment);
  const said = (ring: Ring): string =>
    ring
      .map(
        ([sync, rule], index) =>
          `${index === 0 ? `${nameOf(sync.segment)} enrols` : "which enrols"} in ${JSON.stringify(sync.course)} by the sync ${JSON.stringify(sync.name)}, asked for by a rule of ${nameOf(rule.segment)}`,
      )
      .join(", ");
  const warnings = shown.map(
    (ring): CircleWarning => ({
      code: "cycle",
      message: `A ring: the segment ${said(ring)}. Who joins may leave by it, and the other way round.`,
    }),
  );
  return { warnings };
}

/** Warns of a rule that asks for what comes of belonging to its own segment: by a sync of it, or by others in a ring. */
export async function circlesOf(env: Env, school: string, rule: Omit<Asks, "id"> & { id?: string }): Promise<Warned> {
  if (!rule.where.some(({ field }) => field === ENROLLED_FIELD)) return {};
  const draft: Asks = { ...rule, id: rule.id ?? null };
  const { syncs, rules } = await linksOf(env, school, { rule: draft });
  const rings = ringsThrough(rule.segment, syncs, rules);
  return told(
    env,
    school,
    rings.filter((ring) => ring.at(-1)?.[1] === draft),
  );
}

/** Warns of a sync that gives what brings its members into, or out of, its own segment. */
export async function circlesBySync(env: Env, school: string, sync: Gives & { enrol: boolean }): Promise<Warned> {
  if (!sync.enrol) return {};
  const { syncs, rules } = await linksOf(env, school, { sync });
  const rings = ringsThrough(sync.segment, syncs, rules);
  return told(
    env,
    school,
    rings.filter((ring) => ring[0]?.[0].id === sync.id),
  );
}

/** Warns of every ring that a segment is in. */
export async function circlesThrough(env: Env, school: string, segment: string): Promise<Warned> {
  const { syncs, rules } = await linksOf(env, school, {});
  return told(env, school, ringsThrough(segment, syncs, rules));
}
