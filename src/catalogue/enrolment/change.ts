import { entry } from "../../base/record";
import { type Enrolment, type Learner, type ProductType, type Source, type Turn, turnBy } from "../facts";
import { courseRecord } from "../progress/record";

export const isActive = (source: Source): boolean => !source.suspended;

export const enrolmentOf = (learner: Learner, type: ProductType, product: string): Enrolment | undefined =>
  learner.enrolments.find((one) => one.type === type && one.product === product);

/** A suspended enrolment counts as none. */
export const isEnrolled = (learner: Learner, type: ProductType, product: string): boolean =>
  enrolmentOf(learner, type, product)?.sources.some(isActive) ?? false;

/** When an enrolment ends by itself: the latest of its sources' ends; null: never. */
export function endOf(enrolment: Enrolment): number | null {
  let latest = 0;
  for (const { endsAt } of enrolment.sources) {
    if (endsAt === null) return null;
    latest = Math.max(latest, endsAt);
  }
  return latest;
}

export interface Enrolling {
  type: ProductType;
  product: string;
  source: string;
  role?: string | undefined;
  endsAt?: number | null | undefined;
  paid?: boolean | undefined;
  private?: boolean | undefined;
  /** The automations that brought it about. */
  by?: readonly string[] | undefined;
}

/**
 * Gives an enrolment a source. A fact comes only where there was no active one before; what is there already gets
 * a further source, or a later end of the same.
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
    learner.enrolments.push({
      type: wanted.type,
      product: wanted.product,
      role,
      enrolledAt: turn.at,
      knownAt: turn.now,
      sources: [source],
    });
    makeEnrolled(turn, wanted, role);
    return "enrolled";
  }
  const wasActive = known.sources.some(isActive);
  const same = known.sources.find((one) => one.source === wanted.source);
  if (!same) {
    known.sources.push(source);
    if (wasActive) return "added";
    makeEnrolled(turn, wanted, known.role);
    return "enrolled";
  }
  if ((source.paid && !same.paid) || (source.private && !same.private)) same.given = turn.giver;
  if (source.paid) same.paid = true;
  if (source.private) same.private = true;
  if (same.suspended) {
    delete same.suspended;
    same.endsAt = endsAt;
    same.given = turn.giver;
    return "returned";
  }
  if (same.endsAt === null || (endsAt !== null && endsAt <= same.endsAt)) return "none";
  same.endsAt = endsAt;
  same.given = turn.giver;
  if (source.by) same.by = source.by;
  else delete same.by;
  return "extended";
}

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
  const wasActive = known.sources.some(isActive);
  known.sources = known.sources.filter((source) => !which(source));
  if (!known.sources.length) learner.enrolments = learner.enrolments.filter((one) => one !== known);
  if (wasActive && !known.sources.some(isActive)) {
    turn.make(`${type}.unenrolled`, { [type]: product, ...(reason ? { reason } : {}) });
  }
  if (type === "subscription" && !known.sources.length) endTrial(learner, product);
  return gone.map((source) => source.source);
}

/** Stops the announcement of a trial's end. */
export function endTrial(learner: Learner, subscription: string): void {
  const trial = entry(learner.trials, subscription);
  if (trial) trial.canceled = true;
}

/** The enrolments that a bundle makes. */
export const enrolmentsOf = (bundle: string, courses: readonly string[]): { type: ProductType; product: string }[] => [
  { type: "bundle", product: bundle },
  ...courses.map((product) => ({ type: "course" as const, product })),
];

/** Enrols in a bundle and, with the bundle as source, in its courses. */
export function enrolInBundle(
  turn: Turn,
  wanted: Omit<Enrolling, "type">,
  courses: readonly string[],
): ReturnType<typeof enrol> {
  const result = enrol(turn, { ...wanted, type: "bundle" });
  const given = turnBy(turn, "bundle", wanted.product);
  for (const course of courses) {
    enrol(given, {
      type: "course",
      product: course,
      source: `bundle:${wanted.product}`,
      role: wanted.role,
      endsAt: wanted.endsAt,
      by: wanted.by,
    });
  }
  return result;
}

/** Takes away what a bundle gave. */
export function withdrawBundleCourses(turn: Turn, bundle: string, reason?: string): void {
  const gave = turn.learner.enrolments.filter(
    (one) => one.type === "course" && one.sources.some((source) => source.source === `bundle:${bundle}`),
  );
  const taken = turnBy(turn, "bundle", bundle);
  for (const course of gave) {
    withdraw(taken, "course", course.product, (source) => source.source === `bundle:${bundle}`, reason);
  }
}
