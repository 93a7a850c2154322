import { recalling } from "../../src/base/cache";
import { entry, removeEntry, setEntry } from "../../src/base/record";
import { type LogBatch, RECORD, type UntoldItem } from "../../src/calls/batch";
import type { Ended, LastTold, Packed, Page } from "../../src/calls/shape";
import type { UserPlace } from "../../src/calls/user";
import type { Watch } from "../../src/catalogue/define";
import { isActive } from "../../src/catalogue/enrolment/change";
import { movesBetweenUsers, recordsOf } from "../../src/catalogue/enrolment/roster";
import type { Learner } from "../../src/catalogue/facts/facts";
import { wordKey } from "../../src/catalogue/kinds";
import { tagKey } from "../../src/catalogue/tags/key";
import type { Delivery, LoggedRun, UserState } from "../../src/engine/types";
import { allTouched, asTold } from "./as-told";

/*
 * What of what lies packed D1 is to hear: the log, and the user's line in the directory where it differs from what the
 * directory was last told.
 */

const DAY_MS = 86_400_000;

export const nothingTold = (): LastTold => ({ attributes: "", marks: [], activity: {}, nextWake: null });

const attributesOf = (learner: Learner): string =>
  JSON.stringify([learner.email, learner.username, learner.registeredAt, learner.knownAt]);

/** Pairs as the directory's keys write them: made of the same few thousand texts at each event. */
const keysOf = (kind: string): ((value: string) => string) =>
  recalling((value) => JSON.stringify([kind, value]), 20_000);
const KEYS = {
  tag: keysOf("tag"),
  segment: keysOf("segment"),
  course: keysOf("course"),
  group: keysOf("group"),
  app_course: keysOf("app_course"),
  trial: keysOf("trial"),
};
const keyOf = (kind: keyof typeof KEYS, value: string): string => KEYS[kind](value);

/** What the user is listed and found by. */
function* marksOf({ learner, ahead = [] }: UserState): Generator<string> {
  for (const tag of learner.tags) yield keyOf("tag", tagKey(tag));
  for (const segment of learner.segments) yield keyOf("segment", segment);
  for (const one of learner.enrolments) {
    if (one.type === "course" && one.sources.some(isActive)) yield keyOf("course", one.product);
  }
  for (const { group } of learner.groups) yield keyOf("group", group);
  for (const record of new Set([...recordsOf(learner), ...ahead.map(({ id }) => id)]))
    if (movesBetweenUsers(record)) yield JSON.stringify([RECORD, record]);
}

/** The keys of activity that has no subject. */
const SEEN = { school: JSON.stringify(["school", ""]), app: JSON.stringify(["app", ""]) };
const IS_SEEN = new Set(Object.values(SEEN));

type Scope = Watch["scope"];
type Activity = [key: string, at: number];
/** What the user did, and of which of it the directory hears. */
type Active = Pick<Packed, "told"> & { state: UserState; watched: Packed["watched"] | undefined };

/**
 * Activity as the directory is to know it. Of what no automation watches it hears nothing; what it heard while one did
 * stands there as it was, and is told anew once that is watched again.
 */
function* asHeard(scope: Scope, { told, watched }: Active, activity: Iterable<Activity>): Generator<Activity> {
  // By the last visit the school's retention finds who is to be forgotten.
  const isHeard = scope === "school" || (watched?.includes(scope) ?? true);
  for (const [key, at] of activity) {
    const stands = isHeard ? at : told.activity[key];
    if (stands !== undefined) yield [key, stands];
  }
}

/** Since when the user is away from the school, and from its app. */
function* awayOf(active: Active): Generator<Activity> {
  const { lastSeen, registeredAt } = active.state.learner;
  yield* asHeard("school", active, [[SEEN.school, lastSeen.school?.at ?? registeredAt]]);
  yield* asHeard("app", active, [[SEEN.app, lastSeen.app?.at ?? registeredAt]]);
}

/** Since when the user is away by scope, and when trials end. */
function* activityOf(active: Active): Generator<Activity> {
  const { lastSeen, enrolments, trials } = active.state.learner;
  yield* awayOf(active);
  const courses = enrolments.filter(({ type }) => type === "course");
  const since = (scope: "course" | "app_course", visits: Learner["lastSeen"]["courses"]) =>
    courses.map(
      ({ product, enrolledAt }): Activity => [keyOf(scope, product), entry(visits, product)?.at ?? enrolledAt],
    );
  yield* asHeard("course", active, since("course", lastSeen.courses));
  yield* asHeard("app_course", active, since("app_course", lastSeen.appCourses));
  const ends = Object.entries(trials).flatMap(([subscription, { canceled, endsAt }]): Activity[] =>
    canceled ? [] : [[keyOf("trial", subscription), endsAt]],
  );
  yield* asHeard("trial", active, ends);
}

const toldOf = (active: Active, nextWake: number | null): LastTold => ({
  attributes: attributesOf(active.state.learner),
  marks: [...marksOf(active.state)],
  activity: Object.fromEntries(activityOf(active)),
  nextWake,
});

/** Whether the directory must hear of the user again: activity at most daily, as scans go by days. */
export function isUntold(packed: Packed, exact: boolean): boolean {
  const { state, told, watched, touched, changes, nextWake } = packed;
  if (!state) return false;
  const { learner } = state;
  const active = { state, told, watched };
  // By the user's line it is known that the feed has the changes.
  if (changes.length || attributesOf(learner) !== told.attributes || Object.keys(touched).length) return true;
  if (exact ? nextWake !== told.nextWake : nextWake !== null && (told.nextWake === null || nextWake < told.nextWake))
    return true;
  const step = exact ? 0 : DAY_MS;
  const isNews = ([key, at]: Activity): boolean => {
    const before = told.activity[key];
    return before === undefined || at < before || at - before > step;
  };
  if (!exact && asTold.holds(active)) return [...awayOf(active)].some(isNews);
  let marks = 0;
  for (const mark of marksOf(state)) if (told.marks[marks++] !== mark) return true;
  if (marks !== told.marks.length) return true;
  let times = 0;
  for (const one of activityOf(active)) {
    times++;
    if (isNews(one)) return true;
  }
  if (times !== Object.keys(told.activity).length) return true;
  if (!exact) asTold.note(active);
  return false;
}

const MARK = "m";
const ACTIVITY = "a";

/**
 * Notes which marks and activity differ from what the directory was told, came or went. Each stands there since it first
 * did: once that was told, what became of it since differs from what was told.
 */
export function noteTouched(packed: Packed): void {
  const { state, told, watched, touched, seq } = packed;
  if (!state || allTouched.holds({ state, told, watched })) return;
  const note = (key: string) => {
    if (entry(touched, key) === undefined) setEntry(touched, key, seq);
  };
  const before = new Set(told.marks);
  for (const mark of marksOf(state)) if (!before.delete(mark)) note(MARK + mark);
  for (const mark of before) note(MARK + mark);
  const left = new Set(Object.keys(told.activity));
  for (const [key] of activityOf({ state, told, watched })) if (!left.delete(key)) note(ACTIVITY + key);
  for (const key of left) note(ACTIVITY + key);
  allTouched.note({ state, told, watched });
}

const touchedOf = ({ touched }: Packed, what: string): string[] =>
  Object.keys(touched).flatMap((key) => (key.startsWith(what) ? [key.slice(what.length)] : []));

/** Whether runs, deliveries or words are there of which D1 has not heard. */
export const hasLog = (packed: Packed): boolean => packed.logSeq > packed.heardSeq || packed.words.length > 0;

/**
 * All that D1 has not heard yet, and what the directory knows once it has.
 * @param ended runs and deliveries that have ended since D1 heard last; where those are not all, `next`: it hears of no
 * later change before it has heard of them
 */
export function logBatch(
  packed: Packed,
  place: UserPlace,
  exact: boolean,
  { items, next }: Page<Ended>,
): { batch: LogBatch; told: LastTold | null } | null {
  const { state, watched, heardSeq } = packed;
  if (!state) return null;
  const untold = next === null && isUntold(packed, exact);
  if (!untold && !hasLog(packed)) return null;
  const seq = next ?? packed.seq;
  const isNews = (one: number | undefined): boolean => one !== undefined && one > heardSeq && one <= seq;
  const told = untold ? toldOf({ state, told: packed.told, watched }, packed.nextWake) : packed.told;
  // One that was begun again has ended more than once: the last stands.
  const runs = new Map<string, LoggedRun>();
  const deliveries = new Map<string, Delivery>();
  for (const one of items) {
    if (one.isOwn) continue;
    if ("run" in one) runs.set(one.run.id, one.run);
    else deliveries.set(one.delivery.id, one.delivery);
  }
  for (const { id } of state.runs) runs.delete(id);
  for (const item of Object.values(packed.outbox))
    if (isNews(item.seq)) deliveries.set(item.delivery.id, item.delivery);
  const { learner } = state;
  const now = new Set(told.marks);
  const before = new Set(packed.told.marks);
  // Of these it is not known whether D1 has them.
  for (const mark of touchedOf(packed, MARK)) {
    if (now.has(mark)) before.delete(mark);
    else before.add(mark);
  }
  const isTouched = new Set(touchedOf(packed, ACTIVITY));
  return {
    told: untold ? told : null,
    batch: {
      ...place,
      seq,
      ended: [...runs.values()],
      live: state.runs.filter((run) => isNews(packed.live[run.id])),
      deliveries: [...deliveries.values()],
      words: packed.words.filter((word) => word[2] <= seq),
      ...(untold && packed.changes.length ? { changes: packed.changes } : {}),
      directory: untold
        ? {
            createdAt: learner.knownAt,
            email: learner.email,
            username: learner.username,
            registeredAt: learner.registeredAt,
            nextWake: packed.nextWake,
            marksAdded: told.marks.filter((mark) => !before.has(mark)),
            marksRemoved: [...before].filter((mark) => !now.has(mark)),
            seenAt: told.activity[SEEN.school] ?? learner.registeredAt,
            appSeenAt: told.activity[SEEN.app] ?? null,
            activity: Object.entries(told.activity).filter(
              ([key, at]) => (isTouched.has(key) || packed.told.activity[key] !== at) && !IS_SEEN.has(key),
            ),
            activityRemoved: [...new Set([...Object.keys(packed.told.activity), ...isTouched])].filter(
              (key) => !(key in told.activity),
            ),
          }
        : null,
    },
  };
}

/** What the directory knows once it has heard of the user as of now. */
export const nowTold = ({ state, nextWake, told, watched }: Packed): LastTold =>
  state ? toldOf({ state, told, watched }, nextWake) : told;

/** What D1 has not heard of for certain, one by one; null: it is not to be asked, there is more than that, or a name. */
export function untoldItems(packed: Packed, { items, next }: Page<Ended>, owesLine: boolean): UntoldItem[] | null {
  const { state, heardSeq } = packed;
  if (!state || next !== null || packed.words.some((word) => word[3] !== undefined)) return null;
  const live = state.runs.flatMap(({ id }): UntoldItem[] => {
    const seq = packed.live[id] ?? 0;
    return seq > heardSeq ? [["live_runs", id, seq]] : [];
  });
  const isLive = new Set(state.runs.map(({ id }) => id));
  return [
    ...(owesLine ? [["users", state.learner.id, packed.lineSeq] satisfies UntoldItem] : []),
    ...packed.words.map(([kind, value]): UntoldItem => ["vocabulary", wordKey(kind, value), kind]),
    ...live,
    ...Object.values(packed.outbox).flatMap(({ delivery, seq }): UntoldItem[] =>
      seq > heardSeq ? [["deliveries", delivery.id, seq]] : [],
    ),
    ...items.flatMap((one): UntoldItem[] => {
      if (one.isOwn) return [];
      if ("delivery" in one) return [["deliveries", one.delivery.id, one.seq]];
      return isLive.has(one.run.id) ? [] : [["runs", one.run.id, one.seq]];
    }),
  ];
}

/** Notes what D1 has heard up to a change. */
export function heard(packed: Packed, seq: number, told: LastTold | null | undefined): void {
  packed.heardSeq = Math.max(packed.heardSeq, seq);
  packed.words = packed.words.filter((word) => word[2] > seq);
  // Batches may be written out of their order; the directory keeps the newest.
  if (!told || seq < packed.toldSeq) return;
  packed.told = told;
  packed.toldSeq = seq;
  packed.changes = packed.changes.filter((change) => change.seq > seq);
  for (const [key, at] of Object.entries(packed.touched)) if (at <= seq) removeEntry(packed.touched, key);
}
