import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { STUDENT, TOKEN } from "../../../../test/fakes/moodle";
import { ANNA, COURSE, type MoodleSchool, moodleSchool } from "../../../../test/fakes/moodle/school";
import { forgetEverything } from "../../../base/cache";
import type { LmsPage } from "../port";

let school: MoodleSchool;
beforeEach(() => {
  forgetEverything();
  school = moodleSchool();
});
afterEach(() => expect(school.lms.wrongs).toEqual([]));

/** All pages, one after the other. */
async function all<Item>(read: (after: string | null) => Promise<LmsPage<Item>>): Promise<Item[]> {
  const items: Item[] = [];
  let after: string | null = null;
  for (let page = 0; page < 50; page += 1) {
    const { items: more, next }: LmsPage<Item> = await read(after);
    items.push(...more);
    if (next === null) return items;
    after = next;
  }
  throw new Error("the pages have no end");
}

describe("courses", () => {
  test("are read with name, ID number, address and dates, the front page not among them", async () => {
    school.state.addCourse({ id: 8, fullname: "Law &amp; Order", enddate: 1_800_000_000 });
    expect(await all(school.reads.courses)).toEqual([
      {
        id: "7",
        otherId: "course-7",
        name: "Course 7",
        url: "https://moodle.acme.com/course/view.php?id=7",
        startsAt: 1_795_651_200_000,
      },
      {
        id: "8",
        otherId: null,
        name: "Law & Order",
        url: "https://moodle.acme.com/course/view.php?id=8",
        startsAt: 1_795_651_200_000,
        endsAt: 1_800_000_000_000,
      },
    ]);
  });

  test("come in pages, each once", async () => {
    for (let id = 8; id < 160; id += 1) school.state.addCourse({ id });
    const ids = (await all(school.reads.courses)).map(({ id }) => Number(id));
    expect(ids).toEqual(Array.from({ length: 153 }, (_, index) => index + 7));
    expect(school.lms.called.filter((name) => name === "core_course_search_courses").length).toBeGreaterThan(3);
  });

  test("are none in a Moodle that has none", async () => {
    school.state.courses.delete(COURSE);
    expect(await school.reads.courses(null)).toEqual({ items: [], next: null });
  });
});

test("groups are read course by course; one of ours goes by our id", async () => {
  for (let id = 8; id < 60; id += 1) school.state.addCourse({ id });
  const group = (id: number, courseid: number, name: string, idnumber: string) =>
    school.state.groups.set(id, { id, courseid, name, idnumber, members: new Set() });
  group(1, 7, "A", "");
  group(2, 7, "Berlin", "7:Berlin");
  group(3, 59, "B", "class:b");
  expect(await all(school.reads.groups)).toEqual([
    { id: "1", name: "A", course: "7" },
    { id: "7:Berlin", name: "Berlin", course: "7" },
    { id: "3", name: "B", course: "59" },
  ]);
});

describe("users", () => {
  test("are everybody but the guest, each once, by pages", async () => {
    for (let id = 500; id < 730; id += 1) school.state.addUser({ id });
    const users = await all(school.reads.users);
    expect(users).toHaveLength(3 + 230);
    expect(new Set(users.map(({ id }) => id)).size).toBe(users.length);
    expect(users).toContainEqual({ id: "40", email: "anna@school.example.com", username: "Learner No40" });
  });

  test("go by the id that the school has set; who has none is left out", async () => {
    school.settings.ids = "idnumber";
    expect((await all(school.reads.users)).map(({ id }) => id)).toEqual(["L-040"]);
    school.settings.ids = "username";
    expect((await all(school.reads.users)).map(({ id }) => id)).toEqual(["admin", "schoolbell", "anna"]);
  });
});

describe("enrolments of a course", () => {
  const put = (id: number, enrolment: { suspended?: boolean; timeend?: number; roleid?: number }) => {
    if (!school.state.users.has(id)) school.state.addUser({ id });
    const whole = { roleid: STUDENT, timestart: 0, timeend: 0, suspended: false, ...enrolment };
    school.state.courses.get(COURSE)?.enrolments.set(id, whole);
  };
  const read = () => all((after) => school.reads.enrolments(String(COURSE), after));

  test("are all of it, with role and whether suspended; an end Moodle does not tell", async () => {
    put(ANNA, {});
    put(41, { suspended: true });
    put(42, { roleid: 4 });
    expect(await read()).toEqual([
      { user: "40", role: "student", suspended: false },
      { user: "42", role: "4", suspended: false },
      { user: "41", role: "student", suspended: true },
    ]);
  });

  test("whose time is over count as suspended, never as active", async () => {
    put(41, { timeend: 1_600_000_000 });
    expect(await read()).toEqual([{ user: "41", role: "student", suspended: true }]);
  });

  test("come in pages, each once", async () => {
    for (let id = 500; id < 750; id += 1) put(id, { suspended: id % 5 === 0 });
    const found = await read();
    expect(found.map(({ user }) => Number(user)).sort()).toEqual(
      Array.from({ length: 250 }, (_, index) => index + 500),
    );
    expect(found.filter(({ suspended }) => suspended)).toHaveLength(50);
  });
});

describe("what cannot be read is no empty list", () => {
  test.each([
    ["the token is none", () => void school.state.tokens.clear(), { retry: true, broken: true }],
    [
      "a right is missing",
      () => school.state.addToken(TOKEN, { without: ["moodle/site:viewparticipants"] }),
      lacking(),
    ],
    [
      "a function is missing",
      () => school.state.addToken(TOKEN, { outside: ["core_enrol_get_enrolled_users"] }),
      lacking(),
    ],
    [
      "the server is busy",
      () => {
        school.lms.trouble = { refuseEvery: 1 };
      },
      { retry: true },
    ],
  ])("where %s", async (_, spoil, failure) => {
    spoil();
    await expect(school.reads.users(null)).rejects.toMatchObject({ name: "LmsError", failure });
  });

  test("where the course is none of Moodle's", async () => {
    await expect(school.reads.enrolments("777", null)).rejects.toMatchObject({ failure: { retry: false } });
  });

  test("where an answer is cut off", async () => {
    const { fetch } = school.tools;
    school.tools.fetch = async (url, init) => new Response((await (await fetch(url, init)).text()).slice(0, -9));
    await expect(school.reads.users(null)).rejects.toHaveProperty("failure", { retry: true });
  });
});

function lacking() {
  return { retry: false, broken: true };
}
