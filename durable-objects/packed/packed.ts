import { removeEntry, setEntry } from "../../src/base/record";
import type { OutboxItem, Packed, Receipt } from "../../src/calls/shape";
import { channelOf } from "../../src/catalogue/channels";
import type { ToldName } from "../../src/catalogue/facts/told-names";
import { triggerValue, WORDS } from "../../src/catalogue/kinds";
import { tracedBy } from "../../src/engine/identity";
import { isLive, UNDONE } from "../../src/engine/runs";
import { PAUSED } from "../../src/engine/turns";
import type { Effects, LoggedRun } from "../../src/engine/types";
import { keepBack } from "../mail/suppressed";
import { takeChanges } from "../sending/changes";
import { finish, finishRecalled, type Posting, postDelivery } from "../sending/posting";
import { nothingTold } from "../telling/told";
import { LEAST, VERSION } from "./upgrades";

/*
 * Judgement about what lies packed, in plain functions: what a turn has brought about, and when there is more to do.
 */

/**
 * What lies packed of somebody new.
 * @param realNow changes are counted from it: whoever comes after an erasure is ahead of what is told late of before
 */
export const emptyPacked = (mode: "live" | "test", realNow: number): Packed => ({
  v: VERSION,
  ...(LEAST > 0 ? { least: LEAST } : {}),
  isLive: mode === "live",
  born: realNow,
  state: null,
  seq: realNow,
  outbox: {},
  ended: [],
  live: {},
  words: [],
  logSeq: 0,
  heardSeq: 0,
  told: nothingTold(),
  changes: [],
  touched: {},
  lineSeq: 0,
  toldSeq: 0,
  entries: [],
  inbox: [],
  mail: { known: null, left: [] },
  nextWake: null,
  prunedAt: realNow,
});

export const MAX_ONCE = 20;

/** Whether a change of this name was not made yet. */
export const isFirst = ({ once = [] }: Packed, name: string): boolean => !once.includes(name);

/** Notes that the change of this name is made. */
export function noteOnce(packed: Packed, name: string): void {
  packed.once = [...(packed.once ?? []), name].slice(-MAX_ONCE);
}

/** Reasons for which a run ends from outside: what it posted and nobody took yet stays here. */
const RECALLS = new Set([
  "exit_when",
  "exit_if",
  "restarted",
  "deleted",
  "automation_stopped",
  "undone",
  "merged",
  "user_deleted",
  PAUSED,
]);

/**
 * Takes up what a turn brought about: runs and deliveries for the log, and what is to leave.
 * @returns what is to be said of the changes of synchronous runs
 */
export function take(packed: Packed, effects: Effects, posting: Posting): Receipt[] {
  const seq = ++packed.seq;
  // Both before the runs: in their steps it is noted what stays here,
  keepBack(packed, effects, (key) => posting.suppressionOf(key));
  // and what the LMS knows no such thing of.
  const receipts = takeChanges(packed, effects, posting);
  if (effects.runs.size) packed.logSeq = seq;
  for (const run of effects.runs.values()) {
    if (isLive(run)) setEntry(packed.live, run.id, seq);
    else {
      removeEntry(packed.live, run.id);
      packed.ended.push({ seq, at: run.endedAt ?? run.startedAt, run: loggedOf(run) });
    }
    if (run.status === "cancelled" || (run.status === "exited" && RECALLS.has(run.reason ?? "")))
      recallRuns(packed, new Set([run.id]), posting.realNow, run.reason === UNDONE);
  }
  for (const delivery of effects.deliveries) postDelivery(packed, delivery, posting);
  for (const fact of effects.facts) {
    for (const kind of WORDS) {
      const value = triggerValue(kind, fact.data);
      if (value === undefined || posting.isKnownWord(kind, value)) continue;
      if (!packed.words.some((word) => word[0] === kind && word[1] === value))
        packed.words = [...packed.words, [kind, value, seq]];
    }
  }
  return receipts;
}

/** Notes names that D1 is to hear with the words of the turn, the last of each. */
export function noteNames(packed: Packed, names: readonly ToldName[], { isKnownWord }: Posting): void {
  for (const [kind, value, name] of names) {
    if (isKnownWord(kind, value, name)) continue;
    const others = packed.words.filter((word) => word[0] !== kind || word[1] !== value);
    packed.words = [...others, [kind, value, packed.seq, name]];
  }
}

/** What is kept of a run that has ended: no more than D1 is to hear. */
export const loggedOf = (run: LoggedRun): LoggedRun => ({
  id: run.id,
  automation: run.automation,
  version: run.version,
  revision: run.revision,
  status: run.status,
  reason: run.reason,
  synchronous: run.synchronous,
  trigger: run.trigger,
  eventId: run.eventId,
  ...tracedBy(run),
  startedAt: run.startedAt,
  endedAt: run.endedAt,
  waiting: run.waiting,
  steps: run.steps,
});

/** Of what runs posted: what we changed ourselves the LMS hears of, whatever becomes of the run. */
const postedBy = (packed: Packed, runs: ReadonlySet<string>): OutboxItem[] =>
  Object.values(packed.outbox).filter(
    ({ delivery }) => runs.has(delivery.run) && !channelOf(delivery.channel).staysOwn,
  );
const isInFlight = ({ isOut, leasedUntil }: OutboxItem, realNow: number): boolean =>
  isOut === true && leasedUntil > realNow;

/** The deliveries that taking back what runs posted would keep here. */
export const recallable = (packed: Packed, runs: ReadonlySet<string>, realNow: number): string[] =>
  postedBy(packed, runs).flatMap((item) => (isInFlight(item, realNow) ? [] : [item.delivery.id]));

/** Takes back what runs posted; a call in flight may end, and is the last. */
export function recallRuns(packed: Packed, runs: ReadonlySet<string>, realNow: number, isUndone: boolean): void {
  for (const item of postedBy(packed, runs)) {
    item.isRecalled = true;
    if (isUndone) item.isUndone = true;
    if (!isInFlight(item, realNow)) finishRecalled(packed, item);
  }
}

/**
 * D1 finds the rows of a user's log by what has ended here, which goes a day later than they do: whoever is erased
 * meanwhile is erased there too.
 */
export const ENDED_LONGER_MS = 86_400_000;

/**
 * Forgets what the school keeps no longer: what has ended and D1 has heard of, messages in the inbox, and what still waits
 * for a page of the user's to fetch it, which ends unsent. @param before by the school's clock, ms
 */
export function forgetOld(packed: Packed, before: number): void {
  packed.ended = packed.ended.filter(({ at, seq }) => at >= before - ENDED_LONGER_MS || seq > packed.heardSeq);
  packed.inbox = packed.inbox.filter(({ createdAt }) => createdAt >= before);
  for (const { delivery, dueAt, held } of Object.values(packed.outbox)) {
    if (dueAt === null && !held && delivery.createdAt < before) finish(packed, delivery, "suppressed", "expired");
  }
}

/** Whether some of it is older than a time. */
export const isOld = (packed: Packed, before: number): boolean =>
  packed.ended.some(({ at, seq }) => at < before - ENDED_LONGER_MS && seq <= packed.heardSeq) ||
  packed.inbox.some(({ createdAt }) => createdAt < before) ||
  Object.values(packed.outbox).some(
    ({ delivery, dueAt, held }) => dueAt === null && !held && delivery.createdAt < before,
  );

/** Whether runs wait for the queue to come by. */
export const hasQueued = (packed: Packed): boolean =>
  packed.state?.runs.some((run) => run.status === "queued") ?? false;

/**
 * When the user's own affairs want a look, real time: runs, waits, deliveries.
 * @param leaseEnd when what leaves with this turn is looked after again, for a message that gets lost
 * @param pausedUntil before which no message leaves: the school is paused
 */
export function wakesOf(packed: Packed, leaseEnd: number, realNow: number, pausedUntil = 0): number[] {
  // A test school's time passes when its clock is moved.
  const wait = packed.isLive ? packed.nextWake : null;
  const deliveries = Object.values(packed.outbox).flatMap(({ dueAt, delivery }) => {
    if (dueAt === null) return [];
    const at = dueAt <= realNow ? leaseEnd : dueAt;
    return [channelOf(delivery.channel).staysOwn ? at : Math.max(at, pausedUntil)];
  });
  return [...(hasQueued(packed) ? [leaseEnd] : wait === null ? [] : [wait]), ...deliveries];
}
