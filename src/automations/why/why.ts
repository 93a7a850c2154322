import type { Env } from "../../base/env";
import { notFound } from "../../base/errors/errors";
import { userObject } from "../../calls/reaching/stub";
import { isTakenOver, type JournalEntry } from "../../calls/shape";
import { compile } from "../../engine/compile/compile";
import { type Coming, comingFor, type WaitingRun, waitsOf } from "../../engine/trying/coming";
import { reasonsIn, type Undecided, type WhyReason } from "../../engine/trying/why";
import type { Automation, Program, World } from "../../engine/types";
import { timelineIn } from "../../users/past/past";
import { pastOf } from "../../world/past/past";
import { unknownTo } from "../../world/past/replay";
import { nowOf, type School } from "../../world/snapshot";
import { loadWorld } from "../../world/world";
import { automationEver } from "../ever";
import { judgedAsThen } from "./judged-then";

/** A fact, in the order of time: of whom somebody was merged into, both timelines are one. */
export interface Place {
  at: number;
  place: WhyReason["place"];
}

export interface Asked {
  /** One that is deleted by now answers as well. */
  automation: string;
  user: string;
  /** Only what this event brought about. */
  event?: string | undefined;
  /** After this fact, the newest being the first. */
  after?: Place | undefined;
  /** So many, and one more where there are more. */
  limit: number;
}

export interface WhyAnswer {
  reasons: WhyReason[];
  /** What time alone will bring about, and what its runs of the user are waiting for. */
  coming: Coming[];
  waiting: WaitingRun[];
  /** From when on it is known what happened to the user, ms; null: from the beginning. */
  since: number | null;
}

/** What became of a user's facts for an automation, newest first; 404 when either is not known. */
export async function whyOf(env: Env, school: School, asked: Asked): Promise<WhyAnswer> {
  const { user } = asked;
  const ever = await automationEver(env, school.id, asked.automation);
  const object = userObject(env, school, user);
  const [state, beginning] = await Promise.all([object.state(), object.beginning()]);
  if (!state) throw notFound("user");
  const shown = await factsOf(env, school, asked);
  const world = await loadWorld(env, school);
  const { id, since } = ever;
  const program = compile(ever.definition, ever.version, world.school.courseId);
  const undecided = shown.filter((one): one is Undecided => "undecided" in one);
  const decided = await judgedAsThen(env, school, { user, automation: id, program, since }, undecided);
  const own = state.runs.filter((run) => run.automation === id);
  const past = pastOf(env, school);
  const knowing = await past.programs(world, unknownTo(world, own));
  const automation: Automation | undefined = world.byId.get(id);
  const { isHeld } = ever;
  const isPaused = world.paused === true;
  return {
    reasons: shown.map((one) => {
      if (!("undecided" in one)) return one;
      const { stamp: _, undecided: __, ...reason } = one;
      return { ...reason, ...(decided.get(one) ?? { stopped_by: "trigger" }) };
    }),
    since: beginning?.state?.clock ?? null,
    coming: automation ? comingFor({ automation, isHeld, state, school: world.school, now: nowOf(school) }) : [],
    waiting: automation ? waitsOf({ automation, isHeld, isPaused, state }, programsOf(knowing, automation)) : [],
  };
}

/** The facts that are asked about, newest first, and one more where there are more. */
async function factsOf(
  env: Env,
  school: School,
  { automation, user, event, after, limit }: Asked,
): Promise<(WhyReason | Undecided)[]> {
  const from = after === undefined ? null : { at: after.at, seq: after.place[0] };
  // Of the entry that it goes on from what lies before.
  const isBehind = ({ place: [seq, index] }: WhyReason | Undecided): boolean =>
    seq !== after?.place[0] || index < after.place[1];
  const isMeant = (one: WhyReason | Undecided): boolean =>
    (event === undefined || one.eventId === event) && isBehind(one);
  const found: (WhyReason | Undecided)[] = [];
  const stampOf = stamping();
  for await (const entries of timelineIn(env, school, user, { from, newestFirst: true, most: limit + 2 })) {
    for (const entry of entries)
      found.push(...reasonsIn({ ...entry, stamp: stampOf(entry) }, automation).filter(isMeant));
    if (found.length > limit) break;
  }
  return found.slice(0, limit + 1);
}

/** Which world an entry was played in, newest first: what time brought about, in that of the user's next. */
function stamping(): (entry: JournalEntry) => number | undefined {
  let later: number | undefined;
  return (entry) => {
    if (isTakenOver(entry)) return entry.stamp;
    later = entry.stamp ?? later;
    return later;
  };
}

const programsOf =
  (world: World, { id, program }: Automation) =>
  (version: number): Program | undefined =>
    program.version === version ? program : world.program(id, version);
