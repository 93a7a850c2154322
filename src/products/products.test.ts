import { eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { consume, env, flushLog, liveSchool, makeSchool } from "../../test/workers/live";
import { database } from "../db/client";
import { schools } from "../db/schema";
import { loadWorld } from "../world/world";
import { learnProducts } from "./write";

const { school, queues } = liveSchool("test");

const put = (path: string, body: unknown) => school.ask("PUT", `/v1/products/${path}`, body);
const get = async (path: string) => (await school.ask("GET", `/v1/products/${path}`)).body;
const stamps = () =>
  database(env.DB)
    .select({ stamp: schools.stamp, names: schools.namesStamp })
    .from(schools)
    .where(eq(schools.id, school.id))
    .get();

describe("what is said of a product", () => {
  test("is kept, listed by type and text, and forgotten", async () => {
    const said = {
      name: "JavaScript 101",
      url: "https://school.test/js-101",
      image_url: null,
      parent: "web",
      starts_at: "2026-03-01",
      ends_at: 1_780_000_000,
      due_at: "2026-04-01T09:30",
    };
    expect(await put("course/js-101", said)).toMatchObject({
      status: 200,
      body: { type: "course", id: "js-101", ...said, courses: null, ends_at: "2026-05-28T20:26:40.000Z" },
    });
    await put("group/g1", { name: "Überblick" });
    expect((await get("course/js-101")).told).toEqual({
      name: "hand",
      url: "hand",
      parent: "hand",
      starts_at: "hand",
      ends_at: "hand",
      due_at: "hand",
    });
    const ids = async (query: string) =>
      (await school.ask("GET", `/v1/products${query}`)).body.data.map((one: { id: string }) => one.id);
    expect(await ids("")).toEqual(["js-101", "g1"]);
    expect(await ids("?type=group")).toEqual(["g1"]);
    expect(await ids("?q=%C3%BCBER")).toEqual(["g1"]);
    expect(await ids("?q=JS-1")).toEqual(["js-101"]);
    const page = await school.ask("GET", "/v1/products?limit=1");
    expect(await ids(`?cursor=${page.body.next_cursor}`)).toEqual(["g1"]);
    expect((await school.ask("DELETE", "/v1/products/course/js-101")).status).toBe(204);
    expect((await school.ask("GET", "/v1/products/course/js-101")).status).toBe(404);
    expect((await school.ask("DELETE", "/v1/products/course/js-101")).status).toBe(404);
  });

  test.each([
    ["lesson/l1", { name: "L" }, "/type", /course, bundle, subscription, .* seat or space/],
    ["course/c", { name: " \u200b " }, "/name", /something of it is seen/],
    ["course/c", { name: "x".repeat(256) }, "/name", /255/],
    ["course/c", {}, "/name", /./],
    ["course/c", { name: "C", url: "javascript:alert(1)" }, "/url", /not an address/],
    ["course/c", { name: "C", image_url: "img.png" }, "/image_url", /not an address/],
    ["course/c", { name: "C", starts_at: "2026-02-30" }, "/starts_at", /not a date/],
    ["course/c", { name: "C", due_at: 12 }, "/due_at", /not a date/],
    ["course/c", { name: "C", courses: ["a"] }, "/courses", /only a bundle, subscription or seat/],
    ["bundle/b", { name: "B", courses: [""] }, "/courses/0", /1 to 128/],
    ["course/c", { name: "C", nmae: "C" }, "/nmae", /./],
  ])("is checked: %s %j", async (path, body, at, message) => {
    const answered = await put(path, body);
    expect(answered).toMatchObject({ status: 422, body: { errors: [{ path: at }] } });
    expect(answered.body.errors[0].message).toMatch(message);
  });

  test("stands against what weaker tellers say, field by field; what is taken back they may say again", async () => {
    const live = await school.school();
    await put("course/c", { name: "By hand" });
    await learnProducts(env, live, "lms", [{ type: "course", id: "c", name: "By the LMS", url: "https://lms.test/c" }]);
    await learnProducts(env, live, "event", [{ type: "course", id: "c", name: "By event", url: "https://e.test/c" }]);
    expect(await get("course/c")).toMatchObject({
      name: "By hand",
      url: "https://lms.test/c",
      told: { name: "hand", url: "lms" },
    });
    await put("course/c", { name: "By hand", url: "https://hand.test/c" });
    await put("course/c", { name: "By hand" });
    expect(await get("course/c")).toMatchObject({ url: null, told: { name: "hand" } });
    await learnProducts(env, live, "event", [{ type: "course", id: "c", url: "https://e.test/c" }]);
    expect(await get("course/c")).toMatchObject({ url: "https://e.test/c", told: { name: "hand", url: "event" } });
  });

  test("comes by a CSV too; bad lines are reported and the others taken", async () => {
    const csv = [
      "type,id,name,courses,starts_at",
      "course,c1,One,,2026-01-01",
      "bundle,b1,All,c1|c2,",
      "lesson,l1,L,,",
      "course,c2,Two,c1,",
      "course,c3,Three,,soon",
      "course,c1,,,",
    ].join("\n");
    const { body } = await school.ask("POST", "/v1/products/import", csv, { "content-type": "text/csv" });
    for (let rounds = 0; queues.actions.length && rounds < 10; rounds++)
      await consume("schoolbell-jobs", queues.actions.splice(0));
    const job = (await school.ask("GET", `/v1/jobs/${body.job_id}`)).body;
    expect(job).toMatchObject({ status: "done", done: 6 });
    expect(job.errors.map((one: { line: number; message: string }) => [one.line, one.message.split(":")[0]])).toEqual([
      [4, "type"],
      [5, "courses"],
      [6, "starts_at"],
    ]);
    expect(await get("course/c1")).toMatchObject({ name: "One", starts_at: "2026-01-01" });
    expect(await get("bundle/b1")).toMatchObject({ name: "All", courses: ["c1", "c2"] });
  });

  test("is another school's own: it is neither seen nor changed from here", async () => {
    await put("course/c", { name: "Ours" });
    const other = await makeSchool("test");
    expect((await other.ask("GET", "/v1/products/course/c")).status).toBe(404);
    expect((await other.ask("GET", "/v1/products")).body.data).toEqual([]);
  });
});

describe("the courses of a bundle", () => {
  const enrolled = async (user: string) =>
    (await school.ask("GET", `/v1/users/${user}`)).body.enrolments.map((one: { product: string }) => one.product);
  const bundles = async () => (await loadWorld(env, await school.school())).school.bundles.get("b");

  test("go from who held it when it is forgotten, by a job that is answered with", async () => {
    await put("bundle/b", { name: "Both", courses: ["x"] });
    await school.event("bundle.enrolled", "anna", { bundle: "b" });
    const forgotten = await school.ask("DELETE", "/v1/products/bundle/b");
    expect([forgotten.status, forgotten.body]).toEqual([202, { job_id: expect.stringMatching(/^job_/) }]);
    for (let rounds = 0; queues.actions.length && rounds < 10; rounds++)
      await consume("schoolbell-jobs", queues.actions.splice(0));
    expect(await enrolled("anna")).toEqual(["b"]);
  });

  test("made others bring nobody back whom somebody suspended", async () => {
    await put("bundle/b", { name: "Both", courses: ["x"] });
    await school.event("bundle.enrolled", "anna", { bundle: "b" });
    await school.event("course.enrolled", "anna", { course: "y" });
    for (const course of ["x", "y"]) await school.event("course.suspended", "anna", { course });
    await put("bundle/b", { name: "Both", courses: ["x", "y", "z"] });
    for (let rounds = 0; queues.actions.length && rounds < 10; rounds++)
      await consume("schoolbell-jobs", queues.actions.splice(0));
    const { enrolments } = (await school.ask("GET", "/v1/users/anna")).body;
    const suspended = enrolments.map((one: { product: string; suspended?: true }) => [one.product, one.suspended]);
    expect(Object.fromEntries(suspended)).toEqual({ b: undefined, x: true, y: true, z: undefined });
  });

  test("set by hand are what an action gives, and no event changes them", async () => {
    await school.automation({
      when: [{ type: "user.signed_up" }],
      then: [{ type: "bundle.enroll", bundles: ["b"] }],
      synchronous: true,
    });
    await put("bundle/b", { name: "Both", courses: ["x", "y"] });
    await school.event("user.signed_up", "anna", {});
    expect(await enrolled("anna")).toEqual(["b", "x", "y"]);
    const before = await stamps();
    await school.event("bundle.enrolled", "ben", { bundle: "b", courses: ["z"] });
    expect([await bundles(), await stamps()]).toEqual([["x", "y"], before]);
  });

  test("are learned from events while nobody stronger has said them", async () => {
    await school.event("bundle.enrolled", "ben", { bundle: "b", courses: ["z"] });
    expect(await get("bundle/b")).toMatchObject({ name: null, courses: ["z"], told: { courses: "event" } });
    await put("bundle/b", { name: "B" });
    await school.event("bundle.enrolled", "ben", { bundle: "b", courses: ["z", "w"] });
    expect(await bundles()).toEqual(["z", "w"]);
  });

  test("of subscriptions and seats are in the school as the catalogue sees it", async () => {
    await put("subscription/gold", { name: "Gold", courses: ["x"] });
    await put("seat/team", { name: "Team", courses: ["y"] });
    const seen = (await loadWorld(env, await school.school())).school;
    expect([seen.subscriptions.get("gold"), seen.seats.get("team")]).toEqual([["x"], ["y"]]);
    await school.ask("DELETE", "/v1/products/seat/team");
    expect((await loadWorld(env, await school.school())).school.seats.size).toBe(0);
  });

  test("of a subscription or seat come and go with it, as its own", async () => {
    await put("subscription/gold", { name: "Gold", courses: ["x", "y"] });
    await put("seat/team", { name: "Team", courses: ["y", "z"] });
    await school.event("subscription.enrolled", "anna", { subscription: "gold" });
    await school.event("seat.added", "anna", { seat: "team" });
    const sources = async () =>
      Object.fromEntries(
        (await school.ask("GET", "/v1/users/anna")).body.enrolments.map(
          (one: { product: string; sources: string[] }) => [one.product, one.sources],
        ),
      );
    expect(await sources()).toEqual({
      gold: ["event"],
      x: ["subscription:gold"],
      y: ["subscription:gold", "seat:team"],
      z: ["seat:team"],
    });
    await school.event("subscription.unenrolled", "anna", { subscription: "gold" });
    expect(await sources()).toEqual({ y: ["seat:team"], z: ["seat:team"] });
    await school.event("seat.removed", "anna", { seat: "team" });
    expect(await sources()).toEqual({});
  });

  test("that are others now whoever holds them gets, and loses, by a job, quietly", async () => {
    await school.automation({
      when: [{ type: "course.enrolled", courses: ["z"] }],
      then: [{ type: "tags.add", tags: ["z"] }],
      synchronous: true,
    });
    await put("bundle/b", { name: "B", courses: ["x", "y"] });
    await school.event("bundle.enrolled", "ben", { bundle: "b" });
    await school.event("course.enrolled", "cleo", { course: "y" });
    await flushLog(school.id, "ben", "cleo");
    const { job_id } = (await put("bundle/b", { name: "B", courses: ["y", "z"] })).body;
    while (queues.actions.length) await consume("schoolbell-jobs", queues.actions.splice(0));
    expect((await school.ask("GET", `/v1/jobs/${job_id}`)).body).toMatchObject({ status: "done" });
    expect([await enrolled("ben"), await enrolled("cleo")]).toEqual([["b", "y", "z"], ["y"]]);
    expect((await school.ask("GET", "/v1/users/ben")).body.tags).toEqual([]);
    expect((await put("bundle/b", { name: "All", courses: ["z", "y"] })).body).not.toHaveProperty("job_id");
    await flushLog(school.id, "ben");
    type Told = { type: string; seq: number; data: { course: string }; cause: unknown };
    const { data } = (await school.ask("GET", "/v1/changes?limit=100")).body;
    // Some are there twice.
    const told = [...new Map(data.map((one: Told) => [one.seq, one] as const)).values()] as Told[];
    expect(told.map(({ type, data }) => `${type} ${data.course}`)).toEqual([
      "course.enrolled x",
      "course.enrolled y",
      "course.unenrolled x",
      "course.enrolled z",
    ]);
    for (const { cause } of told) expect(cause).toEqual({ type: "bundle", id: "b" });
  });
});

describe("a name that an event tells", () => {
  test("is learned with the log's batch; the same again writes nothing, and a user token's is none", async () => {
    await school.event("course.enrolled", "anna", { course: "js", title: "JavaScript" });
    await flushLog(school.id, "anna");
    expect(await get("course/js")).toMatchObject({ name: "JavaScript", told: { name: "event" } });
    const before = await stamps();
    await school.event("course.enrolled", "ben", { course: "js", title: "JavaScript" });
    await flushLog(school.id, "ben");
    expect(await stamps()).toEqual(before);
    await school.event("course.completed", "ben", { course: "js", name: "JavaScript 2" });
    await flushLog(school.id, "ben");
    expect((await get("course/js")).name).toBe("JavaScript 2");
  });

  test("replaces none that was given by hand", async () => {
    await put("course/js", { name: "Ours" });
    await school.event("course.enrolled", "anna", { course: "js", title: "Theirs" });
    await flushLog(school.id, "anna");
    expect((await get("course/js")).name).toBe("Ours");
  });
});

describe("a name in a message of others", () => {
  test("of LearnWorlds is learned, and no part of the event: a copy with another is no other event", async () => {
    const { hook_key } = (await school.ask("GET", "/v1/school")).body;
    const completed = (title: string) => ({
      type: "courseCompleted",
      data: { user: { id: "anna" }, course: { id: "js", title }, completed_at: 1_767_225_600 },
    });
    for (const title of ["JavaScript", "JavaScript!"])
      expect((await school.ask("POST", `/hooks/learnworlds/${hook_key}`, completed(title))).status).toBe(200);
    await flushLog(school.id, "anna");
    expect((await get("course/js")).name).toBe("JavaScript");
    const facts = (await school.ask("GET", "/v1/users/anna/timeline")).body.data;
    expect(facts.filter((one: { type: string }) => one.type === "course.completed")).toHaveLength(1);
  });

  test("of xAPI is learned of the object and of its course", async () => {
    const statement = {
      actor: { account: { name: "anna", homePage: "https://lms.test" } },
      verb: { id: "http://adlnet.gov/expapi/verbs/completed" },
      object: {
        id: "https://lms.test/a1",
        definition: { type: "http://adlnet.gov/expapi/activities/lesson", name: { el: "Ένα", "en-US": "Lesson 1" } },
      },
      context: {
        contextActivities: {
          parent: [
            {
              id: "https://lms.test/js",
              definition: { type: "http://adlnet.gov/expapi/activities/course", name: { "en-GB": "JavaScript" } },
            },
          ],
        },
      },
    };
    const headers = { "x-experience-api-version": "1.0.3" };
    expect((await school.ask("POST", "/xapi/statements", statement, headers)).status).toBe(200);
    await flushLog(school.id, "anna");
    const { data } = (await school.ask("GET", "/v1/products")).body;
    expect(data.map((one: { type: string; name: string }) => [one.type, one.name])).toEqual([
      ["activity", "Lesson 1"],
      ["course", "JavaScript"],
    ]);
  });
});
