import type { Difference, DifferenceKind, LmsEnrolled, Sides } from "../catalogue/enrolment/drift";
import type { Source } from "../catalogue/facts/facts";
import type { Origin } from "../catalogue/facts/givers";
import type { Refusal } from "../engine/inputs/input";

/* What a user's object is asked about what the LMS says, and answers. */

/** What the LMS said of a user's enrolment in a course; null: of none. */
export interface LmsAsked {
  course: string;
  /** Other ids of it: who is in it by one is brought under its own first. */
  others: readonly string[];
  theirs: LmsEnrolled | null;
  /** Real time, ms, from which on the LMS may not have said so any more; null: in a test school, whose clock is its own. */
  since: number | null;
  /** What is mended, and by whose word; D1 is told of it by the caller. */
  mend?: { sides: Sides; origin: Origin };
}

/** What differs; `on_its_way`: the LMS will hear of a change, or has since it was read. Null: nothing differs. */
export interface LmsAnswer extends Omit<Difference, "kind"> {
  kind: DifferenceKind | "on_its_way" | null;
  ours: LmsEnrolled | null;
  /** Of what differs: who gave it here, by source. */
  givers?: Pick<Source, "source" | "given">[];
  mended?: true;
  refused?: Refusal;
}
