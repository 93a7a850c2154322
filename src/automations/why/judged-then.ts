import type { Env } from "../../base/env";
import { userObject } from "../../calls/reaching/stub";
import { isTakenOver } from "../../calls/shape";
import { listens, type Undecided, unmet, unmetBy, type Why } from "../../engine/trying/why";
import type { Heeded, Program, World } from "../../engine/types";
import { journalOf, OWN_ENTRIES } from "../../users/past/past";
import { pastOf } from "../../world/past/past";
import { replay } from "../../world/past/replay";
import type { School } from "../../world/snapshot";

/*
 * Facts of which nothing was written down for an automation, judged as it would have at their time: by the version of
 * that moment, on the user as they were then.
 */

export interface Judged {
  user: string;
  automation: string;
  /** Its last: it speaks for a time at which there was no such automation. */
  program: Program;
  /** When there was one first. */
  since: number;
}

const keyOf = ({ type, data, at }: { type: string; data: unknown; at: number }): string =>
  JSON.stringify([type, data, at]);

/** Why the version of their time did not mean them. */
export async function judgedAsThen(
  env: Env,
  school: School,
  asked: Judged,
  undecided: readonly Undecided[],
): Promise<Map<Undecided, Why>> {
  const past = pastOf(env, school);
  const judged = new Map<Undecided, Why>();
  const own: Undecided[] = [];
  for (const one of undecided) {
    const world = one.stamp === undefined ? null : await past.at(one.stamp);
    if (isTakenOver({ seq: one.place[0] })) judged.set(one, ofAnother(asked, one, world));
    else if (world && !listens(programIn(world, asked).program, one.fact.type))
      judged.set(one, { stopped_by: "trigger" });
    else own.push(one);
  }
  if (own.length) await tellAgain(env, school, asked, own, judged);
  return judged;
}

function programIn(world: World, { automation, program }: Judged): { program: Program; isThere: boolean } {
  const then = world.byId.get(automation)?.program;
  return { program: then ?? program, isThere: then !== undefined };
}

/** What it would mean and did not hear of: it was not there. */
const ofSilence = (isThere: boolean): Why => ({ stopped_by: isThere ? "trigger" : "not_there" });

/** Of what another lived who was taken over: that one's past is not told again, so no trigger is asked about the learner. */
function ofAnother(asked: Judged, { fact, at }: Undecided, world: World | null): Why {
  if (world) {
    const { program, isThere } = programIn(world, asked);
    return unmetBy(program, fact, !isThere) ?? ofSilence(isThere);
  }
  // A release before kept no more of it than when it was.
  return unmetBy(asked.program, fact, true) === null ? ofSilence(at >= asked.since) : { stopped_by: "trigger" };
}

/** Tells the past of the user again up to some facts, for triggers may look at the learner of the moment. */
async function tellAgain(
  env: Env,
  school: School,
  asked: Judged,
  facts: readonly Undecided[],
  judged: Map<Undecided, Why>,
): Promise<void> {
  const { user } = asked;
  const past = pastOf(env, school);
  const left = new Map(facts.map((one) => [JSON.stringify(one.place), one]));
  const places = new Map<string, string[]>();
  const heedIn =
    (world: World) =>
    ({ happening, learner, school: view }: Heeded): void => {
      // Facts are heard in the order in which they were written down: of several alike the first is the first.
      const place = places.get(keyOf(happening))?.shift() ?? "";
      const one = left.get(place);
      if (!one) return;
      left.delete(place);
      const { program, isThere } = programIn(world, asked);
      judged.set(one, unmet(program, happening, learner, view) ?? ofSilence(isThere));
    };
  async function* pages() {
    for await (const entries of journalOf(env, school, user, OWN_ENTRIES)) {
      for (const { seq, facts } of entries)
        for (const [index, fact] of facts.entries())
          if (!fact.hidden) push(places, keyOf(fact), JSON.stringify([seq, index]));
      yield entries;
      if (!left.size) return;
    }
  }
  const beginning = await userObject(env, school, user).beginning();
  const at = async (stamp: number | undefined): Promise<World> => {
    const world = await past.at(stamp);
    return { ...world, heed: heedIn(world) };
  };
  await replay(user, beginning, pages(), { ...past, at });
}

function push(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
