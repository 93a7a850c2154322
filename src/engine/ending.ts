import type { Enrolment } from "../catalogue/facts";

const found = new WeakMap<readonly Enrolment[], readonly Enrolment[]>();

/**
 * The enrolments of a list that end by themselves. A learner may be in thousands of which few do: they are looked for
 * once in each list, which is replaced when it changes.
 */
export function endingIn(enrolments: readonly Enrolment[]): readonly Enrolment[] {
  let ending = found.get(enrolments);
  if (!ending) {
    ending = enrolments.filter(({ sources }) => sources.some(({ endsAt }) => endsAt !== null));
    found.set(enrolments, ending);
  }
  return ending;
}
