import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import recorded from "../../test/fixtures/inbound/moodle-events.json";
import { call, makeSchool, setNow, type TestSchool } from "../../test/workers/live";
import { listUnmapped } from "../db/unmapped";
import { env } from "../http/test-client";
import { mapMoodle } from "./moodle";

let school: TestSchool;
let hook: string;
beforeAll(async () => {
  school = await makeSchool();
  hook = `/hooks/moodle/${(await school.ask("GET", "/v1/school")).body.hook_key}`;
});
// After everything that was recorded.
beforeEach(() => {
  setNow(Date.UTC(2026, 11, 1));
});

const NOW = Date.UTC(2026, 11, 1);
const timelineOf = async (user: string): Promise<{ type: string; data: object }[]> =>
  (await school.ask("GET", `/v1/users/${user}/timeline?limit=100`)).body.data;
const countOf = async (name: string) =>
  (await listUnmapped(env, school.id, { limit: 100 })).data.find((one) => one.format === "moodle" && one.name === name)
    ?.count;

const event = (eventname: string, rest: Record<string, unknown> = {}) => ({
  eventname: `\\${eventname}`,
  objectid: "31",
  contextinstanceid: 7,
  userid: "2",
  relateduserid: "5",
  courseid: "12",
  anonymous: 0,
  other: null,
  timecreated: 1795304704,
  host: "127.0.0.1",
  ...rest,
});

describe("an event of Moodle's", () => {
  test.each<[string, Record<string, unknown>, string, Record<string, unknown>, string?]>([
    ["core\\event\\user_created", {}, "user.signed_up", {}],
    ["core\\event\\user_updated", {}, "user.updated", {}],
    ["core\\event\\user_loggedin", { relateduserid: null }, "user.signed_in", {}, "2"],
    ["core\\event\\user_enrolment_created", {}, "course.enrolled", { course: "12" }],
    [
      "core\\event\\user_enrolment_deleted",
      { other: { userenrolment: { lastenrol: "1" } } },
      "course.unenrolled",
      { course: "12" },
    ],
    ["core\\event\\course_viewed", { relateduserid: null }, "course.visited", { course: "12" }, "2"],
    ["core\\event\\course_viewed", { courseid: 1 }, "school.visited", {}],
    ["mod_page\\event\\course_module_viewed", {}, "course.visited", { course: "12" }],
    [
      "core\\event\\course_module_completion_updated",
      { other: { completionstate: "3" } },
      "activity.completed",
      { course: "12", activity: "7" },
    ],
    [
      "core\\event\\course_module_completion_updated",
      { other: { completionstate: 0 } },
      "activity.progress_reset",
      { course: "12", activity: "7" },
    ],
    ["core\\event\\course_completed", {}, "course.completed", { course: "12" }],
    ["core\\event\\group_member_added", {}, "group.joined", { group: "31" }],
    ["core\\event\\group_member_removed", {}, "group.left", { group: "31" }],
    ["mod_quiz\\event\\attempt_submitted", {}, "assessment.submitted", { course: "12", assessment: "7" }],
    [
      "mod_assign\\event\\assessable_submitted",
      { relateduserid: null },
      "assessment.submitted",
      { course: "12", assessment: "7" },
      "2",
    ],
    ["mod_feedback\\event\\response_submitted", { other: { cmid: 9, anonymous: 2 } }, "form.submitted", { form: "9" }],
    [
      "core\\event\\badge_awarded",
      { courseid: 0, other: { expiredate: 1827000000 } },
      "certificate.awarded",
      { certificate: "31", expires_at: "2027-11-23T20:00:00.000Z" },
    ],
    ["tool_certificate\\event\\certificate_issued", {}, "certificate.awarded", { course: "12", certificate: "31" }],
    ["local_recompletion\\event\\completion_reset", {}, "course.progress_reset", { course: "12" }],
  ])("%s with %j is %s", async (name, rest, type, data, user = "5") => {
    const mapped = await mapMoodle(event(name, rest), NOW);
    expect(mapped).toEqual({
      events: [{ id: expect.any(String), type, data, user: { id: user }, occurred_at: "2026-11-21T23:45:04.000Z" }],
    });
  });

  test.each<[string, Record<string, unknown>]>([
    ["core\\event\\user_enrolment_deleted", { other: { userenrolment: { lastenrol: false } } }],
    ["mod_assign\\event\\submission_graded", {}],
    ["mod_feedback\\event\\response_submitted", { anonymous: 1 }],
    ["core\\event\\course_module_completion_updated", { other: { completionstate: 9 } }],
    ["constructor", {}],
  ])("%s with %j is counted", async (name, rest) => {
    expect(await mapMoodle(event(name, rest), NOW)).toEqual({ unmapped: `\\${name}` });
  });

  test.each([0, 1, "1", -1])("of user %j, who is nobody, is counted", async (userid) => {
    const visit = event("core\\event\\course_viewed", { userid, relateduserid: null });
    expect(await mapMoodle(visit, NOW)).toEqual({ unmapped: "\\core\\event\\course_viewed (nobody)" });
  });

  test("is the same whether its ids come as numbers or as digits, and another at another time", async () => {
    const idOf = async (body: unknown) => {
      const mapped = await mapMoodle(body, NOW);
      return "events" in mapped ? mapped.events[0]?.id : undefined;
    };
    const one = event("core\\event\\course_completed");
    expect(await idOf({ ...one, courseid: 12, objectid: 31, token: "x" })).toBe(await idOf(one));
    expect(await idOf({ ...one, timecreated: 1795304705 })).not.toBe(await idOf(one));
  });

  test("is the same however its name, ids, time and other values are written", async () => {
    const other = { userenrolment: { lastenrol: true } };
    const plain = event("core\\event\\user_enrolment_deleted", { other });
    const same = await mapMoodle(plain, NOW);
    expect(same).toMatchObject({ events: [{ type: "course.unenrolled", user: { id: "5" }, data: { course: "12" } }] });
    for (const odd of [
      { eventname: "core\\event\\user_enrolment_deleted" },
      { eventname: "\\\\core\\\\event\\\\user_enrolment_deleted" },
      { relateduserid: " 5 ", courseid: "12\u200b" },
      { timecreated: "1795304704" },
      { other: JSON.stringify(other) },
    ])
      expect(await mapMoodle({ ...plain, ...odd }, NOW), JSON.stringify(odd)).toEqual(same);
    for (const lastenrol of ["1", 1, "true", "Yes"])
      expect(
        await mapMoodle({ ...plain, other: { userenrolment: { lastenrol } } }, NOW),
        JSON.stringify(lastenrol),
      ).toMatchObject({ events: [{ type: "course.unenrolled" }] });
  });

  test.each(["undefined", "NaN", "[object Object]", "-5", 1, "1", true])(
    "about somebody who is nobody (%j) is never about whoever did it",
    async (relateduserid) => {
      const mapped = await mapMoodle(event("core\\event\\user_enrolment_created", { relateduserid }), NOW);
      expect(mapped).toEqual({ unmapped: "\\core\\event\\user_enrolment_created (nobody)" });
    },
  );

  test("of a clock ahead of the school's happened now", async () => {
    const mapped = await mapMoodle(event("core\\event\\course_completed"), Date.UTC(2026, 0, 1));
    expect(mapped).toMatchObject({ events: [expect.not.objectContaining({ occurred_at: expect.anything() })] });
  });
});

describe("the hook", () => {
  test("takes what a real Moodle sent, and the same again without effect", async () => {
    const rounds = [];
    for (const _ of [1, 2]) {
      for (const body of recorded.bodies)
        expect(await call("POST", hook, body)).toMatchObject({ status: 200, body: { received: true } });
      rounds.push([await timelineOf("5"), await timelineOf("4")]);
    }
    expect(rounds[1]).toEqual(rounds[0]);
    expect((await timelineOf("5")).map(({ type }) => type)).toEqual(
      expect.arrayContaining([
        "user.signed_up",
        "course.enrolled",
        "group.joined",
        "activity.completed",
        "course.unenrolled",
      ]),
    );
    expect((await timelineOf("4")).map(({ type }) => type)).toContain("course.completed");
    expect(await countOf("\\core\\event\\cohort_member_added")).toBe(2);
  });

  test("takes JSON that calls itself a form", async () => {
    const context = await call("POST", hook, JSON.stringify(event("core\\event\\user_created", { relateduserid: 77 })));
    expect(context.status).toBe(200);
    expect((await timelineOf("77")).map(({ type }) => type)).toContain("user.signed_up");
  });

  test.each([[[]], [{}], ["text"], [7], [{ eventname: 7 }], [{ eventname: "\\x" }]])("counts %j", async (body) => {
    expect(await call("POST", hook, JSON.stringify(body))).toMatchObject({ status: 200, body: { received: true } });
  });

  test("counts what it knows and cannot read, and refuses what is no JSON", async () => {
    expect((await call("POST", hook, event("core\\event\\course_completed", { courseid: 0 }))).status).toBe(200);
    expect((await call("POST", hook, "{")).status).toBe(400);
    expect((await call("POST", hook, JSON.stringify({ a: "x".repeat(70_000) }))).status).toBe(413);
  });

  test("is there for the school's key alone", async () => {
    const answers = [];
    for (const key of ["x", `${school.id}.x`, `${school.id}.`, ".", `${"x".repeat(300)}`])
      answers.push(await call("POST", `/hooks/moodle/${key}`, {}));
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(404));
    expect((await call("GET", hook)).status).toBe(405);
  });
});

describe("who joins and leaves a cohort of Moodle's", () => {
  const member = (type: "added" | "removed", rest: Record<string, unknown> = {}) =>
    call("POST", hook, event(`core\\event\\cohort_member_${type}`, { relateduserid: "901", ...rest }));
  const segmentsOf = async () => (await school.ask("GET", "/v1/users/901")).body.segments;

  test("joins and leaves the segment of its id, and starts what listens", async () => {
    await school.ask("POST", "/v1/segments", { id: "31", name: "Cohort" });
    const [on, then] = [[{ type: "segment.joined", segments: ["31"] }], [{ type: "tags.add", tags: ["in"] }]];
    await school.automation({ when: on, synchronous: true, then });
    for (let time = 0; time < 2; time++) expect((await member("added")).status).toBe(200);
    expect((await school.ask("GET", "/v1/users/901")).body).toMatchObject({ segments: ["31"], tags: ["in"] });
    await member("removed");
    expect(await segmentsOf()).toEqual([]);
    // A copy of what was told before: it happened once.
    await member("added");
    expect(await segmentsOf()).toEqual([]);
    await member("added", { timecreated: 1795304709 });
    expect(await segmentsOf()).toEqual(["31"]);
  });

  test("is counted where no segment has its id, or one that goes by rules", async () => {
    await school.ask("POST", "/v1/segments", { id: "32", name: "By rules", managed: true });
    const name = "\\core\\event\\cohort_member_removed";
    const before = (await countOf(name)) ?? 0;
    for (const objectid of ["32", "33"]) expect((await member("removed", { objectid })).status).toBe(200);
    expect(await countOf(name)).toBe(before + 2);
  });
});

describe("who is deleted in Moodle", () => {
  const deleted = (relateduserid: string) =>
    call("POST", hook, event("core\\event\\user_deleted", { relateduserid, objectid: relateduserid }));
  const goesOn = async (user: string) => {
    const when = [{ type: "custom", name: "begin" }];
    await school.automation({ when, synchronous: true, then: [{ type: "wait", for: "P1D" }] });
    await school.event("custom.begin", user);
  };

  test("has nothing going on any more", async () => {
    await goesOn("951");
    expect((await deleted("951")).status).toBe(200);
    const runs = (await school.ask("GET", "/v1/runs?user=951")).body.data;
    const ended = runs.map(({ status, reason }: Record<string, string>) => [status, reason]);
    expect(ended).toEqual([["exited", "user_deleted"]]);
    expect((await school.ask("GET", "/v1/users/951")).status).toBe(200);
  });

  test("is written to no more by what time brings about, until there is word of them again", async () => {
    const own = await makeSchool("test");
    const ownHook = `/hooks/moodle/${(await own.ask("GET", "/v1/school")).body.hook_key}`;
    const when = [{ type: "inactivity.school", days: 3 }];
    await own.automation({ when, then: [{ type: "tags.add", tags: ["away"] }] });
    const startsAfterDays = async () => {
      await own.ask("POST", "/v1/test-clock", { advance: "P5D" });
      return (await own.ask("GET", "/v1/runs?user=961")).body.data.length;
    };
    await own.event("user.signed_in", "961");
    await call("POST", ownHook, event("core\\event\\user_deleted", { relateduserid: "961" }));
    expect(await startsAfterDays()).toBe(0);
    await own.event("user.signed_in", "961");
    expect(await startsAfterDays()).toBe(1);
  });

  test("is erased where the school says so", async () => {
    await school.ask("PATCH", "/v1/school", { settings: { on_user_deleted: "erase" } });
    await goesOn("952");
    for (let time = 0; time < 2; time++) expect((await deleted("952")).status).toBe(200);
    expect((await school.ask("GET", "/v1/users/952")).status).toBe(404);
    expect(await countOf("\\core\\event\\user_deleted")).toBe(1);
    await school.ask("PATCH", "/v1/school", { settings: { on_user_deleted: null } });
  });
});

test("who is named by no cohort and no deletion is not who did it", async () => {
  await school.ask("POST", "/v1/segments", { id: "31", name: "Cohort" });
  await school.ask("PATCH", "/v1/school", { settings: { on_user_deleted: "erase" } });
  await school.event("user.signed_in", "2");
  for (const name of ["user_deleted", "cohort_member_added"])
    for (const relateduserid of [null, "0"])
      expect((await call("POST", hook, event(`core\\event\\${name}`, { relateduserid }))).status).toBe(200);
  expect((await school.ask("GET", "/v1/users/2")).body.segments).toEqual([]);
  expect(await countOf("\\core\\event\\user_deleted (nobody)")).toBe(2);
  await school.ask("PATCH", "/v1/school", { settings: { on_user_deleted: null } });
});

test("a course completed, reset by local_recompletion and completed again is completed twice", async () => {
  const hours = (n: number) => ({ relateduserid: "961", timecreated: 1795304704 + n * 3_600 });
  const completed = () => school.ask("GET", "/v1/users/961").then(({ body }) => body.courses["12"].completed_at);
  await call("POST", hook, event("core\\event\\course_completed", hours(0)));
  await call("POST", hook, event("local_recompletion\\event\\completion_reset", hours(1)));
  expect(await completed()).toBe(null);
  await call("POST", hook, event("core\\event\\course_completed", hours(2)));
  expect((await timelineOf("961")).filter(({ type }) => type === "course.completed")).toHaveLength(2);
});
