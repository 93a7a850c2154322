import { keptOf } from "../../base/record";
import type { Enrolment } from "../../catalogue/facts/facts";

/**
 * The enrolments of a list that end by themselves. A learner may be in thousands of which few do: they are looked for
 * once in each list, which is replaced when it changes.
 */
export const endingIn = keptOf((enrolments: readonly Enrolment[]): readonly Enrolment[] =>
  enrolments.filter(({ sources }) => sources.some(({ endsAt }) => endsAt !== null)),
);
