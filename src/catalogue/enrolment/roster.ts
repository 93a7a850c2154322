import type { Learner, Turn } from "../facts/facts";
import { enrol, enrolmentOf, giveRole, withdraw } from "./change";

/*
 * Enrolments by the records of a school's own system: each record is a source of its enrolment, which ends with the last
 * that gives it. A record is in one course: in another it has moved.
 */

export interface RosterRecord {
  /** Their id of the record. */
  id: string;
  course: string;
  role?: string | undefined;
  /** ms; left out: never. */
  endsAt?: number | undefined;
}

/** What a roster says of one of its records. */
export type RosterNews = RosterRecord & {
  /** When the enrolment begins, ms; left out: it has. */
  beginsAt?: number | undefined;
  /** The record is to be deleted, or is over; `elsewhere`: it is another user's. */
  ends?: true | "elsewhere" | undefined;
};

const SOURCE = "oneroster:";
const sourceOf = (id: string): string => SOURCE + id;

/** A record that has no id of its own is called so by its class and learner, and moves to nobody. */
export const recordWithoutId = (course: string, user: string): string => JSON.stringify([course, user]);
/** Whether a record may come to name another user. */
export const movesBetweenUsers = (id: string): boolean => !id.startsWith('["');

/** The records by which somebody is in courses. */
export const recordsOf = ({ enrolments }: Pick<Learner, "enrolments">): string[] =>
  enrolments.flatMap(({ sources }) =>
    sources.flatMap(({ source }) => (source.startsWith(SOURCE) ? [source.slice(SOURCE.length)] : [])),
  );

/** Enrols by a record, and takes it out of the course that it was in. */
export function giveByRecord(turn: Turn, { id, course, role, endsAt }: RosterRecord): void {
  const source = sourceOf(id);
  takeByRecord(turn, id, course);
  enrol(turn, { type: "course", product: course, source, role, endsAt: endsAt ?? null, isSent: true });
  if (role !== undefined) giveRole(turn, course, role, source);
  // What an import gave before records were kept is the record's now.
  withdraw(turn, "course", course, (one) => one.source === "event" && one.given.by === "import");
}

/** Takes away what a record gives; in a course that it stays in, nothing. */
export function takeByRecord(turn: Turn, id: string, stays?: string): void {
  const source = sourceOf(id);
  const held = turn.learner.enrolments.filter(
    ({ type, product, sources }) =>
      type === "course" && product !== stays && sources.some((one) => one.source === source),
  );
  for (const { product } of held) withdraw(turn, "course", product, (one) => one.source === source);
}

/** A record is deleted; what an import gave before records were kept goes with the first that is. */
export function endByRecord(turn: Turn, id: string, course: string): void {
  takeByRecord(turn, id);
  const left = enrolmentOf(turn.learner, "course", course);
  if (left?.sources.some((one) => one.source.startsWith(SOURCE))) return;
  withdraw(turn, "course", course, (one) => one.source === "event" && one.given.by === "import");
}
