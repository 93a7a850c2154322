import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CLIENT } from "../../../../test/fakes/learnworlds";
import { ANNA, FakeSchool, SETTINGS } from "../../../../test/fakes/learnworlds-school";
import { forgetEverything } from "../../../base/cache";
import { lmsLearnworlds } from "../learnworlds";
import type { LmsPage } from "../port";

let school: FakeSchool;
beforeEach(() => {
  forgetEverything();
  school = new FakeSchool();
  vi.stubGlobal("setTimeout", (then: () => void, ms: number) => school.pass(ms, then));
});
afterEach(() => {
  vi.unstubAllGlobals();
  expect(school.lms.mistakes).toEqual([]);
});

const { reads, check } = lmsLearnworlds.lms;
if (!reads || !check) throw new Error("the connector reads and checks");

/** Every page of a list, by what the one before says comes next. */
async function all<Item>(read: (after: string | null) => Promise<LmsPage<Item>>): Promise<Item[]> {
  const items: Item[] = [];
  for (let after: string | null = null; ; ) {
    const page: LmsPage<Item> = await read(after);
    items.push(...page.items);
    after = page.next;
    if (after === null) return items;
  }
}
const named = (n: number) => String(n).padStart(24, "0");

describe("what a school has", () => {
  test.each([1, 19, 20, 21, 40, 41])("is read once and whole: %i courses", async (count) => {
    school.lms.products.clear();
    for (let n = 0; n < count; n++) school.lms.addProduct("course", `c${n}`);
    const read = await all((after) => reads.courses(SETTINGS, school.tools, after));
    expect(read.map(({ id }) => id)).toEqual(Array.from({ length: count }, (_, n) => `c${n}`));
    expect(school.asked).toHaveLength(Math.ceil(count / 20));
  });

  test("is nothing where there is nothing", async () => {
    school.lms.groups.clear();
    expect(await reads.groups(SETTINGS, school.tools, null)).toEqual({ items: [], next: null });
  });

  test("that shrank meanwhile is not read twice: beyond its end comes its last page again", async () => {
    expect(await reads.courses(SETTINGS, school.tools, "4")).toEqual({ items: [], next: null });
  });

  test("is courses with their names and pictures, and user groups", async () => {
    school.lms.products.clear();
    school.lms.addProduct("course", "js", { title: "JavaScript", courseImage: "https://cdn.acme.com/js.png" });
    school.lms.addProduct("course", "bare", { title: "", courseImage: "none" });
    school.lms.addProduct("bundle", "b");
    expect(await reads.courses(SETTINGS, school.tools, null)).toEqual({
      items: [
        { id: "js", name: "JavaScript", imageUrl: "https://cdn.acme.com/js.png" },
        { id: "bare", name: "bare" },
      ],
      next: null,
    });
    expect((await reads.groups(SETTINGS, school.tools, null)).items).toEqual([{ id: "g1", name: "Group 1" }]);
  });

  test("is its users, with when they signed up", async () => {
    for (let n = 1; n <= 60; n++) school.lms.addUser(named(n));
    const read = await all((after) => reads.users(SETTINGS, school.tools, after));
    expect(read).toHaveLength(61);
    expect(read[0]).toEqual({
      id: ANNA,
      email: "anna@example.com",
      username: "anna",
      registeredAt: school.now + 250,
    });
  });

  test("is who is in a course, whoever is suspended too", async () => {
    school.anna.products.set("course course-1", 0);
    const ben = school.lms.addUser(named(1));
    ben.products.set("course course-1", 0);
    ben.is_suspended = true;
    school.lms.addUser(named(2));
    expect((await reads.enrolments(SETTINGS, school.tools, "course-1", null)).items).toEqual([
      { user: ANNA, role: null, suspended: false },
      { user: named(1), role: null, suspended: true },
    ]);
  });

  test("that cannot be read is an error, and no shorter list", async () => {
    const read = (body: unknown, status = 200) => {
      const fetch = async (url: string, init: RequestInit) =>
        url.endsWith("access_token") ? school.lms.call(url, init) : Response.json(body, { status });
      return reads.courses(SETTINGS, { ...school.tools, fetch }, null);
    };
    await expect(read({ data: [] })).rejects.toMatchObject({ name: "LmsError", failure: { retry: true } });
    await expect(read({ data: [{ title: "?" }], meta: { totalPages: 1 } })).rejects.toMatchObject({
      failure: { retry: false },
    });
    await expect(read({ error: "Too many requests" }, 429)).rejects.toMatchObject({
      message: "429: Too many requests",
      failure: { retry: true, retryAfterMs: 10_000 },
    });
    await expect(read({ error: "no" }, 403)).rejects.toMatchObject({ failure: { retry: true, broken: true } });
  });

  test("waits for room in the school's rate, as all else does", async () => {
    const tools = { ...school.tools, admit: async () => 5_000 };
    await expect(reads.users(SETTINGS, tools, null)).rejects.toMatchObject({
      failure: { retry: true, retryAfterMs: 5_000 },
    });
  });
});

describe("the check of a connection", () => {
  const found = (settings: Record<string, unknown> = SETTINGS) => check(settings, school.tools);

  test("says what is right, and writes nothing", async () => {
    expect(await found()).toEqual([
      { ok: true, what: "LearnWorlds answers at the school's address" },
      { ok: true, what: "The client id and secret are accepted" },
      { ok: true, what: "The API client may read users" },
      { ok: true, what: "The API client may read courses" },
      { ok: true, what: "The API client may read user groups" },
    ]);
    expect(school.asked.every((one) => one.startsWith("GET "))).toBe(true);
  });

  test.each([{ client_id: "other" }, { client_secret: "other" }])("says that %j is wrong", async (wrong) => {
    expect(await found({ ...SETTINGS, ...wrong })).toEqual([
      { ok: true, what: "LearnWorlds answers at the school's address" },
      {
        ok: false,
        what: "The client id and secret are accepted",
        advice: expect.stringContaining("Copy the client id and the client secret anew"),
      },
    ]);
  });

  test("names each right that the API client lacks", async () => {
    school.lms.forbidden.add("courses");
    const findings = await found();
    expect(findings.filter(({ ok }) => !ok)).toEqual([
      {
        ok: false,
        what: "The API client may read courses",
        advice: expect.stringContaining("Give the API client access to courses"),
      },
    ]);
    expect(findings).toHaveLength(5);
  });

  test.each<[string, () => Promise<Response>, string]>([
    [
      "nobody answers",
      () => Promise.reject(new Error("no such host")),
      "Set the address at which the school is opened",
    ],
    ["a website answers", async () => new Response("<html>"), "Set the address at which the school is opened"],
    ["the school is down", async () => new Response("", { status: 503 }), "Try again in a while"],
  ])("says that %s", async (_, fetch, advice) => {
    school = new FakeSchool({}, { fetch });
    expect(await found()).toEqual([
      {
        ok: false,
        what: "LearnWorlds answers at the school's address",
        advice: expect.stringContaining(advice),
      },
    ]);
  });

  test("is what a test of the channel says", async () => {
    expect(await school.send({ type: "test" })).toMatchObject({
      ok: true,
      detail: expect.stringContaining("The API client may read users"),
    });
    const wrong = await school.send({ type: "test" }, { ...SETTINGS, client_secret: `${CLIENT.client_secret}!` });
    expect(wrong).toMatchObject({ ok: false, broken: true, error: expect.stringContaining("client secret anew") });
  });
});
