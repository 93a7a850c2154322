import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ANNA, COURSE, type MoodleSchool, moodleSchool } from "../../../../../test/fakes/moodle/school";
import { forgetEverything } from "../../../../base/cache";

let school: MoodleSchool;
beforeEach(() => {
  forgetEverything();
  school = moodleSchool();
  school.enrol();
});
afterEach(() => expect(school.lms.wrongs).toEqual([]));

const join = (group: string) => school.tell("group.joined", { group });
const leave = (group: string) => school.tell("group.left", { group });
const group = (name: string, idnumber = "", id = 12) => {
  const one = { id, courseid: COURSE, name, idnumber, members: new Set<number>() };
  school.state.groups.set(id, one);
  return one;
};
const all = () => [...school.state.groups.values()];

test.each(["12", "https://moodle.acme.com/group/index.php?id=12"])("a group by Moodle's number, %s", async (named) => {
  const { members } = group("A");
  expect(await join(named)).toEqual({ ok: true, code: 200 });
  expect(await join(named)).toMatchObject({ ok: true });
  expect([...members]).toEqual([ANNA]);
  expect(await leave(named)).toMatchObject({ ok: true });
  expect(await leave(named)).toMatchObject({ ok: true });
  expect([...members]).toEqual([]);
});

describe("a group of ours", () => {
  test.each([
    ["7:Berlin", "Berlin"],
    ["7:Berlin: Mitte", "Berlin: Mitte"],
    ["https://moodle.acme.com/course/view.php?id=7:Berlin", "Berlin"],
    ["course-7:Berlin", "Berlin"],
  ])("%s is made where it is missing, and known by its ID number", async (named, name) => {
    expect(await join(named)).toMatchObject({ ok: true });
    expect(all()).toMatchObject([{ courseid: COURSE, name, idnumber: named, members: new Set([ANNA]) }]);
  });

  test("is looked for once", async () => {
    await join("7:Berlin");
    await join("7:Berlin");
    expect(school.lms.called.filter((name) => name === "core_group_get_course_groups")).toHaveLength(1);
  });

  test("is found by its ID number though a teacher gave it another name", async () => {
    const { members } = group("Hauptstadt", "7:Berlin");
    await join("7:Berlin");
    expect([...members]).toEqual([ANNA]);
  });

  test("takes one of that name that is there", async () => {
    const { members } = group("Berlin");
    await join("7:Berlin");
    expect([...members]).toEqual([ANNA]);
    expect(all()).toHaveLength(1);
  });

  test("takes one whose name differs in capitals, which Moodle holds for the same", async () => {
    const { members } = group("BERLIN");
    expect(await join("7:Berlin")).toMatchObject({ ok: true });
    expect([...members]).toEqual([ANNA]);
  });

  test("that was deleted in Moodle meanwhile is made anew", async () => {
    await join("7:Berlin");
    school.state.groups.clear();
    expect(await join("7:Berlin")).toMatchObject({ ok: true });
    expect(all()).toMatchObject([{ name: "Berlin", members: new Set([ANNA]) }]);
  });

  test("of a long value has no ID number, and is found by its name", async () => {
    const value = "x".repeat(110);
    await join(`7:${value}`);
    forgetEverything();
    await join(`7:${value}`);
    expect(all()).toMatchObject([{ name: value, idnumber: "" }]);
  });

  test("is left, and is not made for that", async () => {
    await join("7:Berlin");
    expect(await leave("7:Berlin")).toMatchObject({ ok: true });
    expect(all()[0]?.members.size).toBe(0);
    expect(await leave("7:Paris")).toMatchObject({ ok: true, detail: "there is no such group to leave" });
    expect(all()).toHaveLength(1);
  });
});

test("who is not in the course is in none of its groups, and told so", async () => {
  school.state.addUser({ id: 41 });
  group("A");
  const answer = await school.tell("group.joined", { group: "12" }, "41");
  expect(answer).toMatchObject({ ok: false, retry: false, error: expect.stringContaining("who is in the course") });
});

test.each(["999", "VIP", "nothing:Berlin", `7:${"x".repeat(255)}`])("%s cannot be joined, ever", async (named) => {
  expect(await join(named)).toMatchObject({ ok: false, retry: false });
  expect(all()).toEqual([]);
});

test("a group that is not there is left already", async () => {
  expect(await leave("999")).toMatchObject({ ok: true });
});
