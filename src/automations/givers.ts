import type { Env } from "../base/env";
import { logOf } from "../db/log";

/* What those are called who gave something: all that a page shows at once, in one call of D1. */

/** As answers tell of a giver, and facts of what made them. */
export interface GivenBy {
  by: string;
  id: string | null;
}

export interface GiverName {
  /** Of a run that of its automation, of a rule its segment's, of an auto group its course's; null: it has none. */
  name: string | null;
  /** Of a run its automation, of an auto group and of a way to enrol its course. */
  of: string | null;
}

/** By kind and id. */
export type GiverNames = ReadonlyMap<string, GiverName>;

type Kind = "run" | "automation" | "rule" | "sync" | "auto_group" | "method" | "key";

function kindOf({ by, id }: GivenBy): Kind | undefined {
  if (id === null) return undefined;
  if (by === "run" || by === "rule" || by === "sync" || by === "auto_group") return by;
  if (by === "undo") return id.startsWith("run_") ? "run" : "automation";
  if (by === "learner") return "method";
  return (by === "hand" || by === "reconcile") && !id.includes("@") ? "key" : undefined;
}

const keyOf = (giver: GivenBy): string => `${kindOf(giver)}:${giver.id}`;

const THOSE = "(select value from json_each(?2))";

const RUNS = `select json_group_array(json_array(id, automation)) as ran from (
  select id, automation from runs where school = ?1 and id in ${THOSE}
  union all select id, automation from live_runs indexed by live_runs_by_id where school = ?1 and id in ${THOSE})`;

/** By kind, what those of some ids are called, and what they are of. */
const NAMES: Readonly<Record<Kind, string>> = {
  // Of `[run, automation]`, as the log has them.
  run: `select ran.value->>0 as id, automations.name, ran.value->>1 as of from json_each(?2) as ran
    left join automations on automations.school = ?1 and automations.id = ran.value->>1`,
  automation: `select id, name, null as of from automations where school = ?1 and id in ${THOSE}`,
  rule: `select one.id, segments.name, one.segment as of from segment_rules as one
    left join segments on segments.school = ?1 and segments.id = one.segment
    where one.school = ?1 and one.id in ${THOSE}`,
  sync: `select id, name, null as of from segment_syncs where school = ?1 and id in ${THOSE}`,
  auto_group: `select one.id, products.name, one.course as of from auto_groups as one
    left join products on products.school = ?1 and products.type = 'course' and products.id = one.course
    where one.school = ?1 and one.id in ${THOSE}`,
  method: `select id, null as name, course as of from enrolment_methods where school = ?1 and id in ${THOSE}`,
  key: `select id, name, null as of from api_keys indexed by api_keys_by_school where school = ?1 and id in ${THOSE}`,
};

const runsNamed = async (env: Env, school: string, ids: readonly string[]): Promise<string> =>
  (await (await logOf(env, school)).prepare(RUNS).bind(school, JSON.stringify(ids)).first<string>("ran")) ?? "[]";

/** What givers are called; one that is not among them is gone, or has no name. */
export async function giverNames(env: Env, school: string, givers: Iterable<GivenBy>): Promise<GiverNames> {
  const asked = new Map<Kind, Set<string>>();
  for (const giver of givers) {
    const kind = kindOf(giver);
    if (!kind || giver.id === null) continue;
    const those = asked.get(kind) ?? new Set();
    asked.set(kind, those.add(giver.id));
  }
  if (asked.size === 0) return new Map();
  const runs = asked.get("run");
  const ran = runs && (await runsNamed(env, school, [...runs]));
  const read = await env.DB.batch<GiverName & { id: string }>(
    [...asked].map(([kind, ids]) =>
      env.DB.prepare(NAMES[kind]).bind(school, kind === "run" ? ran : JSON.stringify([...ids])),
    ),
  );
  return new Map(
    [...asked.keys()].flatMap((kind, n) =>
      (read[n]?.results ?? []).map(({ id, name, of }) => [`${kind}:${id}`, { name, of }] as const),
    ),
  );
}

export const giverNameOf = (names: GiverNames, giver: GivenBy): GiverName | undefined => names.get(keyOf(giver));
