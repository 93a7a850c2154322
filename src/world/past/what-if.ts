import { Cache } from "../../base/cache";
import type { Beginning, JournalEntry } from "../../calls/shape";
import type { TriedCall } from "../../calls/what-if";
import type { CourseId } from "../../catalogue/options/course-id";
import { compile } from "../../engine/compile/compile";
import { type Outcome, type Played, play } from "../../engine/play";
import { nextMoment } from "../../engine/step";
import { RunNames, type Tried, worldWith } from "../../engine/trying/backtest";
import { type Folded, fold } from "../../engine/trying/fold";
import { readDefinition } from "../upgrades";
import { beginningOf, type JournalPages, PastScenes, type PastWorlds } from "./replay";

/** What is due by itself is woken within this time, and the record has that; where it has not, nothing was due then. */
const LATE_MS = 5 * 60_000;
/** Of what comes by itself in one pause of the record; a program that does not come to rest ends there. */
const MOST_MOMENTS = 10_000;

/** Whether an entry of the record is that somebody was woken for a moment, or comes before it. */
const sees = ({ input, at }: JournalEntry, moment: number): boolean =>
  at <= moment || (input?.kind === "time" && !input.jumps && at - moment <= LATE_MS);

/**
 * Tells the past of a user again as it would have been with an automation: as it was up to `tried.since`, and from then on
 * with the automation in every world. What would have come by itself in between comes at its time.
 * @param now up to when, ms
 * @param heard what came of an entry, or, where there is none, of a moment that the record does not have
 */
export async function tellWith(
  user: string,
  beginning: Beginning | null,
  pages: JournalPages,
  worlds: PastWorlds,
  { tried, now }: { tried: Tried; now: number },
  heard: (entry: JournalEntry | null, outcome: Outcome) => void,
): Promise<void> {
  const past: Folded = beginningOf(beginning);
  const plain = new PastScenes(worlds);
  const tries = new PastScenes({ ...worlds, at: async (stamp) => worldWith(await worlds.at(stamp), tried) });
  const names = new RunNames();
  const hear = (entry: JournalEntry | null, outcome: Outcome): void => {
    names.begun(outcome);
    heard(entry, outcome);
  };
  const letPass = async (at: number, stamp: number | undefined): Promise<void> => {
    const { state } = past;
    if (!state) return;
    const world = await tries.at(stamp, state.runs);
    const input: Played = { kind: "time", until: at };
    const outcome = play(state, user, { input, eventId: null, at }, world);
    past.state = outcome.state;
    hear(null, outcome);
  };
  /** What the school was at a moment: it may have been edited since the user was last heard of. */
  const stampAt = async (moment: number, since: number): Promise<number> =>
    Math.max(since, (await worlds.stampAt(moment)) ?? since);
  const passTo = async (until: number, next: JournalEntry | null): Promise<void> => {
    const { state } = past;
    // It is there from a moment on, whether or not anything happens then.
    if (state && state.clock < tried.since && tried.since <= until)
      await letPass(tried.since, await stampAt(tried.since, state.stamp));
    if (until < tried.since) return;
    let stamp = past.state?.stamp ?? 0;
    for (let moments = 0; past.state && moments < MOST_MOMENTS; ) {
      const at = nextMoment(past.state, await tries.at(stamp, past.state.runs), until);
      if (at === null || (next && sees(next, at))) return;
      const then = await stampAt(at, stamp);
      // What was switched off by then brings nothing about: it is asked again what comes next.
      if (then === stamp) await letPass(at, stamp);
      moments += then === stamp ? 1 : 0;
      stamp = then;
    }
  };
  for await (const entries of pages) {
    for (const entry of entries) {
      const { input } = entry;
      names.record(entry.facts);
      if (!input || entry.seq <= past.seq) {
        plain.learn(entry);
        tries.learn(entry);
        past.seq = Math.max(past.seq, entry.seq);
        continue;
      }
      await passTo(entry.at, entry);
      const isOn = entry.at >= tried.since;
      (isOn ? plain : tries).learn(entry);
      const world = await (isOn ? tries : plain).of(entry, past);
      const outcome = fold(past, user, { ...entry, input: names.input(input) }, world);
      if (outcome) hear(entry, outcome);
    }
  }
  await passTo(now, null);
}

/** What was tried of late, and how the school names courses then: many users are asked of the same one, one by one. */
const known = new Cache<{ tried: Tried; courseId: CourseId }>({ entries: 4 });

/** What is tried, compiled. @param courseId by which it names courses, whatever was written */
export function triedOf(call: TriedCall, courseId: CourseId): Tried {
  const { id, definition, version, since, activeSince } = call;
  const key = JSON.stringify([id, definition, version, since, activeSince]);
  const found = known.get(key);
  if (found && found.courseId === courseId) return found.tried;
  const program = compile(readDefinition(definition), version, courseId);
  return known.set(key, { tried: { id, program, since, activeSince }, courseId }).tried;
}
