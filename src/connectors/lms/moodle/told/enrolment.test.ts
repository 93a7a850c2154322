import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { STUDENT } from "../../../../../test/fakes/moodle";
import { ANNA, COURSE, type MoodleSchool, moodleSchool } from "../../../../../test/fakes/moodle/school";
import { forgetEverything } from "../../../../base/cache";

let school: MoodleSchool;
beforeEach(() => {
  forgetEverything();
  school = moodleSchool();
});
afterEach(() => expect(school.lms.wrongs).toEqual([]));

const END = "2027-01-01T00:00:00Z";
const END_SECONDS = 1_798_761_600;
const course = String(COURSE);
const given = { course, role: "student", expires_at: END as string | null, source: "event" };
const enrolment = (user = ANNA, id = COURSE) => school.state.courses.get(id)?.enrolments.get(user);

describe("an enrolment", () => {
  test("is made by hand, with the role and the end", async () => {
    expect(await school.tell("course.enrolled", given)).toEqual({ ok: true, code: 200 });
    expect(enrolment()).toEqual({ roleid: STUDENT, timestart: 0, timeend: END_SECONDS, suspended: false });
    expect(school.lms.called).toEqual(["enrol_manual_enrol_users"]);
  });

  test("that is suspended and resumed keeps its end and its role, which a repeat would lose", async () => {
    school.state.assignable.add(4);
    const stands = { course, role: "4", expires_at: END };
    await school.tell("course.enrolled", { ...given, role: "4" });
    expect(await school.tell("course.suspended", stands)).toMatchObject({ ok: true });
    expect(enrolment()).toEqual({ roleid: 4, timestart: 0, timeend: END_SECONDS, suspended: true });
    expect(await school.tell("course.resumed", stands)).toMatchObject({ ok: true });
    expect(enrolment()).toEqual({ roleid: 4, timestart: 0, timeend: END_SECONDS, suspended: false });
  });

  test("without an end has none", async () => {
    await school.tell("course.enrolled", given);
    await school.tell("course.enrolled", { ...given, expires_at: null });
    expect(enrolment()?.timeend).toBe(0);
  });

  test("ends, and ends once more as quietly", async () => {
    school.enrol();
    const ended = { course, role: "student", expires_at: null, source: "event" };
    expect(await school.tell("course.unenrolled", ended)).toMatchObject({ ok: true });
    expect(enrolment()).toBeUndefined();
    expect(await school.tell("course.unenrolled", ended)).toMatchObject({ ok: true });
  });

  test.each(["https://moodle.acme.com/course/view.php?id=7", "https://moodle.acme.com/course/7", "course-7"])(
    "is of the same course by %s",
    async (named) => {
      expect(await school.tell("course.enrolled", { ...given, course: named })).toMatchObject({ ok: true });
      expect(enrolment()).toBeDefined();
    },
  );

  test("asks once for the course of an ID number", async () => {
    await school.tell("course.enrolled", { ...given, course: "course-7" });
    await school.tell("course.enrolled", { ...given, course: "course-7" });
    expect(school.lms.called.filter((name) => name === "core_course_get_courses_by_field")).toHaveLength(1);
  });
});

describe("a role", () => {
  test("of a student is the number that the school has set", async () => {
    school = moodleSchool({ student_role: 9 });
    school.state.assignable.add(9);
    await school.tell("course.enrolled", given);
    expect(enrolment()?.roleid).toBe(9);
  });

  test("that is no number is refused in words, before Moodle is asked", async () => {
    const answer = await school.tell("course.enrolled", { ...given, role: "teacher" });
    expect(answer).toMatchObject({ ok: false, retry: false, error: expect.stringContaining('"teacher"') });
    expect(school.lms.called).toEqual([]);
  });

  test("that the service user may not give is told as the school's affair", async () => {
    const answer = await school.tell("course.enrolled", { ...given, role: "1" });
    expect(answer).toMatchObject({ ok: false, retry: false, broken: true });
    expect(enrolment()).toBeUndefined();
  });
});

describe("a user", () => {
  test.each([
    ["idnumber", "L-040"],
    ["username", "anna"],
  ])("is found by the %s, and asked for once", async (ids, user) => {
    school = moodleSchool({ ids });
    await school.tell("course.enrolled", given, user);
    await school.tell("course.enrolled", given, user);
    expect(enrolment()).toBeDefined();
    expect(school.lms.called.filter((name) => name === "core_user_get_users_by_field")).toHaveLength(1);
  });

  test("who was made anew in Moodle is found again", async () => {
    school = moodleSchool({ ids: "idnumber" });
    await school.tell("course.enrolled", given, "L-040");
    school.state.users.delete(ANNA);
    school.state.addUser({ id: 41, idnumber: "L-040" });
    expect(await school.tell("course.enrolled", given, "L-040")).toMatchObject({ ok: false, retry: false });
    expect(await school.tell("course.enrolled", given, "L-040")).toMatchObject({ ok: true });
    expect(enrolment(41)).toBeDefined();
  });

  test("whose ID number two people have is nobody", async () => {
    school = moodleSchool({ ids: "idnumber" });
    school.state.addUser({ id: 41, idnumber: "L-040" });
    const answer = await school.tell("course.enrolled", given, "L-040");
    expect(answer).toMatchObject({ ok: false, retry: false, error: expect.stringContaining("several people") });
  });

  test.each([
    ["id", "anna"],
    ["id", "0"],
    ["id", "999999"],
    ["username", "Anna"],
    ["username", "nobody"],
    ["idnumber", "nobody"],
  ])("whom Moodle does not know by the %s %s is refused for good", async (ids, user) => {
    school = moodleSchool({ ids });
    const answer = await school.tell("course.enrolled", given, user);
    expect(answer).toMatchObject({ ok: false, retry: false });
    expect(answer).not.toHaveProperty("broken");
    expect(school.state.courses.get(COURSE)?.enrolments.size).toBe(0);
  });
});

test.each(["777", "nothing"])(
  "a course that Moodle does not know, %s, is refused for good and named",
  async (named) => {
    for (const type of ["course.enrolled", "course.unenrolled"] as const) {
      const answer = await school.tell(type, { ...given, course: named });
      expect(answer).toMatchObject({ ok: false, retry: false, error: expect.stringContaining(named) });
    }
  },
);
