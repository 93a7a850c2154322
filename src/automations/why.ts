import type { Env } from "../base/env";
import { notFound } from "../base/errors";
import { userObject } from "../calls/stub";
import { type Coming, comingFor, type WaitingRun, waitsOf } from "../engine/coming";
import { compile } from "../engine/compile";
import type { Automation, Heeded, Program, World } from "../engine/types";
import { listens, reasonsIn, type Undecided, unmet, type Why, type WhyReason } from "../engine/why";
import { journalOf } from "../users/past";
import { pastOf } from "../world/past";
import { replay, unknownTo } from "../world/replay";
import { nowOf, type School } from "../world/snapshot";
import { readDefinition } from "../world/upgrades";
import { loadWorld } from "../world/world";
import { automationRow } from "./document";

export interface Asked {
  automation: string;
  user: string;
  /** Only what this event brought about. */
  event?: string | undefined;
  /** After this place, the newest being the first. */
  after?: WhyReason["place"] | undefined;
  /** So many, and one more where there are more. */
  limit: number;
}

export interface WhyAnswer {
  reasons: WhyReason[];
  /** What time alone will bring about, and what its runs of the user are waiting for. */
  coming: Coming[];
  waiting: WaitingRun[];
}

/** What became of a user's facts for an automation, newest first; 404 when either is not known. */
export async function whyOf(env: Env, school: School, asked: Asked): Promise<WhyAnswer> {
  const { user, event, after, limit } = asked;
  const row = await automationRow(env, school.id, asked.automation);
  const state = await userObject(env, school, user).state();
  if (!state) throw notFound("user");
  const isMeant = ({ place: [seq, index], eventId }: WhyReason | Undecided): boolean =>
    (event === undefined || eventId === event) &&
    (after === undefined || seq < after[0] || (seq === after[0] && index < after[1]));
  const found: (WhyReason | Undecided)[] = [];
  for await (const entries of journalOf(env, school, user, { newestFirst: true, most: limit + 1 })) {
    for (const entry of entries) found.push(...reasonsIn(entry, row.id).filter(isMeant));
    if (found.length > limit) break;
  }
  const shown = found.slice(0, limit + 1);
  const world = await loadWorld(env, school);
  const program = compile(readDefinition(row.definition), row.version, world.school.courseId);
  const undecided = shown.filter((one): one is Undecided => "undecided" in one);
  const decided = await judgedAsThen(env, school, { user, automation: row.id, program }, undecided);
  const own = state.runs.filter((run) => run.automation === row.id);
  const past = pastOf(env, school);
  const knowing = await past.programs(world, unknownTo(world, own));
  const automation: Automation | undefined = world.byId.get(row.id);
  return {
    reasons: shown.map((one) => {
      if (!("undecided" in one)) return one;
      const { stamp: _, undecided: __, ...reason } = one;
      return { ...reason, ...(decided.get(one) ?? { stopped_by: "trigger" }) };
    }),
    coming: automation ? comingFor({ automation, state, school: world.school, now: nowOf(school) }) : [],
    waiting: automation ? waitsOf({ automation, state }, programsOf(knowing, automation)) : [],
  };
}

const programsOf =
  (world: World, { id, program }: Automation) =>
  (version: number): Program | undefined =>
    program.version === version ? program : world.program(id, version);

interface Then {
  user: string;
  automation: string;
  /** Of today: it speaks for a time before there was the automation. */
  program: Program;
}

const keyOf = ({ type, data, at }: { type: string; data: unknown; at: number }): string =>
  JSON.stringify([type, data, at]);

/**
 * Of facts of which nothing was written down: why the version of their time did not mean them. Where it listens to facts
 * of that type at all, the past is told again up to them, for triggers may look at the user of the moment.
 */
async function judgedAsThen(
  env: Env,
  school: School,
  { user, automation, program: today }: Then,
  undecided: readonly Undecided[],
): Promise<Map<Undecided, Why>> {
  const past = pastOf(env, school);
  const judged = new Map<Undecided, Why>();
  const asked = new Map<string, { one: Undecided; program: Program; isNew: boolean }>();
  for (const one of undecided) {
    const then = (await past.at(one.stamp)).byId.get(automation);
    const program = then?.program ?? today;
    if (listens(program, one.fact.type)) asked.set(JSON.stringify(one.place), { one, program, isNew: !then });
    else judged.set(one, { stopped_by: "trigger" });
  }
  if (!asked.size) return judged;
  const places = new Map<string, string[]>();
  const left = new Set(asked.keys());
  const heed = ({ happening, learner, school: view }: Heeded): void => {
    // Facts are heard in the order in which they were written down: of several alike the first is the first.
    const place = places.get(keyOf(happening))?.shift() ?? "";
    left.delete(place);
    const { one, program, isNew } = asked.get(place) ?? {};
    if (!one || !program) return;
    // What it would mean today it did not hear of: there was no such automation.
    judged.set(one, unmet(program, happening, learner, view) ?? { stopped_by: isNew ? "inactive" : "trigger" });
  };
  async function* pages() {
    for await (const entries of journalOf(env, school, user)) {
      for (const { seq, facts } of entries)
        for (const [index, fact] of facts.entries())
          if (!fact.hidden) push(places, keyOf(fact), JSON.stringify([seq, index]));
      yield entries;
      if (!left.size) return;
    }
  }
  const beginning = await userObject(env, school, user).beginning();
  const heeding = { ...past, at: async (stamp: number | undefined) => ({ ...(await past.at(stamp)), heed }) };
  await replay(user, beginning, pages(), heeding);
  return judged;
}

function push(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
