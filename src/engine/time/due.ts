import { setEntry } from "../../base/record";
import { addDays, formatInstant, subtractDays } from "../../catalogue/dates/time";
import { isEnrolled, withdraw } from "../../catalogue/enrolment/change";
import type { Learner, Seen } from "../../catalogue/facts/facts";
import { isOfCourses, lastVisit, type VisitScope } from "../../catalogue/inactivity/visits";
import { hasCompleted } from "../../catalogue/progress/record";
import { followMembership, judgeAgain } from "../belonging/membership";
import { beginnings } from "../belonging/roster";
import { isLive, timeIsUp } from "../runs";
import { goOn } from "../turns";
import type { Run } from "../types";
import { make, OUTSIDE, turnOf, type Work } from "../work";
import { endingIn } from "./ending";
import { datesToCome } from "./reached";
import { automationsWatching, runsWatching, type Watcher, watchers } from "./watchers";

/** Something that happens by itself when its time comes. */
interface Due {
  at: number;
  /** At one instant: expiries, trial endings, inactivity, then waits, each by age. */
  rank: 0 | 1 | 2 | 3;
  age: number;
  happen(): void;
}

/** The next thing due up to a time, or undefined. */
export function nextDue(work: Work, until: number): Due | undefined {
  let next: Due | undefined;
  const offer = (due: Due): void => {
    if (due.at > until) return;
    if (
      !next ||
      due.at < next.at ||
      (due.at === next.at && (due.rank < next.rank || (due.rank === next.rank && due.age < next.age)))
    ) {
      next = due;
    }
  };
  expiries(work, offer);
  for (const due of beginnings(work)) offer({ ...due, rank: 0, age: 0 });
  trialEndings(work, offer);
  inactivity(work, offer);
  dates(work, offer);
  rules(work, offer);
  waits(work, offer);
  return next;
}

/**
 * Cron finds those who have been away for long enough by what the directory was told of their visits. What is told so
 * late, or changes clocks so, that cron has passed by already, the user sees to: it is due within this time.
 */
const NEAR_MS = 4 * 3_600_000;

/**
 * When the user next has something to do; null: nothing. Inactivity that starts automations is for cron to look after,
 * unless it is near.
 */
export function nextWake(work: Work): number | null {
  if (work.state.runs.some((run) => run.status === "queued")) return work.now;
  let wake: number | null = null;
  const offer = ({ at }: Due): void => {
    if (wake === null || at < wake) wake = at;
  };
  expiries(work, offer);
  for (const due of beginnings(work)) offer({ ...due, rank: 0, age: 0 });
  trialEndings(work, offer);
  inactivity(work, offer, runsWatching(work));
  const isNear = (at: number): boolean => at <= work.now + NEAR_MS;
  inactivity(work, (due) => isNear(due.at) && offer(due), automationsWatching(work.world.automations));
  dates(work, offer);
  rules(work, offer);
  waits(work, offer);
  return wake;
}

type Offer = (due: Due) => void;

function dates(work: Work, offer: Offer): void {
  for (const { at, happen } of datesToCome(work)) offer({ at, rank: 2, age: at, happen });
}

/** Rules that time may have turned, and what came too late in the turn before. */
function rules(work: Work, offer: Offer): void {
  for (const [id, { at, late }] of Object.entries(work.state.again ?? {})) {
    offer({
      at,
      rank: 2,
      age: at,
      happen: () => {
        work.settles = late !== undefined;
        judgeAgain(work, id, late);
      },
    });
  }
}

function expiries(work: Work, offer: Offer): void {
  for (const { type, product, sources } of endingIn(work.state.learner.enrolments)) {
    for (const { source, endsAt, by = [] } of sources) {
      if (endsAt === null) continue;
      offer({
        at: endsAt,
        rank: 0,
        age: 0,
        happen: () => {
          const turn = turnOf(work, { ...OUTSIDE, lineage: [...by] }, work.now);
          const from = work.effects.facts.length;
          withdraw(turn, type, product, (one) => one.source === source && one.endsAt === endsAt, "expired");
          followMembership(work, turn, from);
        },
      });
    }
  }
}

function trialEndings(work: Work, offer: Offer): void {
  const trials = Object.entries(work.state.learner.trials).filter(([, trial]) => !trial.canceled);
  if (!trials.length) return;
  const zone = work.world.school.settings.timezone;
  const heeding = watchers(work).filter(({ watch }) => watch.scope === "trial");
  for (const [subscription, trial] of trials) {
    for (const [days, type] of new Map(heeding.map((one) => [one.watch.days, one.type]))) {
      const at = subtractDays(trial.endsAt, days, zone);
      if (at < Math.max(trial.startedAt, trial.resumedAt ?? 0) || trial.told.includes(days)) continue;
      const only = heeding.flatMap((one) => (one.watch.days === days && one.since < at ? [one.id] : []));
      if (!only.length) continue;
      offer({
        at,
        rank: 1,
        age: trial.startedAt,
        happen: () => {
          setEntry(work.state.learner.trials, subscription, { ...trial, told: [...trial.told, days] });
          const data = { subscription, ends_at: formatInstant(trial.endsAt), days };
          make(work, OUTSIDE, work.now, type, data, { only });
        },
      });
    }
  }
}

/** Since when the user is away, and when we heard so; null where no visit is expected: not enrolled, or completed. */
export function awaySince(learner: Learner, scope: VisitScope, course: string): { at: number; heardAt: number } | null {
  const seen: Seen | null = lastVisit(learner, scope, course);
  if (!isOfCourses(scope)) {
    return seen
      ? { at: seen.at, heardAt: seen.heardAt ?? seen.at }
      : { at: learner.registeredAt, heardAt: learner.knownAt };
  }
  const enrolment = learner.enrolments.find((one) => one.type === "course" && one.product === course);
  if (!enrolment || !isEnrolled(learner, "course", course) || hasCompleted(learner, course)) return null;
  // Who comes back to a course after days in which nobody expected a visit is not reproached with them.
  const { enrolledAt, knownAt, expectedSince = knownAt } = enrolment;
  return seen
    ? { at: seen.at, heardAt: Math.max(seen.heardAt ?? seen.at, expectedSince) }
    : { at: enrolledAt, heardAt: expectedSince };
}

/** By what it is remembered that an absence was told of. */
export const awayKey = (id: string, scope: VisitScope, course: string, days: number): string =>
  JSON.stringify([id, scope, course, days]);

function inactivity(work: Work, offer: Offer, heeding: readonly Watcher[] = watchers(work)): void {
  if (!heeding.length) return;
  const { learner, away } = work.state;
  const zone = work.world.school.settings.timezone;
  const groups = new Map<string, Due & { only: string[] }>();
  for (const { id, since, type, watch } of heeding) {
    const { scope, days, courses, includeAlready } = watch;
    if (scope === "trial") continue;
    const inCourses = isOfCourses(scope);
    const about = inCourses
      ? learner.enrolments.flatMap((one) =>
          one.type === "course" && (!courses || courses.includes(one.product)) ? [one.product] : [],
        )
      : [""];
    for (const course of about) {
      const base = awaySince(learner, scope, course);
      if (!base) continue;
      const key = awayKey(id, scope, course, days);
      if (away[key] === base.at) continue;
      const due = addDays(base.at, days, zone);
      if (due <= since && !includeAlready) continue;
      if (due <= base.heardAt && !(includeAlready && base.heardAt <= since)) continue;
      const at = Math.max(due, since);
      const mark = () => {
        setEntry(away, key, base.at);
      };
      const group = JSON.stringify([at, scope, course, days]);
      const known = groups.get(group);
      if (known) {
        known.only.push(id);
        const before = known.happen;
        known.happen = () => {
          mark();
          before();
        };
        continue;
      }
      const only = [id];
      groups.set(group, {
        at,
        rank: 2,
        age: base.at,
        only,
        happen: () => {
          mark();
          const data = { days, since: formatInstant(base.at), ...(inCourses ? { course } : {}) };
          make(work, OUTSIDE, work.now, type, data, { only });
        },
      });
    }
  }
  for (const due of groups.values()) offer(due);
}

/** Of all waits the first: there may be hundreds, at each event. */
function waits(work: Work, offer: Offer): void {
  let first: { run: Run; at: number; age: number } | undefined;
  for (const run of work.state.runs) {
    const { waiting } = run;
    if (run.status !== "waiting" || !waiting || waiting.wakeAt === null) continue;
    const { wakeAt: at, since: age } = waiting;
    if (!first || at < first.at || (at === first.at && age < first.age)) first = { run, at, age };
  }
  if (!first) return;
  const { run, at, age } = first;
  offer({ at, rank: 3, age, happen: () => wake(work, run) });
}

/** A wait whose time has come goes on, or is held where its run may not. */
export function wake(work: Work, run: Run): void {
  if (!run.waiting || !isLive(run)) return;
  timeIsUp(work, run);
  goOn(work, run);
}
