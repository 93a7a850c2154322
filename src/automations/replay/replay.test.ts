import { describe, expect, test } from "vitest";
import { consume, flushLog, liveSchool, setNow } from "../../../test/workers/live";

/* The past told again with an automation: backtests, and who should have run and did not. */

const { school, queues } = liveSchool("test", {}, { now: "2026-03-02T09:00:00.000Z" });

const pass = async (advance: string) =>
  expect((await school.ask("POST", "/v1/test-clock", { advance })).status).toBe(200);
const settle = async () => {
  while (queues.actions.length) await consume("schoolbell-actions", queues.actions.splice(0));
};
const jobOf = async (answer: { status: number; body: { job_id: string } }) => {
  expect(answer.status).toBe(202);
  await settle();
  return (await school.ask("GET", `/v1/jobs/${answer.body.job_id}`)).body;
};
const tried = async (automation: Record<string, unknown>, days = 30) =>
  (await school.ask("POST", "/v1/automations/backtest", { automation: { name: "Draft", ...automation }, days })).body;
const runsOf = async (automation: string) => (await school.ask("GET", `/v1/automations/${automation}/runs`)).body.data;

const onCompletion = {
  when: [{ type: "course.completed", courses: ["js"] }],
  only_if: { type: "course.is_not_enrolled", courses: ["next"] },
  then: [{ type: "course.enroll", courses: ["next"] }],
};

describe("a backtest", () => {
  test("judges users as they were then, and equals what really ran", async () => {
    const automation = await school.automation(onCompletion);
    for (const user of ["u1", "u2", "u3", "u4", "u5"]) {
      await school.event("course.enrolled", user, { course: "js" });
      await school.event("course.completed", user, { course: "js" });
    }
    await pass("P1D");
    const { body } = await school.ask("POST", `/v1/automations/${automation}/backtest`, { days: 30 });
    expect(await runsOf(automation)).toHaveLength(5);
    expect(body).toMatchObject({ days: 30, count: 5, asked: 5, note: null, since: "2026-02-01T09:00:00.000Z" });
    expect(body.users.map(({ user, count }: { user: string; count: number }) => [user, count]).sort()).toEqual(
      ["u1", "u2", "u3", "u4", "u5"].map((user) => [user, 1]),
    );
    expect(body.users[0].facts).toMatchObject([{ fact: { type: "course.completed", data: { course: "js" } } }]);
    expect(body.by_day.filter(({ count }: { count: number }) => count)).toEqual([{ date: "2026-03-02", count: 5 }]);
    expect(body.by_day).toHaveLength(31);
  });

  test("of a draft counts what it does itself: whom it tags it does not start for again", async () => {
    for (let n = 0; n < 3; n++) await school.event("custom.went", "anna");
    const greet = {
      when: [{ type: "custom", name: "went" }],
      only_if: { not: { type: "tags.has", tags: ["met"] } },
      then: [{ type: "tags.add", tags: ["met"] }],
    };
    expect((await tried(greet)).count).toBe(1);
    expect((await tried({ ...greet, only_if: null })).count).toBe(3);
    expect((await school.ask("GET", "/v1/users/anna")).body.tags).toEqual([]);
    expect((await school.ask("GET", "/v1/automations")).body.data).toEqual([]);
  });

  test("finds inactivity by the visits recorded, though nothing listened to it then", async () => {
    await school.event("school.visited", "anna");
    await pass("P3D");
    await school.event("school.visited", "anna");
    await pass("P20D");
    await school.event("school.visited", "anna");
    const away = { when: [{ type: "inactivity.school", days: 7 }], then: [] };
    const told = await tried(away);
    expect(told).toMatchObject({
      count: 1,
      users: [{ user: "anna", facts: [{ fact: { type: "inactivity.school" }, at: "2026-03-12T09:00:00.000Z" }] }],
    });
    expect((await tried(away, 5)).count).toBe(0);
  });

  test("waits as it would have waited: nobody is in it twice at a time", async () => {
    const slow = {
      when: [{ type: "custom", name: "went" }],
      then: [{ type: "wait", for: "P5D" }],
      reentry: "one_at_a_time",
    };
    for (let day = 0; day < 7; day++) {
      await school.event("custom.went", "anna");
      await pass("P1D");
    }
    expect((await tried(slow)).count).toBe(2);
  });

  test("of a draft in the place of what is on leaves that one out", async () => {
    const automation = await school.automation({
      when: [{ type: "custom", name: "went" }],
      then: [{ type: "tags.add", tags: ["met"] }],
    });
    await pass("PT1H");
    await school.event("custom.went", "anna");
    const draft = {
      automation: { name: "D", when: [{ type: "tag.added", tags: ["met"] }], then: [] },
      automation_id: automation,
      days: 1,
    };
    expect((await school.ask("POST", "/v1/automations/backtest", draft)).body.count).toBe(0);
    const { automation_id: _, ...beside } = draft;
    expect((await school.ask("POST", "/v1/automations/backtest", beside)).body.count).toBe(1);
  });

  test("says so where somebody was merged in this time, whose own past is not told again", async () => {
    const went = { when: [{ type: "custom", name: "went" }], then: [] };
    await school.event("custom.went", "old");
    await school.event("custom.went", "anna");
    expect(await tried(went)).toMatchObject({ count: 2, note: null });
    expect((await school.ask("POST", "/v1/users/anna/merge", { from: "old" })).status).toBe(200);
    const merged = await tried(went);
    expect(merged.count).toBe(1);
    expect(merged.note).toContain("what the other lived before is not counted");
    await pass("P10D");
    expect((await tried(went, 5)).note).toBeNull();
  });

  test("refuses what cannot be saved, with the places of its faults", async () => {
    const ask = async (body: Record<string, unknown>) => {
      const answer = await school.ask("POST", "/v1/automations/backtest", body);
      return [answer.status, answer.body.errors?.map(({ path }: { path: string }) => path)];
    };
    expect(await ask({ days: 7 })).toEqual([422, ["/automation"]]);
    expect(await ask({ automation: { when: [{ type: "nothing" }], then: [] }, days: 7 })).toEqual([
      422,
      ["/automation/when/0/type"],
    ]);
    expect(await ask({ automation_id: "aut_none", days: 7 })).toEqual([422, ["/automation_id"]]);
    expect(await ask({ automation_id: "x", days: 91 })).toEqual([422, ["/days", "/automation_id"]]);
  });
});

describe("who was missed", () => {
  const gives = { when: [{ type: "course.completed" }], then: [{ type: "tags.add", tags: ["done"] }] };
  const missed = (automation: string, query = "", days = 30) =>
    school.ask("POST", `/v1/automations/${automation}/missed${query}`, { days });
  const complete = async (user: string) => {
    await school.event("course.enrolled", user, { course: "js" });
    await school.event("course.completed", user, { course: "js" }, `done-${user}`);
  };

  test("are told with why, and started from the fact that they missed, once", async () => {
    const automation = await school.automation(gives);
    await complete("ran");
    await school.patch(automation, { active: false });
    await complete("anna");
    await complete("ben");
    await pass("P2D");
    await school.patch(automation, { active: true });
    await flushLog(school.id, "ran", "anna", "ben");
    const { result, ...job } = await jobOf(await missed(automation));
    expect(job).toMatchObject({ kind: "missed", status: "done", done: 3 });
    expect(result).toMatchObject({
      count: 2,
      users: [
        {
          user: "anna",
          fact: { type: "course.completed", data: { course: "js" } },
          event_id: "done-anna",
          at: "2026-03-02T09:00:00.000Z",
          stopped_by: "inactive",
        },
        { user: "ben", stopped_by: "inactive" },
      ],
    });
    expect((await missed(automation, "?enrol=true")).status).toBe(422);
    expect((await missed(automation, "?enrol=true&count=3")).status).toBe(409);
    expect((await jobOf(await missed(automation, "?enrol=true&count=2"))).result).toMatchObject({ count: 2 });
    await pass("PT0S");
    type Started = { user_id: string };
    const runs = (await runsOf(automation))
      .filter(({ user_id }: Started) => user_id !== "ran")
      .sort((one: Started, other: Started) => one.user_id.localeCompare(other.user_id));
    expect(runs).toMatchObject(
      ["anna", "ben"].map((user) => ({
        user_id: user,
        status: "completed",
        event_id: `done-${user}`,
        trigger: { type: "course.completed", data: { course: "js" } },
      })),
    );
    expect((await school.ask("GET", "/v1/users/anna")).body.tags).toEqual(["done"]);
    expect((await jobOf(await missed(automation))).result).toMatchObject({ count: 0 });
    expect((await missed(automation, "?enrol=true&count=2")).status).toBe(409);
    const { data } = (await school.ask("GET", "/v1/audit?what=automation.missed_started")).body;
    expect(data).toMatchObject([{ subject: automation }]);
  });

  test("are only whom today's conditions and re-entry let", async () => {
    const automation = await school.automation({ ...gives, active: false });
    for (const user of ["anna", "ben"]) await complete(user);
    await school.event("tag.added", "ben", { tag: "left" });
    await school.patch(automation, { only_if: { not: { type: "tags.has", tags: ["left"] } } });
    const { result } = await jobOf(await missed(automation));
    expect(result.users.map(({ user }: { user: string }) => user)).toEqual(["anna"]);
    expect((await missed(automation, "?enrol=true&count=1")).status).toBe(409);
    expect((await missed("aut_none")).status).toBe(404);
  });

  test("are told of what an earlier version did not let through, by the value of then", async () => {
    const automation = await school.automation({ ...gives, only_if: { type: "tags.has", tags: ["vip"] } });
    await complete("anna");
    await school.event("tag.added", "anna", { tag: "vip" });
    const { result } = await jobOf(await missed(automation));
    expect(result).toMatchObject({ count: 0 });
    await school.patch(automation, { only_if: null });
    expect((await jobOf(await missed(automation))).result.users).toMatchObject([
      { user: "anna", stopped_by: "only_if", path: "/only_if", seen: [] },
    ]);
  });

  test("are told by the version and the switch of that moment, also where nobody was heard of meanwhile", async () => {
    const away = { when: [{ type: "inactivity.school", days: 5 }], then: [{ type: "tags.add", tags: ["away"] }] };
    const automation = await school.automation(away);
    const tagged = await school.automation({ when: [{ type: "tag.added", tags: ["away"] }], then: [] });
    await school.event("school.visited", "anna");
    await school.event("tag.added", "ben", { tag: "gold" });
    await pass("P1D");
    await school.patch(automation, { active: false });
    await pass("P10D");
    await school.patch(automation, { active: true });
    await flushLog(school.id, "anna", "ben");
    // What was off brings nothing about that another would have started from.
    expect((await jobOf(await missed(tagged))).result).toMatchObject({ count: 0 });
    expect((await jobOf(await missed(automation))).result.users).toMatchObject([
      { user: "anna", at: "2026-03-07T09:00:00.000Z", stopped_by: "inactive" },
      { user: "ben", stopped_by: "inactive" },
    ]);
    await school.patch(tagged, { when: [{ type: "tag.added", tags: ["gold"] }] });
    expect((await jobOf(await missed(tagged))).result.users).toMatchObject([
      { user: "ben", stopped_by: "trigger", path: "/when/0", expected: { tags: ["away"] }, seen: "gold" },
    ]);
  });

  test("are told of the trigger first where it was off too, as why tells it", async () => {
    const automation = await school.automation({ ...gives, when: [{ type: "tag.added", tags: ["gold"] }] });
    await school.patch(automation, { active: false });
    await school.event("tag.added", "anna", { tag: "silver" });
    await school.event("tag.added", "ben", { tag: "gold" });
    await pass("P1D");
    await school.patch(automation, {
      active: true,
      when: [{ type: "tag.added", tags: ["gold", "silver"], match: "any" }],
    });
    await flushLog(school.id, "anna", "ben");
    const { result } = await jobOf(await missed(automation));
    const told = [
      ["anna", "trigger"],
      ["ben", "inactive"],
    ];
    expect(result.users.map((one: { user: string; stopped_by: string }) => [one.user, one.stopped_by])).toEqual(told);
    for (const [user, reason] of told) {
      const { data } = (await school.ask("GET", `/v1/automations/${automation}/why?user=${user}`)).body;
      expect([user, data[0].stopped_by]).toEqual([user, reason]);
    }
  });

  test("are told apart where it was off and where there was no such automation yet, or for a while", async () => {
    await complete("early");
    await school.event("school.visited", "away");
    await pass("P3D");
    const made = { ...gives, id: "cert" };
    const whoAndWhy = async () => {
      const { result } = await jobOf(await missed("cert"));
      return result.users.map((one: { user: string; stopped_by: string }) => [one.user, one.stopped_by]).sort();
    };
    const make = (more: object = {}) =>
      school.ask("PUT", "/v1/import", { automations: [{ name: "C", ...made, active: false, ...more }] });
    expect((await make()).status).toBe(200);
    await complete("late");
    await flushLog(school.id, "early", "late", "away");
    expect(await whoAndWhy()).toEqual([
      ["early", "not_there"],
      ["late", "inactive"],
    ]);
    expect((await school.ask("DELETE", "/v1/automations/cert")).status).toBe(204);
    await complete("between");
    await pass("P1D");
    expect((await make({ when: [...gives.when, { type: "inactivity.school", days: 2 }] })).status).toBe(200);
    await complete("last");
    await flushLog(school.id, "between", "last");
    expect(await whoAndWhy()).toEqual([
      ["away", "not_there"],
      ["between", "not_there"],
      ["early", "not_there"],
      ["last", "inactive"],
      ["late", "inactive"],
    ]);
    const why = async (user: string) =>
      (await school.ask("GET", `/v1/automations/cert/why?user=${user}&event=done-${user}`)).body.data.find(
        ({ fact }: { fact: { type: string } }) => fact.type === "course.completed",
      ).stopped_by;
    expect(await Promise.all(["early", "late", "between", "last"].map(why))).toEqual([
      ...["not_there", "inactive", "not_there", "inactive"],
    ]);
  });

  test("say from when it holds, and that some took over others", async () => {
    const automation = await school.automation({ ...gives, active: false });
    await complete("anna");
    await complete("ben");
    await flushLog(school.id, "anna", "ben");
    const alone = (await jobOf(await missed(automation))).result;
    expect(alone).toMatchObject({ count: 2, since: "2026-01-31T09:00:00.000Z", note: null });
    await school.ask("POST", "/v1/users/anna/merge", { from: "ben" });
    await flushLog(school.id, "anna", "ben");
    const both = (await jobOf(await missed(automation))).result;
    expect(both).toMatchObject({ count: 1, note: expect.stringContaining("were merged") });
  });

  test("and a backtest's figures say from when they hold, where the log is kept for less than was asked", async () => {
    await school.ask("PATCH", "/v1/school", { settings: { log_retention_days: 7 } });
    const automation = await school.automation({ ...gives, active: false });
    await complete("anna");
    await pass("P10D");
    await complete("ben");
    await pass("P1D");
    for (const user of ["anna", "ben"]) {
      await flushLog(school.id, user);
      setNow(Date.now() + 2 * 86_400_000);
      await (await school.object(user)).object.forgetOld();
    }
    const before = "2026-03-02T09:00:00.000Z";
    const { result } = await jobOf(await missed(automation));
    expect(result).toMatchObject({ count: 1, since: before, note: expect.stringContaining(before) });
    expect(result.users).toMatchObject([{ user: "ben", stopped_by: "inactive" }]);
    const told = await school.ask("POST", "/v1/automations/backtest", { automation_id: automation, days: 30 });
    expect(told.body).toMatchObject({ count: 1, since: before, note: expect.stringContaining(before) });
  });

  test("are looked for with the scope read, and started with write alone", async () => {
    const automation = await school.automation(gives);
    const { body } = await school.ask("POST", "/v1/api-keys", { name: "R", scopes: ["read"] });
    const as = (path: string) => school.ask("POST", path, { days: 1 }, { authorization: `Bearer ${body.key}` });
    expect((await as(`/v1/automations/${automation}/missed`)).status).toBe(202);
    expect((await as(`/v1/automations/${automation}/missed?enrol=true&count=0`)).status).toBe(403);
  });
});
