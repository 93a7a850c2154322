import { formatInstant } from "../dates/time";
import type { Enrolment, Learner, Turn } from "../facts/facts";
import { givenAgain } from "../facts/givers";
import { change, endOf, enrol, enrolmentOf, isActive, resume, suspend, tellAsItIs, withdraw } from "./change";

/*
 * What differs between an enrolment in a course as we hold it and as the LMS has it, and how the two are made equal. A
 * suspended enrolment counts as none: where one side has one and the other has nothing, nothing differs.
 */

/** What the LMS says of somebody's enrolment in a course. */
export interface LmsEnrolled {
  /** Null: it does not tell. */
  role: string | null;
  suspended: boolean;
  /** ms since 1970; null: none; left out: it does not tell. */
  expiresAt?: number | null | undefined;
}

export const DIFFERENCES = ["missing_here", "missing_there", "differing", "unknown"] as const;
/** `unknown`: somebody whom the LMS has in the course and we do not know at all. */
export type DifferenceKind = (typeof DIFFERENCES)[number];
export const DIFFERING = ["role", "suspended", "expires_at"] as const;

export interface Difference {
  kind: DifferenceKind;
  /** Of what is `differing`. */
  what?: (typeof DIFFERING)[number][];
}

/** Whose word counts. */
export type Side = "theirs" | "ours";
/** By kind of difference; what is left out is left as it is. */
export type Sides = { readonly [Kind in DifferenceKind]?: Side | undefined };

/** An LMS tells of seconds. */
const seconds = (ms: number | null): number | null => (ms === null ? null : Math.floor(ms / 1_000));

/** An enrolment as the LMS would say it. */
export const asLmsWould = (enrolment: Enrolment): LmsEnrolled => ({
  role: enrolment.role,
  suspended: !enrolment.sources.some(isActive),
  expiresAt: endOf(enrolment),
});

/** What differs of a user who is known; null: nothing. @param theirs null: the LMS has none in the course */
export function differenceOf(learner: Learner, course: string, theirs: LmsEnrolled | null): Difference | null {
  const ours = enrolmentOf(learner, "course", course);
  const isHere = ours?.sources.some(isActive) ?? false;
  if (isHere && !theirs) return { kind: "missing_there" };
  if (!ours && theirs && !theirs.suspended) return { kind: "missing_here" };
  if (!ours || !theirs) return null;
  if (isHere === theirs.suspended) return { kind: "differing", what: ["suspended"] };
  if (!isHere) return null;
  const { role, expiresAt } = theirs;
  const what = [
    ...(role !== null && role !== ours.role ? (["role"] as const) : []),
    ...(expiresAt !== undefined && seconds(endOf(ours)) !== seconds(expiresAt) ? (["expires_at"] as const) : []),
  ];
  return what.length ? { kind: "differing", what } : null;
}

/** Takes what the LMS says for true: it knows, and is told nothing. */
export function takeTheirs(given: Turn, course: string, theirs: LmsEnrolled | null): void {
  const difference = differenceOf(given.learner, course, theirs);
  const turn: Turn = { ...given, tell: () => {} };
  const ours = enrolmentOf(turn.learner, "course", course);
  if (difference?.kind === "missing_there") withdraw(turn, "course", course, () => true);
  if (!difference || !theirs) return;
  const { role, suspended, expiresAt } = theirs;
  if (difference.kind === "missing_here") {
    const known = role === null ? {} : { role };
    enrol(turn, { type: "course", product: course, source: "event", endsAt: expiresAt ?? null, ...known });
  }
  if (!ours || difference.kind !== "differing") return;
  if (difference.what?.includes("suspended")) {
    if (suspended) suspend(turn, course, () => true, { suspendedApart: true });
    else resume(turn, course);
  }
  const now = enrolmentOf(turn.learner, "course", course);
  if (!now) return;
  const sources = now.sources.map((source) => ({
    ...source,
    given: givenAgain(source.given, turn.giver),
    ...(expiresAt === undefined ? {} : { endsAt: expiresAt }),
  }));
  change(turn.learner, now, { sources, ...(role === null ? {} : { role }) });
}

/** Tells the LMS how it is here, where it has it otherwise: nothing changes here. */
export function tellOurs(turn: Turn, course: string, theirs: LmsEnrolled | null): void {
  const difference = differenceOf(turn.learner, course, theirs);
  const ours = enrolmentOf(turn.learner, "course", course);
  if (!difference) return;
  if (ours) tellAsItIs(turn, ours, difference.kind === "missing_there" ? "new" : whatOf(difference, ours));
  else if (theirs) {
    const { role, expiresAt } = theirs;
    const end = expiresAt == null ? null : formatInstant(expiresAt);
    turn.tell("course.unenrolled", { course, role: role ?? "student", expires_at: end, source: "event" });
  }
}

/** How an enrolment that both sides have is told. */
function whatOf({ what }: Difference, ours: Enrolment): "suspended" | "resumed" | "renewed" {
  if (!what?.includes("suspended")) return "renewed";
  return ours.sources.some(isActive) ? "resumed" : "suspended";
}
