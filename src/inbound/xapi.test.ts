import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import adl from "../../test/fixtures/inbound/xapi-adl-xapiwrapper.json";
import logstore from "../../test/fixtures/inbound/xapi-moodle-logstore.json";
import tincan from "../../test/fixtures/inbound/xapi-tincanjs.json";
import xapiJs from "../../test/fixtures/inbound/xapi-xapi-js.json";
import { call, flushLog, makeSchool, setNow, type TestSchool } from "../../test/workers/live";
import { listUnmapped } from "../db/unmapped";
import { env } from "../http/test-client";
import { mapStatement } from "./xapi/map";
import { readStatements } from "./xapi/statement";

let school: TestSchool;
beforeAll(async () => {
  school = await makeSchool();
});

// After everything that was recorded.
beforeEach(() => {
  setNow(Date.UTC(2026, 11, 1));
});

const VERSION = "x-experience-api-version";

const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = { [VERSION]: "1.0.3" }) =>
  school.ask(method, path, body, headers);
const post = (body: unknown) => send("POST", "/xapi/statements", body);
const put = (id: string, body: unknown) => send("PUT", `/xapi/statements?statementId=${id}`, body);
const userOf = async (id: string) => (await send("GET", `/v1/users/${encodeURIComponent(id)}`)).body;
const timelineOf = async (id: string): Promise<{ type: string; data: object }[]> =>
  (await send("GET", `/v1/users/${encodeURIComponent(id)}/timeline?limit=100`)).body.data;

const ADL = "http://adlnet.gov/expapi/verbs/";
const COURSE = "http://adlnet.gov/expapi/activities/course";
const course = { id: "https://school.com/courses/js", definition: { type: COURSE } };
const lesson = {
  id: "https://school.com/lessons/1",
  definition: { type: "http://adlnet.gov/expapi/activities/lesson" },
};
const inCourse = { contextActivities: { parent: [course] } };
const actor = (name: string) => ({ account: { homePage: "https://school.com", name } });

const statement = (verb: string, user = "anna", rest: Record<string, unknown> = {}) => ({
  actor: actor(user),
  verb: { id: verb.includes(":") ? verb : ADL + verb },
  object: course,
  timestamp: "2026-01-02T03:04:05.678Z",
  ...rest,
});

const uuid = () => crypto.randomUUID();
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe("a statement", () => {
  test.each<[string, Record<string, unknown>, string, Record<string, unknown>]>([
    ["registered", {}, "course.enrolled", { course: course.id }],
    [
      "registered",
      { object: { id: "https://s", definition: { type: "http://id.tincanapi.com/activitytype/lms" } } },
      "user.signed_up",
      {},
    ],
    ["https://xapi.edlm/profiles/edlm-lms/concepts/verbs/enrolled", {}, "course.enrolled", { course: course.id }],
    ["http://activitystrea.ms/leave", {}, "course.unenrolled", { course: course.id }],
    [
      "http://activitystrea.ms/schema/1.0/join",
      { object: { id: "https://s/group/index.php?id=7" } },
      "group.joined",
      { group: "7" },
    ],
    [
      "https://w3id.org/xapi/adl/verbs/logged-in",
      { object: { id: "https://s", definition: { type: "https://x/lms" } } },
      "user.signed_in",
      {},
    ],
    ["initialized", {}, "course.visited", { course: course.id }],
    ["launched", { object: lesson, context: inCourse }, "course.visited", { course: course.id }],
    ["completed", {}, "course.completed", { course: course.id }],
    [
      "completed",
      { object: lesson, context: inCourse },
      "activity.completed",
      { course: course.id, activity: lesson.id },
    ],
    [
      "completed",
      { object: lesson, context: { contextActivities: { grouping: course } } },
      "activity.completed",
      { course: course.id, activity: lesson.id },
    ],
    [
      "completed",
      {
        object: {
          id: "https://s/mod/quiz/attempt.php?attempt=4&cmid=9",
          definition: { type: "http://adlnet.gov/expapi/activities/attempt" },
        },
        result: { success: true },
      },
      "assessment.submitted",
      { assessment: "9", passed: true },
    ],
    [
      "passed",
      { object: lesson, result: { score: { scaled: 0.87 } } },
      "assessment.reviewed",
      { assessment: lesson.id, score: 87, passed: true },
    ],
    [
      "failed",
      { object: lesson, result: { score: { raw: 3 } } },
      "assessment.reviewed",
      { assessment: lesson.id, score: 3, passed: false },
    ],
    [
      "scored",
      { object: lesson, result: { score: { raw: 3 } } },
      "assessment.submitted",
      { assessment: lesson.id, score: 3 },
    ],
    [
      "https://w3id.org/xapi/tla/verbs/scored",
      { object: lesson, result: { success: false } },
      "assessment.reviewed",
      { assessment: lesson.id, passed: false },
    ],
    [
      "progressed",
      { result: { extensions: { "https://w3id.org/xapi/cmi5/result/extensions/progress": 40 } } },
      "course.progressed",
      { course: course.id, percent: 40 },
    ],
    [
      "suspended",
      { result: { extensions: { "https://w3id.org/xapi/cmi5/result/extensions/progress": 60 } } },
      "course.progressed",
      { course: course.id, percent: 60 },
    ],
    [
      "https://xapi.edlm/profiles/edlm-lms/concepts/verbs/uncompleted",
      { object: lesson, context: inCourse },
      "activity.progress_reset",
      { course: course.id, activity: lesson.id },
    ],
    [
      "https://w3id.org/xapi/tla/verbs/achieved",
      { object: { id: "https://s/badges/overview.php?id=3" } },
      "certificate.awarded",
      { certificate: "3" },
    ],
    [
      "http://activitystrea.ms/submit",
      {
        object: {
          id: "https://s/mod/feedback/view.php?id=5",
          definition: { type: "http://id.tincanapi.com/activitytype/survey" },
        },
      },
      "form.submitted",
      { form: "5" },
    ],
  ])("%s of %j makes %s", async (verb, rest, type, data) => {
    const [read] = readStatements([statement(verb, "anna", rest)], []);
    if (!read) throw new Error("no statement");
    const { mapped } = await mapStatement(read.statement, new Map());
    expect(mapped).toMatchObject({ events: [{ type, data, user: { id: "anna" } }] });
  });

  test("changes the user, and its copy nothing", async () => {
    const id = uuid();
    const completed = { ...statement("completed", "bea"), id };
    for (const _ of [1, 2]) expect(await post(completed)).toMatchObject({ status: 200, body: [id] });
    expect((await put(id, completed)).status).toBe(204);
    expect((await userOf("bea")).courses[course.id].percent).toBe(100);
    expect((await timelineOf("bea")).filter(({ type }) => type === "course.completed")).toHaveLength(1);
  });

  test("with an id that came with other content is a 409, posted or put", async () => {
    const id = uuid();
    expect((await put(id, statement("completed", "carl"))).status).toBe(204);
    expect((await put(id, statement("failed", "carl"))).status).toBe(409);
    expect((await put(id, statement("completed", "carl", { result: { score: { raw: 3 } } }))).status).toBe(409);
    expect(await post({ ...statement("failed", "carl"), id })).toMatchObject({ status: 409, body: { status: 409 } });
  });

  test("without an id is known by what it says, where it says when", async () => {
    const one = { ...statement("passed", "dora"), object: lesson };
    const first = await post(one);
    expect(first.body[0]).toMatch(UUID);
    expect((await post({ ...one, verb: { ...one.verb, display: { en: "passed" } } })).body).toEqual(first.body);
    expect((await post({ ...one, context: { registration: uuid() } })).body).not.toEqual(first.body);
    const { timestamp: _, ...timeless } = one;
    expect((await post(timeless)).body).not.toEqual((await post(timeless)).body);
    expect((await timelineOf("dora")).filter(({ type }) => type === "assessment.reviewed")).toHaveLength(4);
  });

  test("of a visit with progress makes both", async () => {
    const extensions = { "https://w3id.org/xapi/cmi5/result/extensions/progress": 30 };
    expect((await post(statement("initialized", "emma", { result: { extensions } }))).status).toBe(200);
    expect((await userOf("emma")).courses[course.id]).toMatchObject({ percent: 30, started_at: expect.any(String) });
  });

  test("that says nothing to us is taken and counted", async () => {
    const other = [
      statement("answered", "fred"),
      statement("voided", "fred", { object: { objectType: "StatementRef", id: uuid() } }),
      statement("completed", "fred", { actor: { openid: "https://fred.com" } }),
      statement("completed", "fred", { actor: { objectType: "Group", member: [actor("fred")] } }),
      statement("completed", "fred", { object: lesson }),
    ];
    expect(await post(other)).toMatchObject({ status: 200, body: Array(5).fill(expect.stringMatching(UUID)) });
    expect((await send("GET", "/v1/users/fred")).status).toBe(404);
    const counted = (await listUnmapped(env, school.id, { limit: 100 })).data.filter(({ format }) => format === "xapi");
    expect(counted.map(({ name }) => name)).toContain(`${ADL}answered (course)`);
    expect(counted.map(({ name }) => name)).toContain(`${ADL}completed (activity that says too little)`);
  });
});

describe("an mbox", () => {
  test("finds the user with that email, whatever its case", async () => {
    await school.event("user.signed_up", { id: "gina", email: "Gina@acme.com" });
    await flushLog(school.id, "gina");
    expect((await post(statement("completed", "", { actor: { mbox: "mailto:gina@ACME.com" } }))).status).toBe(200);
    expect(await userOf("gina")).toMatchObject({ email: "Gina@acme.com", courses: { [course.id]: { percent: 100 } } });
  });

  test("else makes a user whose id it is, and its copies stay copies", async () => {
    const one = {
      ...statement("completed", "", { actor: { name: "Hugo", mbox: "mailto:hugo@acme.com" } }),
      id: uuid(),
    };
    expect((await post(one)).status).toBe(200);
    await flushLog(school.id, "hugo@acme.com");
    expect((await post(one)).status).toBe(200);
    expect(await userOf("hugo@acme.com")).toMatchObject({ id: "hugo@acme.com", email: "hugo@acme.com" });
    expect((await timelineOf("hugo@acme.com")).filter(({ type }) => type === "course.completed")).toHaveLength(1);
  });
});

describe("one odd value costs itself alone:", () => {
  const good = statement("completed", "judy");
  test.each<[string, Record<string, unknown>, string]>([
    ["a null", { context: { platform: null } }, "/context/platform"],
    ["a null of the actor", { actor: { ...actor("judy"), mbox: null } }, "/actor/mbox"],
    ["a null of the verb", { verb: { ...good.verb, display: { en: null } } }, "/verb/display/en"],
    ["a scaled score above 1", { result: { score: { scaled: 87 } } }, "/result/score/scaled"],
    ["a score in words", { result: { score: { raw: "good" } } }, "/result/score/raw"],
    ["a registration that is no UUID", { context: { registration: "7" } }, "/context/registration"],
    ["a time that is none", { timestamp: "yesterday" }, "/timestamp"],
    ["a type that is no IRI", { object: { ...course, definition: { type: "course" } } }, "/object/definition/type"],
    ["a time in seconds", { timestamp: 1_767_258_000, version: null }, "/version"],
    ["two ids of an actor, of which one is none", { actor: { ...actor("judy"), mbox: "judy" } }, "/actor/mbox"],
    ["a name that is none", { actor: { ...actor("judy"), name: 5 } }, "/actor/name"],
  ])("%s", async (_, odd, path) => {
    const own = await makeSchool();
    const to = { authorization: `Basic ${btoa(`${own.key}:`)}`, [VERSION]: "1.0.3" };
    const answered = await call("POST", "/xapi/statements", [good, { ...good, ...odd }], undefined, to);
    expect(answered.status, JSON.stringify(answered.body)).toBe(200);
    expect((await own.ask("GET", "/v1/users/judy")).body.courses[course.id].percent).toBe(100);
    expect((await listUnmapped(env, own.id, { limit: 100 })).data.map((one) => one.path)).toContain(path);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ["a number", { account: { homePage: "https://school.com", name: 42 } }, "42"],
    ["an account and an address", { mbox: "mailto:kim@acme.com", account: { name: "kim" } }, "kim"],
    [
      "an account that means nobody, and an address",
      { mbox: "mailto:kim@acme.com", account: { name: "undefined" } },
      "kim@acme.com",
    ],
    ["an address alone", { mbox: " kim@acme.com" }, "kim@acme.com"],
    ["a list of one, as before 1.0", { mbox: ["mailto:kim@acme.com"], name: ["Kim"] }, "kim@acme.com"],
    ["an account of before 1.0", { account: [{ accountServiceHomePage: "x", accountName: "kim" }] }, "kim"],
  ])("an actor named by %s is who is meant", async (_, given, user) => {
    const own = await makeSchool();
    const to = { authorization: `Basic ${btoa(`${own.key}:`)}`, [VERSION]: "1.0.3" };
    const list = [good, { ...good, actor: given }];
    expect((await call("POST", "/xapi/statements", list, undefined, to)).status).toBe(200);
    for (const id of ["judy", user])
      expect((await own.ask("GET", `/v1/users/${id}`)).body.courses[course.id].percent).toBe(100);
  });

  test.each<[string, Record<string, unknown>]>([
    ["a list of several", { mbox: ["mailto:a@acme.com", "mailto:b@acme.com"] }],
    ["an account without a name", { account: { homePage: "https://school.com" } }],
    ["text with NUL", actor("i\0van")],
    ["a mailbox that is a page", { mbox: "https://school.com/kim" }],
  ])("an actor named by %s is nobody, and costs no other statement", async (_, given) => {
    const own = await makeSchool();
    const to = { authorization: `Basic ${btoa(`${own.key}:`)}`, [VERSION]: "1.0.3" };
    const list = [{ ...good, actor: given }, good];
    expect((await call("POST", "/xapi/statements", list, undefined, to)).status).toBe(200);
    expect((await own.ask("GET", "/v1/users/judy")).body.courses[course.id].percent).toBe(100);
    expect((await listUnmapped(env, own.id, { limit: 100 })).data.length).toBeGreaterThan(0);
  });

  test("who cannot be a user is nobody, and what is told of the others is taken", async () => {
    const nobodies = ["lead:ivan@acme.com", "undefined", "null", "[object Object]", "NaN", " ", "u".repeat(129)];
    const actors = [...nobodies.map(actor), { mbox: "mailto:x" }, { mbox: "mailto:%zz@" }];
    const list = actors.map((one) => ({ ...good, actor: one }));
    expect((await post([...list, statement("completed", "kim")])).status).toBe(200);
    expect((await userOf("kim")).courses[course.id].percent).toBe(100);
    const { data } = (await send("GET", "/v1/users?limit=100")).body;
    const ids = data.map(({ id }: { id: string }) => id);
    for (const id of nobodies) expect(ids).not.toContain(id);
  });

  test("a statement of a clock that is ahead happened now, and one without a zone is read as UTC", async () => {
    const ahead = { ...statement("completed", "lea"), timestamp: "2100-01-01T00:00:00Z" };
    expect((await post([ahead, { ...statement("completed", "mia"), timestamp: "2026-01-02T03:04:05" }])).status).toBe(
      200,
    );
    expect(Date.parse((await userOf("lea")).courses[course.id].completed_at)).toBeLessThanOrEqual(Date.now());
    expect((await userOf("mia")).courses[course.id].completed_at).toBe("2026-01-02T03:04:05.000Z");
  });

  test("a bare word as the id of an activity beside is nothing to us", async () => {
    const grouping = [
      { id: "438AD672", definition: { type: "http://adlnet.gov/expapi/activities/attempt" } },
      { id: "" },
      7,
    ];
    const one = { ...statement("completed", "nora"), context: { contextActivities: { parent: [course], grouping } } };
    expect((await post(one)).status).toBe(200);
  });
});

describe("refused with a 400, and nothing of the list taken, is", () => {
  const good = statement("completed", "ivan");
  test.each<[string, unknown]>([
    ["a statement without an actor", { ...good, actor: undefined }],
    ["without a verb", { ...good, verb: undefined }],
    ["without an object", { ...good, object: undefined }],
    ["an id that is no UUID", { ...good, id: "7" }],
    ["an actor without an identifier", { ...good, actor: { name: "Ivan" } }],
    ["a verb that is no IRI", { ...good, verb: { id: "completed" } }],
    ["text with NUL", { ...good, verb: { id: "http://a\0.example" } }],
    ["a number", 7],
    ["a list in the list", [good]],
  ])("%s", async (_, bad) => {
    const answered = await post([good, bad]);
    expect(answered).toMatchObject({ status: 400, body: { status: 400 } });
    expect(answered.headers.get("content-type")).toBe("application/problem+json");
    expect((await send("GET", "/v1/users/ivan")).status).toBe(404);
  });

  test("the same id twice", async () => {
    const id = uuid();
    expect(
      (
        await post([
          { ...good, id },
          { ...good, id: id.toUpperCase() },
        ])
      ).status,
    ).toBe(400);
    expect((await send("GET", "/v1/users/ivan")).status).toBe(404);
  });

  test("a PUT without statementId, with another id or of a list", async () => {
    expect((await send("PUT", "/xapi/statements", good)).status).toBe(400);
    expect((await put(uuid(), { ...good, id: uuid() })).status).toBe(400);
    expect((await put("7", good)).status).toBe(400);
    expect((await put(uuid(), [good])).status).toBe(400);
  });

  test("a nested one without end, or too many", async () => {
    const deep = `${'{"a":'.repeat(500)}1${"}".repeat(500)}`;
    expect(
      (await send("POST", "/xapi/statements", deep, { [VERSION]: "1.0.3", "content-type": "application/json" })).status,
    ).toBe(400);
    expect((await post(Array(501).fill(good))).status).toBe(413);
  });
});

describe("the version", () => {
  test.each([
    ["1.0.0", 200],
    ["1.0.1", 200],
    ["1.0", 200],
    ["0.95", 400],
    ["2.0.0", 400],
    ["", 400],
  ])("%j is answered %i, and ours told", async (version, status) => {
    const answered = await send("POST", "/xapi/statements", [], version ? { [VERSION]: version } : {});
    expect(answered.status).toBe(status);
    if (status === 200) expect(answered).toMatchObject({ body: [] });
    if (status === 200) expect(answered.headers.get(VERSION)).toBe("1.0.3");
  });

  test("is told by /xapi/about", async () => {
    const answered = await send("GET", "/xapi/about");
    expect(answered.body.version).toContain("1.0.3");
    expect(answered.headers.get(VERSION)).toBe("1.0.3");
  });
});

describe("what was recorded of", () => {
  const recorded = [adl, tincan, xapiJs, logstore].map((capture) => [capture.client, capture.requests] as const);

  test.each(recorded)("%s is taken, and sent again nothing changes", async (_, requests) => {
    const sent = requests.filter(({ method, path }) => method !== "GET" || path.endsWith("/about"));
    const answers: { round: number; body: unknown }[] = [];
    for (const round of [1, 2]) {
      for (const request of sent) {
        const body = "body" in request ? request.body : undefined;
        const answered = await send(request.method, request.path, body, request.headers);
        expect([200, 204]).toContain(answered.status);
        answers.push({ round, body: answered.body });
      }
    }
    const of = (round: number) => answers.filter((one) => one.round === round).map(({ body }) => body);
    expect(of(2)).toEqual(of(1));
  });

  test("a real Moodle makes its user, with course and activity by Moodle's own numbers", async () => {
    const types = (await timelineOf("x1795303372596@example.com")).map(({ type, data }) => ({ type, data }));
    expect(types).toContainEqual({ type: "course.enrolled", data: expect.objectContaining({ course: "2" }) });
    expect(types).toContainEqual({ type: "course.unenrolled", data: expect.objectContaining({ course: "2" }) });
    expect(await userOf("x1795303372596@example.com")).toMatchObject({
      username: "Олена Т",
      courses: { 2: { activities: ["3"] } },
    });
  });
});
