import { type Enrolment, type ProductType, type SchoolView, type Turn, turnBy } from "../facts/facts";
import type { Holder } from "../facts/products";
import {
  changeSources,
  type Enrolling,
  endingAt,
  endOf,
  enrol,
  enrolmentOf,
  isActive,
  tellAsItIs,
  withdraw,
} from "./change";

/*
 * What holds courses: a bundle, a subscription, a seat. Whoever has it has them, with it as their source.
 */

/** What holds courses, by kind, with them. */
export type Holding = Pick<SchoolView, "bundles" | "subscriptions" | "seats">;

const HELD: Record<Holder, (school: Holding) => ReadonlyMap<string, readonly string[]>> = {
  bundle: ({ bundles }) => bundles,
  subscription: ({ subscriptions }) => subscriptions,
  seat: ({ seats }) => seats,
};

/** All of a kind that the school knows, with their courses. */
export const allHeld = (school: Holding, holder: Holder): ReadonlyMap<string, readonly string[]> =>
  HELD[holder](school);

/** The courses that something holds, as far as the school knows. */
export const coursesIn = (school: SchoolView, holder: Holder, id: string): readonly string[] =>
  HELD[holder](school).get(id) ?? [];

const sourceOf = (holder: Holder, id: string): string => `${holder}:${id}`;

/** The enrolments that something makes with its courses. */
export const enrolmentsOf = (
  holder: Holder,
  id: string,
  courses: readonly string[],
): { type: ProductType; product: string }[] => [
  ...(holder === "seat" ? [] : [{ type: holder, product: id }]),
  ...courses.map((product) => ({ type: "course" as const, product })),
];

/**
 * Enrols in the courses that something holds.
 * @param isNamed whoever told of it named the courses: they know
 */
export function giveCourses(
  turn: Turn,
  holder: Holder,
  id: string,
  courses: readonly string[],
  {
    role,
    endsAt,
    isSent,
    by,
    isNamed,
  }: Pick<Enrolling, "role" | "endsAt" | "isSent" | "by"> & { isNamed?: boolean } = {},
): void {
  const own = turnBy(turn, "bundle", id);
  const given: Turn = isNamed ? { ...own, tell: turn.tell } : own;
  for (const course of courses)
    enrol(given, { type: "course", product: course, source: sourceOf(holder, id), role, endsAt, isSent, by });
}

/** What is held ends with what holds it, whichever of its sources is the last: as that says. */
function endIn(holding: Enrolment): { endsAt: number | null; by: readonly string[] | undefined } {
  const endsAt = endOf(holding);
  return { endsAt, by: holding.sources.find((source) => source.endsAt === endsAt)?.by };
}

/** Has the courses that something gave end as it does now. */
export function endCourses(turn: Turn, holder: Holder, id: string, holding: Enrolment): void {
  const { endsAt, by } = endIn(holding);
  const ends = turnBy(turn, "bundle", id);
  for (const known of [...turn.learner.enrolments]) {
    if (known.type !== "course" || !known.sources.some(({ source }) => source === sourceOf(holder, id))) continue;
    const now = changeSources(turn.learner, known, (one) =>
      one.source === sourceOf(holder, id) ? endingAt(one, endsAt, by) : one,
    );
    if (endOf(now) !== endOf(known) && now.sources.some(isActive)) tellAsItIs(ends, now, "renewed");
  }
}

/** Takes away the courses that something gave. @param besides those that stay */
export function takeCourses(
  turn: Turn,
  holder: Holder,
  id: string,
  { reason, besides = [] }: { reason?: string | undefined; besides?: readonly string[] } = {},
): void {
  const isOwn = ({ source }: { source: string }): boolean => source === sourceOf(holder, id);
  const gave = turn.learner.enrolments.filter(
    ({ type, product, sources }) => type === "course" && !besides.includes(product) && sources.some(isOwn),
  );
  const taken = turnBy(turn, "bundle", id);
  for (const { product } of gave) withdraw(taken, "course", product, isOwn, reason);
}

/** Enrols in what holds courses, and in them. */
export function enrolWithCourses(
  turn: Turn,
  wanted: Omit<Enrolling, "type"> & { type: "bundle" | "subscription" },
  courses: readonly string[],
  isNamed = false,
): ReturnType<typeof enrol> {
  const result = enrol(turn, wanted);
  const held = enrolmentOf(turn.learner, wanted.type, wanted.product);
  giveCourses(turn, wanted.type, wanted.product, courses, { ...wanted, ...(held ? endIn(held) : {}), isNamed });
  return result;
}

/** Gives and takes courses where something holds others now, to a learner who has it. */
export function alignHolding(turn: Turn, holder: Holder, id: string): void {
  const { learner, school } = turn;
  const enrolment = holder === "seat" ? undefined : enrolmentOf(learner, holder, id);
  if (!enrolment && !(holder === "seat" && learner.seats.includes(id))) return;
  const courses = coursesIn(school, holder, id);
  takeCourses(turn, holder, id, { besides: courses });
  giveCourses(turn, holder, id, courses, { role: enrolment?.role, ...(enrolment ? endIn(enrolment) : {}) });
}
