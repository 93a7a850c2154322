import { beforeEach, describe, expect, test } from "vitest";
import { traceIn } from "../../src/base/reports/trace";
import { consume, flushLog, liveSchool, setNow, standIn } from "./live";
import { anna, zipOf } from "./oneroster";

/* One trace from the call that told of an event to the last call that it leads to, and in the log of both. */

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const GIVEN = { traceparent: `00-${TRACE}-b7ad6b7169203331-01` };
const HOOK = "https://traced.acme.com/hook";
const LMS = { type: "webhook", url: "https://traced.acme.com/lms" };
const DAY_MS = 86_400_000;

const { school, queues } = liveSchool("live", { connectors: { lms: LMS } });

/** The traces that were named to others, by the path. */
let told: Record<string, (string | null)[]>;
beforeEach(async () => {
  told = {};
  standIn("https://traced.acme.com/", (url, init) => {
    const { pathname } = new URL(url);
    told[pathname] = [...(told[pathname] ?? []), traceIn(new Headers(init.headers).get("traceparent"))];
    return new Response();
  });
  await school.automation({
    when: [{ type: "user.signed_up" }],
    then: [
      { type: "tags.add", tags: ["new"] },
      { type: "webhook.send", url: HOOK },
      { type: "wait", for: "P2D" },
      { type: "webhook.send", url: HOOK },
    ],
  });
});

const settle = async (): Promise<void> => {
  while (queues.actions.length) await consume("schoolbell-actions", queues.actions.splice(0));
};

const signUp = (headers: Record<string, string> = {}) =>
  school.ask("POST", "/v1/events", { type: "user.signed_up", user: { id: "anna" }, data: {} }, headers);

const logged = async (path: string) =>
  (await school.ask("GET", `${path}?user=anna`)).body.data.map((one: { trace_id: string }) => one.trace_id);

describe("a trace", () => {
  test("of the caller is answered, logged, and named to webhooks and the LMS, over a wait of days too", async () => {
    setNow(Date.UTC(2027, 0, 1));
    const answer = await signUp(GIVEN);
    expect(traceIn(answer.headers.get("traceresponse"))).toBe(TRACE);
    await settle();
    setNow(Date.UTC(2027, 0, 1) + 2 * DAY_MS + 1_000);
    await school.ring("anna");
    await settle();
    await flushLog(school.id, "anna");
    expect(told).toEqual({ "/hook": [TRACE, TRACE], "/lms": [TRACE] });
    expect(await logged("/v1/runs")).toEqual([TRACE]);
    expect(new Set(await logged("/v1/deliveries"))).toEqual(new Set([TRACE]));
  });

  test("is made where the caller names none, and is the same all the way", async () => {
    const answer = await signUp();
    const made = traceIn(answer.headers.get("traceresponse"));
    expect(made).toMatch(/^[0-9a-f]{32}$/);
    await settle();
    expect(told).toEqual({ "/hook": [made], "/lms": [made] });
    expect(await logged("/v1/runs")).toEqual([made]);
  });

  test("of a batch is that of all its events", async () => {
    const events = ["anna", "ben"].map((id) => ({ type: "user.signed_up", user: { id }, data: {} }));
    await school.ask("POST", "/v1/events/batch", { events }, GIVEN);
    await settle();
    expect(told["/hook"]).toEqual([TRACE, TRACE]);
    // Where it names none, each event is a trace of its own.
    await school.ask("POST", "/v1/events/batch", {
      events: ["cleo", "dan"].map((id) => ({ id: "e1", type: "user.signed_up", user: { id }, data: {} })),
    });
    await settle();
    expect(new Set(told["/hook"]).size).toBe(3);
  });

  test("is one of its own for a run that no call told of", async () => {
    const [id] = (await school.ask("GET", "/v1/automations")).body.data.map((one: { id: string }) => one.id);
    await school.ask("PUT", "/v1/users/anna", {});
    const { object, reference } = await school.object("anna");
    await object.change(
      reference,
      { kind: "enrol", automation: id, origin: { by: "hand", id: null } },
      { creates: false },
    );
    await school.ring("anna");
    await settle();
    const [trace] = await logged("/v1/runs");
    expect(trace).toMatch(/^[0-9a-f]{32}$/);
    expect(told["/hook"]).toEqual([trace]);
  });
});

describe("a trace that is named to another way in", () => {
  const LEARNER = "5";
  const inTheHook = async (format: string, body: unknown) => {
    const { hook_key: key } = (await school.ask("GET", "/v1/school")).body;
    return school.ask("POST", `/hooks/${format}/${key}`, body, GIVEN);
  };
  const moodle = (eventname: string, more: Record<string, unknown> = {}) =>
    inTheHook("moodle", {
      ...{ eventname: `\\core\\event\\${eventname}`, objectid: "31", userid: "2", relateduserid: LEARNER },
      ...{ courseid: "12", timecreated: Math.floor(Date.now() / 1_000), other: null, host: "lms.acme.com", ...more },
    });
  const csv = (path: string, text: string) =>
    school.ask("POST", path, new TextEncoder().encode(text), { ...GIVEN, "content-type": "text/csv" });
  const message = { userId: LEARNER, messageId: "m1", timestamp: new Date().toISOString() };
  const statement = {
    id: crypto.randomUUID(),
    actor: { account: { homePage: "https://lms.acme.com", name: LEARNER } },
    verb: { id: "http://adlnet.gov/expapi/verbs/registered" },
    object: {
      id: "https://lms.acme.com/js",
      definition: { type: "http://adlnet.gov/expapi/activities/course" },
    },
  };
  const xapi = { ...GIVEN, "x-experience-api-version": "1.0.3" };

  test.each<[string, () => Promise<{ status: number }>]>([
    ["Segment", () => school.ask("POST", "/v1/identify", { ...message, traits: { email: "a@acme.com" } }, GIVEN)],
    [
      "Segment's batches",
      () =>
        school.ask(
          "POST",
          "/v1/batch",
          { batch: [{ ...message, type: "identify", traits: { email: "a@acme.com" } }] },
          GIVEN,
        ),
    ],
    ["xAPI", () => school.ask("POST", "/xapi/statements", statement, xapi)],
    ["xAPI by its id", () => school.ask("PUT", `/xapi/statements?statementId=${statement.id}`, statement, xapi)],
    [
      "LearnWorlds",
      () =>
        inTheHook("learnworlds", { type: "courseCompleted", data: { user: { id: LEARNER }, course: { id: "js" } } }),
    ],
    ["Moodle", () => moodle("user_created")],
    [
      "a cohort of Moodle's",
      async () => {
        expect((await school.ask("POST", "/v1/segments", { id: "31", name: "Cohort" })).status).toBe(201);
        return moodle("cohort_member_added", { courseid: 0 });
      },
    ],
    [
      "OneRoster",
      () => {
        const zip = zipOf({ "users.csv": [{ ...anna, sourcedId: LEARNER }] });
        return school.ask("POST", "/v1/users/import?fire=true", zip, { ...GIVEN, "content-type": "application/zip" });
      },
    ],
    ["CSV", () => csv("/v1/users/import?fire=true", `id,email\n${LEARNER},a@acme.com\n`)],
    [
      "CSV of members",
      async () => {
        expect((await school.ask("POST", "/v1/segments", { id: "31", name: "Cohort" })).status).toBe(201);
        expect((await school.ask("PUT", `/v1/users/${LEARNER}`, {})).status).toBe(200);
        return csv("/v1/segments/members/import?fire=true", `segment,user\n31,${LEARNER}\n`);
      },
    ],
  ])("is that of the runs that begin by it: %s", async (_, send) => {
    await school.automation({
      when: [
        ...[
          { type: "user.signed_up" },
          { type: "user.updated" },
          { type: "course.enrolled" },
          { type: "course.completed" },
        ],
        { type: "segment.joined", segments: ["31"] },
      ],
      then: [{ type: "webhook.send", url: HOOK }],
    });
    expect([200, 202, 204]).toContain((await send()).status);
    await settle();
    await flushLog(school.id, LEARNER);
    const runs = (await school.ask("GET", `/v1/runs?user=${LEARNER}`)).body.data;
    expect(runs.length).toBeGreaterThan(0);
    expect(new Set(runs.map(({ trace_id }: { trace_id: string }) => trace_id))).toEqual(new Set([TRACE]));
    expect(new Set(told["/hook"])).toEqual(new Set([TRACE]));
  });
});
