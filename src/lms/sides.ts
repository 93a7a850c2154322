import * as z from "zod";
import { DIFFERENCES, type DifferenceKind, type Sides } from "../catalogue/enrolment/drift";

/*
 * Whose word counts, by kind of difference, and what must not be done without being asked for twice.
 */

const side = z.enum(["theirs", "ours"]);

export const sidesShape = {
  missing_here: side.optional().meta({
    description: "Enrolled there and not here. `theirs`: enrolled here; `ours`: un-enrolled there.",
  }),
  missing_there: side.optional().meta({
    description: "Enrolled here and not there. `theirs`: un-enrolled here; `ours`: enrolled there.",
  }),
  differing: side.optional().meta({
    description: "Another role, another end, or suspended on one side. `theirs`: as there; `ours`: as here.",
  }),
  unknown: z.literal("theirs").optional().meta({
    description: "Enrolled there and not known here at all. `theirs`: becomes a user, enrolled.",
  }),
};
export const sides = z.object(sidesShape);

export const EMPTY = "The LMS named nobody in this course: nothing is changed by an empty answer.";

/** Over so many of a course, in hundredths, are un-enrolled there only when somebody said how many. */
const MOST_PERCENT = 10;

/** As much of how a course was found as says what mending it takes. */
type Counts = Readonly<Record<DifferenceKind | "there", number>>;

/** How many would be un-enrolled in the LMS where that is so many that it must be said; null: it need not. */
function toConfirm({ missing_here }: Sides, counts: Counts): number | null {
  const leaving = missing_here === "ours" ? counts.missing_here : 0;
  return leaving * 100 > counts.there * MOST_PERCENT ? leaving : null;
}

/** Why nothing is done; null: all that has to be is confirmed. */
export function whatNeedsConfirming(sides: Sides, counts: Counts, confirm: number | null): string | null {
  const leaving = toConfirm(sides, counts);
  if (leaving === null || confirm === leaving) return null;
  return `It would un-enrol ${leaving} of ${counts.there} in the LMS, and nothing was changed: say so by "confirm": ${leaving}.`;
}

/** What mending would change, and how many are to be confirmed. */
export function changesOf(sides: Sides, counts: Counts) {
  const by = (side: "theirs" | "ours") =>
    DIFFERENCES.reduce((sum, kind) => sum + (sides[kind] === side ? counts[kind] : 0), 0);
  return { would_change_here: by("theirs"), would_change_there: by("ours"), confirm: toConfirm(sides, counts) };
}
