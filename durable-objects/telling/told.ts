import type { LogBatch } from "../../src/calls/batch";
import type { LastTold, Packed } from "../../src/calls/shape";
import type { UserPlace } from "../../src/calls/user";
import { isEnrolled } from "../../src/catalogue/enrolment/change";
import type { Learner } from "../../src/catalogue/facts";
import { tagKey } from "../../src/catalogue/tags/change";
import type { UserState } from "../../src/engine/types";

/*
 * What of what lies packed D1 is to hear: the log, and the user's line in the directory where it differs from what the
 * directory was last told.
 */

const DAY_MS = 86_400_000;

export const nothingTold = (): LastTold => ({ attributes: "", marks: [], activity: {}, nextWake: null });

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

/** The keys of activity that has no subject. */
const SEEN = { school: JSON.stringify(["school", ""]), app: JSON.stringify(["app", ""]) };
const IS_SEEN = new Set(Object.values(SEEN));

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

const toldOf = (state: UserState, nextWake: number | null): LastTold => ({
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
export function logBatch(packed: Packed, place: UserPlace, exact: boolean): { batch: LogBatch; told: LastTold } | null {
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
      ...place,
      seq: packed.seq,
      ended: Object.values(packed.runs).flatMap(({ run }) => run ?? []),
      live: Object.entries(packed.runs).flatMap(([id, { run }]) => (run ? [] : (live.get(id) ?? []))),
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
            seenAt: told.activity[SEEN.school] ?? learner.registeredAt,
            appSeenAt: told.activity[SEEN.app] ?? learner.registeredAt,
            activity: Object.entries(told.activity).filter(
              ([key, at]) => packed.told.activity[key] !== at && !IS_SEEN.has(key),
            ),
            activityRemoved: Object.keys(packed.told.activity).filter((key) => !(key in told.activity)),
          }
        : null,
    },
  };
}

/** Forgets what D1 has heard up to a change. */
export function heard(packed: Packed, seq: number, told: LastTold | undefined): void {
  for (const [id, entry] of Object.entries(packed.runs)) if (entry.seq <= seq) delete packed.runs[id];
  for (const [id, entry] of Object.entries(packed.deliveries)) if (entry.seq <= seq) delete packed.deliveries[id];
  packed.words = packed.words.filter((word) => word[2] > seq);
  // Batches may be written out of their order; the directory keeps the newest.
  if (!told || seq < packed.toldSeq) return;
  packed.told = told;
  packed.toldSeq = seq;
}
