import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ANNA, COURSE, type MoodleSchool, moodleSchool, PAGE, QUIZ } from "../../../../../test/fakes/moodle/school";
import { forgetEverything } from "../../../../base/cache";

let school: MoodleSchool;
beforeEach(() => {
  forgetEverything();
  school = moodleSchool();
  school.enrol();
});
afterEach(() => expect(school.lms.wrongs).toEqual([]));

const OVERRIDE = "core_completion_override_activity_completion_status";
const course = String(COURSE);
const activities = () => school.state.courses.get(COURSE)?.activities ?? [];
const stateOf = (cmid: number, user = ANNA) =>
  activities()
    .find((one) => one.cmid === cmid)
    ?.states.get(user) ?? 0;
const put = (cmid: number, state: number) =>
  activities()
    .find((one) => one.cmid === cmid)
    ?.states.set(ANNA, state);
const overrides = () => school.lms.called.filter((name) => name === OVERRIDE).length;

describe("an activity", () => {
  test.each([String(PAGE), `https://moodle.acme.com/mod/page/view.php?id=${PAGE}`])(
    "%s is completed, and reset",
    async (activity) => {
      expect(await school.tell("activity.completed", { course, activity })).toEqual({ ok: true, code: 200 });
      expect(stateOf(PAGE)).toBe(1);
      expect(await school.tell("activity.progress_reset", { course, activity })).toMatchObject({ ok: true });
      expect(stateOf(PAGE)).toBe(0);
      expect(stateOf(QUIZ)).toBe(0);
    },
  );

  test.each([1, 2, 3])("that is complete already, by state %i, is not touched", async (state) => {
    put(QUIZ, state);
    const answer = await school.tell("activity.completed", { course, activity: String(QUIZ) });
    expect(answer).toMatchObject({ ok: true, detail: "it was so already" });
    expect(stateOf(QUIZ)).toBe(state);
    expect(overrides()).toBe(0);
  });

  test("of who is not in the course is not overridden, though Moodle would", async () => {
    school.state.addUser({ id: 41 });
    const answer = await school.tell("activity.completed", { course, activity: String(PAGE) }, "41");
    expect(answer).toMatchObject({ ok: false, retry: false, error: expect.stringContaining("not in the course") });
    expect(overrides()).toBe(0);
  });

  test.each(["999", "72x", "https://moodle.acme.com/course/view.php?id=72"])(
    "%s, which is none of the course's, is refused",
    async (activity) => {
      expect(await school.tell("activity.completed", { course, activity })).toMatchObject({ ok: false, retry: false });
      expect(overrides()).toBe(0);
    },
  );

  test("of a person or in a course that Moodle does not know is refused", async () => {
    const activity = String(PAGE);
    expect(await school.tell("activity.completed", { course, activity }, "999999")).toMatchObject({
      ok: false,
      retry: false,
    });
    expect(await school.tell("activity.completed", { course: "777", activity })).toMatchObject({
      ok: false,
      retry: false,
    });
  });
});

describe("a course", () => {
  test("is completed by all that it tracks, what is complete left as it is", async () => {
    put(QUIZ, 2);
    expect(await school.tell("course.completed", { course })).toMatchObject({ ok: true });
    expect([stateOf(PAGE), stateOf(QUIZ)]).toEqual([1, 2]);
    expect(overrides()).toBe(1);
  });

  test("is reset by all that it tracks", async () => {
    put(PAGE, 1);
    put(QUIZ, 3);
    expect(await school.tell("course.progress_reset", { course })).toMatchObject({ ok: true });
    expect([stateOf(PAGE), stateOf(QUIZ)]).toEqual([0, 0]);
  });

  test("of more activities than there is time for is gone on with by the next attempt", async () => {
    const many = Array.from({ length: 5 }, (_, index) => ({ cmid: 80 + index, tracking: 1, states: new Map() }));
    school.state.addCourse({ id: 8, activities: many });
    school.enrol(ANNA, 8);
    // Each look at the clock is a second later.
    let now = 0;
    school.tools.now = () => {
      now += 1_000;
      return now;
    };
    const done = () => many.filter(({ states }) => states.get(ANNA) === 1).length;
    const first = await school.tell("course.completed", { course: "8" });
    expect(first).toMatchObject({ ok: false, retry: true, retryAfterMs: 1_000 });
    expect(done()).toBeGreaterThan(0);
    expect(done()).toBeLessThan(5);
    expect(await school.tell("course.completed", { course: "8" })).toMatchObject({ ok: true });
    expect(done()).toBe(5);
  });

  test("that tracks nothing is refused in words", async () => {
    school.state.addCourse({ id: 8 });
    school.enrol(ANNA, 8);
    const answer = await school.tell("course.completed", { course: "8" });
    expect(answer).toMatchObject({ ok: false, retry: false, error: expect.stringContaining("tracks no activity") });
  });
});
