import type { JournalEntry } from "../../src/calls/shape";
import type { SchoolReference } from "../../src/calls/user";
import type { Backtested, Missed, TriedCall } from "../../src/calls/what-if";
import { wouldStart } from "../../src/engine/step";
import { type Firing, firingsIn, worldWith } from "../../src/engine/trying/backtest";
import { unmetBy, type Why } from "../../src/engine/trying/why";
import type { Decision, World } from "../../src/engine/types";
import { tellWith, triedOf } from "../../src/world/past/what-if";
import { ownRuns } from "../own";
import type { UserParts } from "../parts";

/* The user's past, told again where it lies with an automation that is tried. Nothing here is changed by it. */

type Parts = Pick<UserParts, "store" | "turns" | "place" | "source">;

/** So many of the starts are told of. */
const MOST_TOLD = 5;

/** @param read hears of each entry of the record before it is told */
async function tell(
  { store, turns, place, source }: Parts,
  reference: SchoolReference,
  call: TriedCall,
  hear: (firing: Firing) => void,
  read: (entry: JournalEntry) => void = () => {},
) {
  const packed = store.load();
  if (!packed?.state || packed.movedTo !== undefined) return null;
  const { school, world, now } = await turns.scene(reference);
  const tried = triedOf(call, world.school.courseId);
  const beginning = store.beginning();
  const past = source.past(school);
  const asked = { tried, now: Math.max(now, packed.state.clock) };
  await tellWith(place.user, beginning, entriesOf(store, read), past, asked, (_, outcome) => {
    for (const firing of firingsIn(outcome, call.id)) if (firing.at >= call.since) hear(firing);
  });
  return { since: Math.max(call.since, beginning?.state?.clock ?? 0), tried, world, now, past };
}

/** Page by page as they are told: in between others may call. */
function* entriesOf(store: Parts["store"], read: (entry: JournalEntry) => void): Generator<JournalEntry[]> {
  for (let after: number | undefined; ; ) {
    const { items, next } = store.entries({ after });
    for (const entry of items) read(entry);
    yield items;
    if (next === null) return;
    after = next;
  }
}

export async function backtest(parts: Parts, reference: SchoolReference, call: TriedCall): Promise<Backtested | null> {
  const starts: number[] = [];
  let last: Firing[] = [];
  let tookOver = false;
  const told = await tell(
    parts,
    reference,
    call,
    (firing) => {
      starts.push(firing.at);
      // What it is made of is the engine's, and goes on being so.
      last = [...last, structuredClone(firing)].slice(-MOST_TOLD);
    },
    (entry) => {
      tookOver ||= takesOver(entry, call);
    },
  );
  return told && { starts, last, since: told.since, tookOver };
}

export async function missed(parts: Parts, reference: SchoolReference, call: TriedCall): Promise<Missed | null> {
  const decided = new Map<string, Decision>();
  const keyOf = ({ type, data, at }: Firing["fact"]): string => JSON.stringify([type, data, at]);
  const stamps: { at: number; eventId: string | null; stamp: number | undefined }[] = [];
  let last: Firing | undefined;
  let tookOver = false;
  const told = await tell(
    parts,
    reference,
    call,
    (firing) => {
      last = structuredClone(firing);
    },
    (entry) => {
      tookOver ||= takesOver(entry, call);
      stamps.push({ at: entry.at, eventId: entry.eventId, stamp: entry.stamp });
      for (const fact of entry.facts)
        for (const one of fact.decisions) if (one.automation === call.id) decided.set(keyOf(fact), one);
    },
  );
  const state = parts.store.load()?.state;
  if (!told || !state) return null;
  const answer = { since: told.since, tookOver };
  if (!last) return { ...answer, missed: null };
  const { fact: meant, eventId, at } = last;
  const [ran] = ownRuns(parts.store, { automation: call.id, since: at, newestFirst: true, limit: 1 });
  const fact = { ...meant, eventId };
  if (ran || !wouldStart(state, worldWith(told.world, told.tried), told.now, call.id, fact))
    return { ...answer, missed: null };
  const known = decided.get(keyOf(meant));
  if (known) {
    const { automation: _, run: __, ...why } = known;
    return { ...answer, missed: { fact, at, why } };
  }
  const heard = stamps.findLast((one) => one.at === at && one.eventId === eventId && one.stamp !== undefined);
  const then = await told.past.at(heard?.stamp ?? (await told.past.stampAt(at)));
  return { ...answer, missed: { fact, at, why: silence(then, call.id, meant) } };
}

/** Of a fact of which nothing was decided: the automation was not there, or meant something else, or was off. */
function silence(then: World, id: string, fact: Firing["fact"]): Why {
  const automation = then.byId.get(id);
  if (!automation) return { stopped_by: "not_there" };
  const { active, program } = automation;
  // In the order in which it would have been judged, as why tells it.
  return unmetBy(program, fact, !active) ?? { stopped_by: active ? "trigger" : "inactive" };
}

/** Whether somebody was taken over in the days that are asked about: what that one lived is not told again. */
const takesOver = ({ at, input }: JournalEntry, { since }: TriedCall): boolean =>
  at >= since && (input?.kind === "merge" || input?.kind === "given");
