import { entry, replaced, setEntry } from "../../base/record";
import { formatInstant } from "../dates/time";
import type { ChangeData } from "../facts/changes";
import type { Enrolment, Learner, ProductType, Source, Turn } from "../facts/facts";
import { type Giver, givenAgain, givenOver, type Origin } from "../facts/givers";
import { courseRecord } from "../progress/record";

/** Facts that others count, or make events of. */
export const COURSE_ENROLLED = "course.enrolled";
export const COURSE_UNENROLLED = "course.unenrolled";
export const COURSE_SUSPENDED = "course.suspended";
export const COURSE_RESUMED = "course.resumed";

export const isActive = (source: Source): boolean => !source.suspended;

export const enrolmentOf = (learner: Learner, type: ProductType, product: string): Enrolment | undefined =>
  learner.enrolments.find((one) => one.type === type && one.product === product);

/** A suspended enrolment counts as none. */
export const isEnrolled = (learner: Learner, type: ProductType, product: string): boolean =>
  enrolmentOf(learner, type, product)?.sources.some(isActive) ?? false;

/** Puts an enrolment that is otherwise in the place of one. */
export function change(learner: Learner, was: Enrolment, now: Partial<Enrolment>): Enrolment {
  const changed = { ...was, ...now };
  learner.enrolments = replaced(learner.enrolments, was, changed);
  return changed;
}

/** The same of its sources, each as it then is. */
export const changeSources = (learner: Learner, was: Enrolment, now: (source: Source) => Source): Enrolment =>
  change(learner, was, { sources: was.sources.map(now) });

/** When an enrolment ends by itself: the latest of its sources' ends; null: never. */
export function endOf(enrolment: Enrolment): number | null {
  let latest = enrolment.sources[0]?.endsAt ?? 0;
  for (const { endsAt } of enrolment.sources) {
    if (endsAt === null) return null;
    latest = Math.max(latest, endsAt);
  }
  return latest;
}

/** RFC 3339, as a change tells it; null: never. */
const endText = (enrolment: Enrolment): string | null => {
  const end = endOf(enrolment);
  return end === null ? null : formatInstant(end);
};

/** Of a source: suspended by somebody, and no sync, until somebody resumes it. */
export const APART = { suspended: true, suspendedApart: true } as const;
const isApart = (source: Source): boolean => source.suspendedApart === true;

/** Who gives by rule, or to themselves, brings nobody back whom somebody suspended. */
const LIFTS_NOTHING: ReadonlySet<Origin["by"]> = new Set(["sync", "bundle", "learner"]);

export interface Enrolling {
  type: ProductType;
  product: string;
  source: string;
  role?: string | undefined;
  endsAt?: number | null | undefined;
  /** An event or a record said when it ends: that may be sooner than was said before. */
  isSent?: boolean | undefined;
  paid?: boolean | undefined;
  private?: boolean | undefined;
  /** Of the payment that goes with it. */
  payment?: { price: number; currency?: string | undefined } | undefined;
  /** The automations that brought it about. */
  by?: readonly string[] | undefined;
}

/**
 * Gives an enrolment a source. A fact comes only where there was no active one before; what is there already gets
 * a further source, or a later end of the same; an event or a record may bring an earlier one.
 * @returns `enrolled` (new), `returned` (was suspended by this very source: no fact), `added`, `extended`, `none`.
 */
export function enrol(turn: Turn, wanted: Enrolling): "enrolled" | "returned" | "added" | "extended" | "none" {
  const { learner } = turn;
  const endsAt = wanted.endsAt ?? null;
  const source: Source = {
    source: wanted.source,
    endsAt,
    ...(wanted.paid ? { paid: true } : {}),
    ...(wanted.private ? { private: true } : {}),
    ...(wanted.by && endsAt !== null ? { by: [...wanted.by] } : {}),
    given: turn.giver,
  };
  if (wanted.type === "course") courseRecord(learner, wanted.product);
  const known = enrolmentOf(learner, wanted.type, wanted.product);
  if (!known) {
    const role = wanted.role ?? "student";
    const made: Enrolment = {
      type: wanted.type,
      product: wanted.product,
      role,
      enrolledAt: turn.at,
      knownAt: turn.now,
      sources: [source],
    };
    learner.enrolments = [...learner.enrolments, made];
    makeEnrolled(turn, wanted, role);
    tellEnrolled(turn, made, wanted);
    return "enrolled";
  }
  const wasActive = known.sources.some(isActive);
  const before = endOf(known);
  const same = known.sources.find((one) => one.source === wanted.source);
  const staysSuspended = !wasActive && LIFTS_NOTHING.has(turn.giver.by) && known.sources.some(isApart);
  if (!same) {
    const now = change(learner, known, {
      ...(wasActive || staysSuspended ? {} : { expectedSince: turn.now }),
      sources: [...known.sources, staysSuspended ? { ...source, ...APART } : source],
    });
    if (staysSuspended) return "added";
    if (wasActive) {
      if (endOf(now) !== before) tellEnrolled(turn, now, wanted, { renews: true });
      return "added";
    }
    makeEnrolled(turn, wanted, now.role);
    tellEnrolled(turn, now, wanted);
    return "enrolled";
  }
  // What was more than an end before cannot be made as it was: it counts as given by both.
  const byBoth = (): Giver => (turn.giver.by === "run" ? { ...turn.giver, again: true } : turn.giver);
  const isMore = (source.paid && !same.paid) || (source.private && !same.private);
  const more: Source = {
    ...same,
    ...(source.paid ? { paid: true } : {}),
    ...(source.private ? { private: true } : {}),
    ...(isMore ? { given: byBoth() } : {}),
  };
  const become = (then: Source): Enrolment => changeSources(learner, known, (one) => (one === same ? then : one));
  if (same.suspended) {
    if (staysSuspended) {
      if (isMore) become(more);
      return "none";
    }
    const now = become({ ...resumed(more), endsAt, given: byBoth() });
    if (!wasActive) makeResumed(turn, now);
    return "returned";
  }
  const isLater = same.endsAt !== null && (endsAt === null || endsAt > same.endsAt);
  // What happened before the enrolment began tells of an earlier one.
  const isOther = wanted.isSent && endsAt !== null && endsAt !== same.endsAt && turn.at >= known.enrolledAt;
  if (!isLater && !isOther) {
    const given = givenAgain(more.given, turn.giver);
    if (isMore || given !== same.given) become({ ...more, given });
    return "none";
  }
  const was = {
    ...(same.endsAt === null ? {} : { value: same.endsAt }),
    ...(same.by ? { by: same.by } : {}),
    given: more.given,
  };
  const now = become(endingAt({ ...more, given: givenOver(turn.giver, was) }, endsAt, source.by));
  if (wasActive && endOf(now) !== before) tellEnrolled(turn, now, wanted, { renews: true });
  return "extended";
}

/** A source with another end. @param by the automations that brought it about */
export const endingAt = ({ by: _, ...source }: Source, endsAt: number | null, by?: readonly string[]): Source => ({
  ...source,
  endsAt,
  ...(by ? { by } : {}),
});

const resumed = ({ suspended: _, suspendedApart: __, suspendedIn: ___, ...source }: Source): Source => source;

/** Gives another role to who is in a course by this source alone. */
export function giveRole(turn: Turn, course: string, role: string, source: string): void {
  const known = enrolmentOf(turn.learner, "course", course);
  if (!known || known.role === role || known.sources.some((one) => one.source !== source)) return;
  const now = change(turn.learner, known, { role });
  if (now.sources.some(isActive))
    tellEnrolled(turn, now, { type: "course", product: course, source }, { renews: true });
}

/** Tells what an enrolment is now. `renews`: it was there before, and its end is another. */
function tellEnrolled(turn: Turn, enrolment: Enrolment, wanted: Enrolling, more: { renews?: true } = {}): void {
  const { paid, private: isPrivate, payment } = wanted;
  TELL_ENROLLED[enrolment.type](turn, enrolment.product, {
    role: enrolment.role,
    expires_at: endText(enrolment),
    source: wanted.source,
    ...(paid ? { paid: true } : {}),
    ...(isPrivate ? { private: true } : {}),
    ...(payment ? { price: payment.price } : {}),
    ...(payment?.currency === undefined ? {} : { currency: payment.currency }),
    ...more,
  });
}

/** Tells what an enrolment is, which where it is suspended or resumed is one in a course, to an LMS that has it otherwise. */
export function tellAsItIs(turn: Turn, known: Enrolment, as: "new" | "renewed" | "suspended" | "resumed"): void {
  if (as === "suspended") return tellSuspended(turn, known);
  if (as === "resumed") return tellResumed(turn, known);
  const [first] = known.sources;
  const given = { paid: first?.paid, private: first?.private, source: first?.source ?? "" };
  tellEnrolled(
    turn,
    known,
    { type: known.type, product: known.product, ...given },
    as === "new" ? {} : { renews: true },
  );
}

type EnrolledData = Omit<ChangeData<"course.enrolled">, "course">;
const TELL_ENROLLED: Record<ProductType, (turn: Turn, product: string, data: EnrolledData) => void> = {
  course: (turn, course, data) => turn.tell("course.enrolled", { course, ...data }),
  bundle: (turn, bundle, data) => turn.tell("bundle.enrolled", { bundle, ...data }),
  subscription: (turn, subscription, data) => turn.tell("subscription.enrolled", { subscription, ...data }),
};
type UnenrolledData = Omit<ChangeData<"course.unenrolled">, "course">;
const TELL_UNENROLLED: Record<ProductType, (turn: Turn, product: string, data: UnenrolledData) => void> = {
  course: (turn, course, data) => turn.tell("course.unenrolled", { course, ...data }),
  bundle: (turn, bundle, data) => turn.tell("bundle.unenrolled", { bundle, ...data }),
  subscription: (turn, subscription, data) => turn.tell("subscription.unenrolled", { subscription, ...data }),
};

function makeEnrolled(turn: Turn, wanted: Enrolling, role: string): void {
  turn.make(`${wanted.type}.enrolled`, {
    [wanted.type]: wanted.product,
    role,
    ...(wanted.paid ? { paid: true } : {}),
    ...(wanted.private ? { private: true } : {}),
  });
}

/**
 * Takes sources away from an enrolment, and the enrolment with the last of them.
 * @returns the names of the sources that went.
 */
export function withdraw(
  turn: Turn,
  type: ProductType,
  product: string,
  which: (source: Source) => boolean,
  reason?: string,
): string[] {
  const { learner } = turn;
  const known = enrolmentOf(learner, type, product);
  if (!known) return [];
  const gone = known.sources.filter(which);
  if (!gone.length) return [];
  const was = { isActive: known.sources.some(isActive), end: endOf(known), source: gone[0]?.source ?? "" };
  const before = { role: known.role, expires_at: endText(known), source: was.source };
  const now = change(learner, known, { sources: known.sources.filter((source) => !which(source)) });
  const why = reason ? { reason } : {};
  if (!now.sources.length) learner.enrolments = learner.enrolments.filter((one) => one !== now);
  const isOver = was.isActive && !now.sources.some(isActive);
  if (isOver) turn.make(`${type}.unenrolled`, { [type]: product, ...why });
  if (!now.sources.length) TELL_UNENROLLED[type](turn, product, { ...before, ...why });
  else if (isOver) tellSuspended(turn, now);
  else if (was.isActive && endOf(now) !== was.end)
    tellEnrolled(turn, now, { type, product, source: now.sources[0]?.source ?? "" }, { renews: true });
  if (type === "subscription" && !now.sources.length) endTrial(learner, product);
  return gone.map((source) => source.source);
}

/** Only enrolments in courses are suspended. */
const tellSuspended = (turn: Turn, known: Enrolment): void =>
  turn.tell("course.suspended", { course: known.product, role: known.role, expires_at: endText(known) });

/**
 * Suspends sources of an enrolment in a course; it counts as none where no other is left.
 * @param more what else is noted of each
 * @returns whether any was active
 */
export function suspend(
  turn: Turn,
  course: string,
  which: (source: Source) => boolean = () => true,
  more: Pick<Source, "suspendedApart" | "suspendedIn"> = {},
): boolean {
  const known = enrolmentOf(turn.learner, "course", course);
  const wanted = known?.sources.filter((one) => which(one) && isActive(one)) ?? [];
  if (!known || !wanted.length) return false;
  const now = changeSources(turn.learner, known, (one) =>
    wanted.includes(one) ? { ...one, suspended: true, ...more } : one,
  );
  if (now.sources.some(isActive)) return true;
  turn.make(COURSE_SUSPENDED, { course });
  tellSuspended(turn, now);
  return true;
}

/** Takes back what suspended an enrolment, whatever did. */
export function resume(turn: Turn, course: string): boolean {
  const known = enrolmentOf(turn.learner, "course", course);
  if (!known || known.sources.every(isActive)) return false;
  const wasActive = known.sources.some(isActive);
  const now = changeSources(turn.learner, known, resumed);
  if (!wasActive) makeResumed(turn, now);
  return true;
}

/** Who completed a course, or was suspended in it, was expected by nobody. */
export const expectAnew = ({ learner, now }: Turn, known: Enrolment): Enrolment =>
  change(learner, known, { expectedSince: now });

function makeResumed(turn: Turn, known: Enrolment): void {
  expectAnew(turn, known);
  turn.make(COURSE_RESUMED, { course: known.product });
  tellResumed(turn, known);
}

const tellResumed = (turn: Turn, known: Enrolment): void =>
  turn.tell("course.resumed", { course: known.product, role: known.role, expires_at: endText(known) });

/** Stops the announcement of a trial's end. */
export function endTrial(learner: Learner, subscription: string): void {
  const trial = entry(learner.trials, subscription);
  if (trial) setEntry(learner.trials, subscription, { ...trial, canceled: true });
}
