import type { JournalEntry, Packed, Page } from "../../src/calls/shape";
import type { UndoAsked, Undone } from "../../src/calls/undo";
import type { SchoolReference } from "../../src/calls/user";
import { channelOf } from "../../src/catalogue/channels";
import { isSaidToUser, writesProfile } from "../../src/catalogue/facts/changes";
import { play } from "../../src/engine/play";
import { isLive, noteUndo, UNDO_STEP, UNDONE } from "../../src/engine/runs";
import type { Delivery, LoggedRun } from "../../src/engine/types";
import { type Aftermath, aftermathOf, givenSince, notCallable } from "../../src/engine/undo/undo";
import { ownRuns } from "../own";
import { endedRun, writeEndedAnew } from "../packed/ended";
import { loggedOf, recallable, recallRuns } from "../packed/packed";
import type { UserParts } from "../parts";
import type { TurnScene } from "../scene";
import { changeOf } from "../sending/changes";
import { finish } from "../sending/posting";
import { hasLater } from "../sending/receipts";

/* The turn in which runs are undone, or it is told what that would do. */

type Parts = Pick<UserParts, "store" | "turns" | "clock" | "place">;
type Answer = Extract<Undone, { runs: string[] }>;

/** So many runs of an automation are undone in one turn. */
const SHARE = 200;
const ALL = 100_000;
/** What became of a delivery that has left. */
const LEFT: ReadonlySet<string> = new Set(["sent", "captured"]);

/** Whether it waits for somebody to have it sent, as there was no way out. What the LMS is told has an order of its own. */
const isKept = ({ status, channel }: Delivery): boolean => status === "not_sent" && !channelOf(channel).staysOwn;

/** Whether somebody may have it sent after all. It stays one that failed, and is sent no more. */
const isFailed = ({ status, reason }: Delivery): boolean => status === "failed" && reason !== UNDONE;

/** A message that goes by the LMS is a message: all else of the LMS's says how something is to be. */
const isMessage = (delivery: Delivery): boolean =>
  !channelOf(delivery.channel).staysOwn || isSaidToUser(changeOf(delivery).type);

/**
 * Whether nobody is to tell the LMS of a change that failed: it is overtaken by what took it back, or by what somebody
 * wrote since, without which a profile would have it back. What others gave too is still to be told.
 */
const isOvertaken = (store: Parts["store"], packed: Packed, failed: Delivery): boolean =>
  writesProfile(changeOf(failed).type) || hasLater({ load: () => packed, ended: store.ended.bind(store) }, failed);

export async function undo(parts: Parts, reference: SchoolReference, asked: UndoAsked): Promise<Undone> {
  let isIdle = true;
  const take = (packed: Packed, scene: TurnScene): Undone => {
    const meant = runsMeant(parts, packed, asked);
    if (typeof meant === "string") return { none: meant };
    const after = aftermathOf(
      entriesSince(parts, Math.min(...meant.map((run) => run.startedAt))),
      meant.map(({ id }) => id),
    );
    const ids = [...meant.map(({ id }) => id), ...(asked.chain ? after.chained : [])];
    const done = carryOut(parts, packed, scene, ids, asked, after);
    isIdle = done.isIdle;
    for (const id of asked.chain ? [] : after.chained) done.told.stays.push({ kind: "run", id, why: "chained" });
    return done.told;
  };
  const done = await parts.turns.change(reference, false, take, { isIdle: () => isIdle });
  return done ?? { none: parts.store.load()?.movedTo === undefined ? "unkept" : "moved" };
}

function runsMeant({ store }: Parts, packed: Packed, { run, all }: UndoAsked): LoggedRun[] | "unkept" | "not_first" {
  if (!all) {
    const found = packed.state?.runs.find(({ id }) => id === run) ?? endedRun(store, packed, run);
    return found ? [found] : "unkept";
  }
  const own = ownRuns(store, { ...all, newestFirst: false, limit: ALL });
  const place = own.findIndex(({ id }) => id === run);
  if (place < 0) return "unkept";
  return place % SHARE === 0 ? own.slice(place, place + SHARE) : "not_first";
}

const isNoted = ({ steps }: LoggedRun): boolean => steps.some(({ step_id }) => step_id === UNDO_STEP);

/** Notes of a run that it was undone: one that failed, and could go on from there, goes on no more. */
const noteUndone = (packed: Packed, run: LoggedRun, by: string | null, at: number): void =>
  writeEndedAnew(packed, run, (again) => {
    if (again.status === "failed") again.reason = UNDONE;
    noteUndo(again, by, at);
  });

/** The newest entries of the journal, back to a moment. */
function* entriesSince({ store }: Parts, since: number): Generator<JournalEntry> {
  for (const entries of pagesBack((before) => store.entries({ before, newestFirst: true }))) {
    yield* entries;
    if ((entries.at(-1)?.at ?? 0) < since) return;
  }
}

function* pagesBack<Item>(read: (before: number | undefined) => Page<Item>): Generator<Item[]> {
  for (let before: number | undefined; ; ) {
    const { items, next } = read(before);
    yield items;
    if (next === null) return;
    before = next;
  }
}

function carryOut(
  { store, turns, clock, place }: Parts,
  packed: Packed,
  scene: TurnScene,
  ids: readonly string[],
  { isDry, origin, hand = null }: UndoAsked,
  { returned }: Aftermath,
): { told: Answer; isIdle: boolean } {
  const input = { kind: "undo", runs: ids, quiet: true, origin } as const;
  const meant = new Set(ids);
  const waiting = recallable(packed, meant, clock());
  const at = Math.max(scene.now, packed.state?.clock ?? 0);
  const outcome = isDry
    ? { ...play(structuredClone(packed.state), place.user, { input, eventId: null, at }, scene.world), isIdle: true }
    : turns.happen(packed, scene, input);
  if (!isDry) recallRuns(packed, meant, clock(), true);
  const kept: Delivery[] = [];
  const failed: Delivery[] = [];
  const changes: Delivery[] = [];
  const ended = new Set<string>();
  const runs = new Map<string, LoggedRun>();
  const left = new Set<string>();
  const leaves = ({ run, step }: Delivery): void => void left.add(JSON.stringify([run, step]));
  for (const items of pagesBack((before) => store.ended({ before, newestFirst: true }))) {
    for (const one of items) {
      // The newest of one that was begun again comes first.
      if ("run" in one && meant.has(one.run.id) && !runs.has(one.run.id)) runs.set(one.run.id, one.run);
      if (!("delivery" in one) || !meant.has(one.delivery.run)) continue;
      if (LEFT.has(one.delivery.status)) leaves(one.delivery);
      // Likewise of one that was sent again.
      const isNewest = !ended.has(one.delivery.id) && !packed.outbox[one.delivery.id];
      ended.add(one.delivery.id);
      if (isNewest && isKept(one.delivery)) kept.push(one.delivery);
      if (isNewest && isFailed(one.delivery)) (isMessage(one.delivery) ? failed : changes).push(one.delivery);
    }
  }
  if (!isDry) {
    for (const delivery of kept) finish(packed, delivery, "suppressed", UNDONE);
    const overtaken = changes.filter((one) => isOvertaken(store, packed, one));
    for (const delivery of [...failed, ...overtaken]) finish(packed, delivery, "failed", UNDONE);
  }
  const recalled = [...waiting, ...[...kept, ...failed].map(({ id }) => id)];
  for (const { delivery } of Object.values(packed.outbox))
    if (meant.has(delivery.run) && !recalled.includes(delivery.id)) leaves(delivery);
  for (const run of [...outcome.state.runs, ...outcome.before.runs.values(), ...outcome.effects.runs.values()])
    if (meant.has(run.id)) runs.set(run.id, run);
  const { takes, stays } = outcome.effects.undone ?? { takes: [], stays: [] };
  const logs = [...runs.values()];
  const unnoted = isDry ? [] : logs.filter((run) => !isLive(run) && !isNoted(run));
  for (const run of unnoted) noteUndone(packed, loggedOf(run), hand, at);
  return {
    told: {
      runs: [...ids],
      takes: [...takes, ...recalled.map((id) => ({ kind: "delivery" as const, id }))],
      stays: [...stays, ...givenSince(outcome.state.learner, logs, { takes, stays }, returned)],
      not_callable: notCallable(logs, (run, step) => left.has(JSON.stringify([run, step]))),
    },
    isIdle: isDry || (outcome.isIdle === true && !recalled.length && !unnoted.length),
  };
}
