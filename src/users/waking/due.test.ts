import { expect, test } from "vitest";
import { testWorld } from "../../engine/test-world";
import { thresholdsOf } from "./due";

const only = (when: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  when: [when],
  then: [],
  ...more,
});

test("the thresholds of a school are those that its active automations watch, each once", () => {
  const world = testWorld({
    a: only({ type: "inactivity.school", days: 7 }),
    b: only({ type: "inactivity.school", days: 7, include_already_inactive: true }),
    c: only({ type: "inactivity.app_course", days: 7, courses: ["js"] }),
    d: only({ type: "trial.ending", days: 7 }),
    e: only({ type: "inactivity.app", days: 3 }, { active: false }),
    f: only({ type: "user.signed_in" }),
  });
  const never = Number.NEGATIVE_INFINITY;
  expect(thresholdsOf(world)).toEqual([
    { scope: "school", days: 7, direction: "after", since: 0, includeSince: 0 },
    { scope: "app_course", days: 7, direction: "after", since: 0, includeSince: never },
    { scope: "trial", days: 7, direction: "before", since: 0, includeSince: never },
  ]);
});
