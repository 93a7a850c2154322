import type { LogBatch } from "../src/calls/batch";
import type { Packed, Told } from "../src/calls/shape";
import { type ChannelName, channelOf } from "../src/catalogue/channels";
import { isEnrolled } from "../src/catalogue/enrolment/change";
import { type Learner, triggerValue } from "../src/catalogue/facts";
import { tagKey } from "../src/catalogue/tags/change";
import { isLive } from "../src/engine/runs";
import type { Delivery, Effects, LoggedRun, Run, UserState } from "../src/engine/types";
import type { School } from "../src/world/snapshot";
import { VERSION } from "./upgrades";

/*
 * Judgement about what lies packed, in plain functions: what must leave, what must be told to D1.
 */

const DAY_MS = 86_400_000;
const MAX_INBOX = 200;

/**
 * What lies packed of somebody new.
 * @param realNow changes are counted from it: whoever comes after an erasure is ahead of what is told late of before
 */
export const emptyPacked = (mode: "live" | "test", realNow: number): Packed => ({
  v: VERSION,
  isLive: mode === "live",
  born: realNow,
  state: null,
  outbox: {},
  runs: {},
  deliveries: {},
  words: [],
  entries: [],
  told: nothingTold(),
  toldSeq: 0,
  seq: realNow,
  inbox: [],
  nextWake: null,
  prunedAt: realNow,
});

export const nothingTold = (): Told => ({ attributes: "", marks: [], activity: {}, nextWake: null });

const MAX_ONCE = 20;

/** Whether a change of this name was not made yet; notes that it now is. */
export function isFirst(packed: Packed, name: string): boolean {
  const made = packed.once ?? [];
  if (made.includes(name)) return false;
  packed.once = [...made, name].slice(-MAX_ONCE);
  return true;
}

/** Reasons for which a run ends from outside: what it posted and nobody took yet stays here. */
const RECALLS = new Set(["exit_when", "exit_if", "restarted", "deleted", "automation_stopped"]);

export interface Posting {
  /** Real time. */
  realNow: number;
  mode: "live" | "test";
  /** Whether deliveries by a channel wait for the page. */
  waitsForPage(channel: ChannelName): boolean;
  /** Words the isolate knows to be in the vocabulary. */
  isKnownWord(kind: string, value: string): boolean;
}

/** How the effects of a turn leave a school. */
export function postingOf(school: School, isKnown: (school: string, kind: string, value: string) => boolean): Posting {
  const { connectors } = school.settings;
  return {
    realNow: Date.now(),
    mode: school.mode,
    waitsForPage: (channel) => channelOf(channel).waitsForPage?.(connectors[channel] ?? null) ?? false,
    isKnownWord: (kind, value) => isKnown(school.id, kind, value),
  };
}

/** Takes up what a turn brought about: runs and deliveries for the log, and what is to leave. */
export function take(packed: Packed, effects: Effects, posting: Posting): void {
  const seq = ++packed.seq;
  for (const run of effects.runs.values()) {
    packed.runs[run.id] = { seq, run: isLive(run) ? null : loggedOf(run) };
    if (run.status === "cancelled" || (run.status === "exited" && RECALLS.has(run.reason ?? "")))
      recall(packed, run, posting.realNow);
  }
  for (const delivery of effects.deliveries) postDelivery(packed, delivery, posting);
  for (const fact of effects.facts) {
    for (const kind of WORDS) {
      const value = triggerValue(kind, fact.data);
      if (value === undefined || posting.isKnownWord(kind, value)) continue;
      if (!packed.words.some((word) => word[0] === kind && word[1] === value)) packed.words.push([kind, value, seq]);
    }
  }
}

/** What is written with every event until D1 has heard of it: no more than D1 is to hear. */
const loggedOf = (run: Run): LoggedRun => ({
  id: run.id,
  automation: run.automation,
  version: run.version,
  revision: run.revision,
  status: run.status,
  reason: run.reason,
  synchronous: run.synchronous,
  trigger: run.trigger,
  eventId: run.eventId,
  startedAt: run.startedAt,
  endedAt: run.endedAt,
  waiting: run.waiting,
  steps: run.steps,
});

const WORDS = [
  "tag",
  "course",
  "bundle",
  "subscription",
  "group",
  "seat",
  "form",
  "assessment",
  "exam",
  "certificate",
  "activity",
  "coupon",
];

/** Takes back what a run posted; a call in flight may end, and is the last. */
function recall(packed: Packed, run: Run, realNow: number): void {
  for (const item of Object.values(packed.outbox)) {
    if (item.delivery.run !== run.id) continue;
    if (item.isOut && item.leasedUntil > realNow) item.isRecalled = true;
    else finish(packed, item.delivery, "suppressed", "exited");
  }
}

function postDelivery(packed: Packed, delivery: Delivery, posting: Posting): void {
  const { staysHere } = channelOf(delivery.channel);
  if (staysHere) packed.inbox = [...packed.inbox, delivery].slice(-MAX_INBOX);
  if (delivery.status !== "queued") return finish(packed, delivery, delivery.status, delivery.reason);
  if (posting.mode === "test" || staysHere) {
    delivery.attempts.push({ at: delivery.createdAt, ok: true });
    return finish(packed, delivery, posting.mode === "test" ? "captured" : "sent");
  }
  packed.outbox[delivery.id] = {
    delivery,
    dueAt: posting.waitsForPage(delivery.channel) ? null : posting.realNow,
    leasedUntil: 0,
    firstAt: null,
  };
  packed.deliveries[delivery.id] = { seq: packed.seq, delivery };
}

/** Settles a delivery: it leaves the outbox and goes to the log. */
export function finish(packed: Packed, delivery: Delivery, status: Delivery["status"], reason?: string): void {
  delete packed.outbox[delivery.id];
  const settled = { ...delivery, status, ...(reason === undefined ? {} : { reason }) };
  packed.deliveries[delivery.id] = { seq: ++packed.seq, delivery: settled };
}

// ---- The directory ----

const attributesOf = (learner: Learner): string =>
  JSON.stringify([learner.email, learner.username, learner.registeredAt, learner.knownAt]);

function marksOf(learner: Learner): string[] {
  const mark = (kind: string) => (value: string) => JSON.stringify([kind, value]);
  return [
    ...learner.tags.map(tagKey).map(mark("tag")),
    ...learner.segments.map(mark("segment")),
    ...learner.enrolments.flatMap((one) =>
      one.type === "course" && isEnrolled(learner, "course", one.product) ? [mark("course")(one.product)] : [],
    ),
    ...learner.groups.map((one) => mark("group")(one.group)),
  ];
}

/** Since when the user is away by scope, and when trials end. */
function activityOf(learner: Learner): Record<string, number> {
  const found: Record<string, number> = {};
  const note = (scope: string, subject: string, at: number): void => {
    found[JSON.stringify([scope, subject])] = at;
  };
  note("school", "", learner.lastSeen.school?.at ?? learner.registeredAt);
  note("app", "", learner.lastSeen.app?.at ?? learner.registeredAt);
  for (const one of learner.enrolments) {
    if (one.type !== "course") continue;
    const seen = Object.hasOwn(learner.lastSeen.courses, one.product)
      ? learner.lastSeen.courses[one.product]
      : undefined;
    const app = Object.hasOwn(learner.lastSeen.appCourses, one.product)
      ? learner.lastSeen.appCourses[one.product]
      : undefined;
    note("course", one.product, seen?.at ?? one.enrolledAt);
    note("app_course", one.product, app?.at ?? one.enrolledAt);
  }
  for (const [subscription, trial] of Object.entries(learner.trials)) {
    if (!trial.canceled) note("trial", subscription, trial.endsAt);
  }
  return found;
}

const toldOf = (state: UserState, nextWake: number | null): Told => ({
  attributes: attributesOf(state.learner),
  marks: marksOf(state.learner),
  activity: activityOf(state.learner),
  nextWake,
});

/** Whether the directory must hear of the user again: activity at most daily, as scans go by days. */
export function isUntold(packed: Packed, exact: boolean): boolean {
  if (!packed.state) return false;
  const { told } = packed;
  const now = toldOf(packed.state, packed.nextWake);
  if (now.attributes !== told.attributes || now.marks.join() !== told.marks.join()) return true;
  if (
    exact
      ? now.nextWake !== told.nextWake
      : now.nextWake !== null && (told.nextWake === null || now.nextWake < told.nextWake)
  )
    return true;
  const keys = Object.keys(now.activity);
  if (keys.length !== Object.keys(told.activity).length) return true;
  const step = exact ? 0 : DAY_MS;
  return keys.some((key) => {
    const before = told.activity[key];
    const at = now.activity[key] ?? 0;
    return before === undefined || at < before || at - before > step;
  });
}

export const hasLog = (packed: Packed): boolean =>
  Object.keys(packed.runs).length > 0 || Object.keys(packed.deliveries).length > 0 || packed.words.length > 0;

/** All that D1 has not heard yet, and what the directory knows once it has. */
export function logBatch(
  packed: Packed,
  school: string,
  user: string,
  exact: boolean,
): { batch: LogBatch; told: Told } | null {
  const { state } = packed;
  if (!state) return null;
  const untold = isUntold(packed, exact);
  if (!untold && !hasLog(packed)) return null;
  const told = untold ? toldOf(state, packed.nextWake) : packed.told;
  const live = new Map(state.runs.map((run) => [run.id, run]));
  const { learner } = state;
  return {
    told,
    batch: {
      school,
      user,
      seq: packed.seq,
      runs: Object.entries(packed.runs).flatMap(([id, { run }]) => run ?? live.get(id) ?? []),
      deliveries: Object.values(packed.deliveries).map(({ delivery }) => delivery),
      words: packed.words,
      directory: untold
        ? {
            createdAt: learner.knownAt,
            email: learner.email,
            username: learner.username,
            registeredAt: learner.registeredAt,
            nextWake: packed.nextWake,
            marksAdded: told.marks.filter((mark) => !packed.told.marks.includes(mark)),
            marksRemoved: packed.told.marks.filter((mark) => !told.marks.includes(mark)),
            activity: Object.entries(told.activity).filter(([key, at]) => packed.told.activity[key] !== at),
            activityRemoved: Object.keys(packed.told.activity).filter((key) => !(key in told.activity)),
          }
        : null,
    },
  };
}

/** Forgets what D1 has heard up to a change. */
export function heard(packed: Packed, seq: number, told: Told | undefined): void {
  for (const [id, entry] of Object.entries(packed.runs)) if (entry.seq <= seq) delete packed.runs[id];
  for (const [id, entry] of Object.entries(packed.deliveries)) if (entry.seq <= seq) delete packed.deliveries[id];
  packed.words = packed.words.filter((word) => word[2] > seq);
  // Batches may be written out of their order; the directory keeps the newest.
  if (!told || seq < packed.toldSeq) return;
  packed.told = told;
  packed.toldSeq = seq;
}

/** Whether runs wait for the queue to come by. */
export const hasQueued = (packed: Packed): boolean =>
  packed.state?.runs.some((run) => run.status === "queued") ?? false;

/**
 * When the user's own affairs want a look, real time: runs, waits, deliveries.
 * @param leaseEnd when what leaves with this turn is looked after again, for a message that gets lost
 */
export function wakesOf(packed: Packed, leaseEnd: number, realNow: number): number[] {
  // A test school's time passes when its clock is moved.
  const wait = packed.isLive ? packed.nextWake : null;
  const deliveries = Object.values(packed.outbox).flatMap(({ dueAt }) => dueAt ?? []);
  return [
    ...(hasQueued(packed) ? [leaseEnd] : wait === null ? [] : [wait]),
    ...deliveries.map((dueAt) => (dueAt <= realNow ? leaseEnd : dueAt)),
  ];
}
