import { beforeEach, describe, expect, test, vi } from "vitest";
import { consume, env, flushLog, liveSchool, makeSchool, setNow, standIn } from "../../../test/workers/live";
import { meterOfD1 } from "../../../test/workers/metered";
import { addressIn } from "../../admin/address";
import { AUTOMATION_DAYS, SCHOOL_DAYS } from "../../automations/runs/days";
import { forgetEverything } from "../../base/cache";
import { tick } from "../../cron/tick";
import { noteReader } from "../sign-in/readers";
import { QUEUED } from "./backlog";
import { DELIVERIES, LOG } from "./lateness";
import { healthPage, mailHealth, mailStopped, pageOf } from "./mail";
import { COMING, NEXT, WAKING } from "./next";
import { findUnwell, STUCK, SUSPECTED, UNWELL } from "./unwell";

/* How a school does, by what really happened in it. */

const OWNER = "head@school.com";
const HOOK = "https://hooks.acme.com/in";
const { school, queues } = liveSchool("live", {
  collaborators: [
    { email: OWNER, role: "owner" },
    { email: "deputy@school.com", role: "owner" },
    { email: "aide@school.com", role: "editor" },
  ],
});
beforeEach(forgetEverything);

const health = async () => (await school.ask("GET", "/v1/health")).body;
const codes = async () => (await health()).problems.map(({ code }: { code: string }) => code);
async function work(): Promise<void> {
  while (queues.actions.length) await consume("schoolbell-actions", queues.actions.splice(0));
}
const go = { when: [{ type: "custom", name: "go" }] };
const webhook = { ...go, then: [{ type: "webhook.send", url: HOOK }] };

describe("a school", () => {
  test("of which nothing is wrong is ok, in every list", async () => {
    expect(await health()).toMatchObject({
      ok: true,
      problems: [],
      backlog: { deliveries: { count: 0, oldest_at: null }, waits: { count: 0, oldest_at: null } },
      next: [],
      warnings: [expect.stringContaining("PLATFORM_EMAIL")],
    });
  });

  test("whose mail is not set up says so once mail was kept, until it is", async () => {
    await school.ask("PATCH", "/v1/school", { settings: { connectors: { email: null } } });
    await school.automation({ ...go, then: [{ type: "email.user", subject: "Hi", body: "Hello" }] });
    expect(await codes()).toEqual([]);
    for (const user of ["anna", "ben"]) {
      await school.event("custom.go", { id: user, email: `${user}@acme.com` });
      await work();
    }
    expect(await health()).toMatchObject({
      ok: false,
      problems: [{ code: "email_not_set_up", message: expect.stringContaining("kept, not sent"), count: 1 }],
    });
    setNow(Date.now() + 61_000);
    await school.event("custom.go", "anna");
    await work();
    expect((await health()).problems).toMatchObject([{ code: "email_not_set_up", count: 3 }]);
    const email = { type: "resend", api_key: "re_1", from: "a@acme.com" };
    await school.ask("PATCH", "/v1/school", { settings: { connectors: { email } } });
    expect(await codes()).toEqual([]);
  });

  test("names a connection that fails again and again, not one that hiccups, and nothing of what was sent", async () => {
    const email = { type: "resend", api_key: "re_1", from: "a@acme.com" };
    await school.ask("PATCH", "/v1/school", { settings: { connectors: { email } } });
    await school.automation({ ...go, then: [{ type: "email.user", subject: "Hi", body: "Hello" }] });
    let answer = () => Response.json({ message: "anna@acme.com may not be mailed" }, { status: 401 });
    standIn("https://api.resend.com", () => answer());
    const send = async () => {
      await school.event("custom.go", { id: "anna", email: "anna@acme.com" });
      await work();
      setNow(Date.now() + 61_000);
    };
    await send();
    await send();
    expect(await codes()).toEqual([]);
    await send();
    const { problems } = await health();
    expect(problems).toMatchObject([{ code: "email_failing", count: 3 }]);
    expect(problems[0].message).toContain("401");
    expect(JSON.stringify(problems)).not.toContain("anna");
    answer = () => Response.json({ id: "1" });
    setNow(Date.now() + 11 * 60_000);
    await send();
    expect(await codes()).toEqual([]);
  });

  test("does not hold the address of one learner against its connection", async () => {
    const email = { type: "resend", api_key: "re_1", from: "a@acme.com" };
    await school.ask("PATCH", "/v1/school", { settings: { connectors: { email } } });
    await school.automation({ ...go, then: [{ type: "email.user", subject: "Hi", body: "Hello" }] });
    standIn("https://api.resend.com", () => Response.json({ message: "no such address" }, { status: 422 }));
    for (let n = 0; n < 4; n++) {
      await school.event("custom.go", { id: "anna", email: "anna@acme.com" });
      await work();
      setNow(Date.now() + 61_000);
    }
    expect(await codes()).toEqual([]);
  });

  test("says what waits and what comes next, soonest first", async () => {
    const automation = await school.automation({
      ...go,
      then: [
        { type: "wait", for: "P2D" },
        { type: "tags.add", tags: ["x"] },
      ],
    });
    const sooner = await school.automation({
      when: [{ type: "custom", name: "soon" }],
      then: [
        { type: "wait", for: "PT1H" },
        { type: "tags.add", tags: ["x"] },
      ],
    });
    await school.event("custom.go", "anna");
    await school.event("custom.soon", "ben");
    await work();
    await flushLog(school.id, "anna", "ben");
    const { next, days, coming } = await health();
    expect(days).toHaveLength(14);
    expect(days.at(-1)).toMatchObject({
      date: new Date().toISOString().slice(0, 10),
      runs: 2,
      mails: 0,
      failed: 0,
      bounced: 0,
    });
    expect(coming).toMatchObject({
      days: [
        { automation_id: sooner, step_id: "s1", count: 1, at: next[0].at, date: next[0].at.slice(0, 10) },
        { automation_id: automation, step_id: "s1", count: 1, at: next[1].at, date: next[1].at.slice(0, 10) },
      ],
      more: false,
    });
    expect(next).toMatchObject([
      { automation_id: sooner, user_id: "ben" },
      { automation_id: automation, user_id: "anna" },
    ]);
    expect((await school.ask("GET", `/v1/runs/${next[0].run_id}`)).body.wake_at).toBe(next[0].at);
    setNow(Date.now() + 3_600_000 + 11 * 60_000);
    expect(await health()).toMatchObject({
      problems: [{ code: "waits_late", count: 1, since: next[0].at }],
      backlog: { waits: { count: 1, oldest_at: next[0].at } },
    });
  });

  test("says how late deliveries and the log were of late, by the newest of them alone", async () => {
    standIn(HOOK, () => new Response());
    await school.automation({ ...webhook, synchronous: true });
    setNow(Date.UTC(2027, 0, 1));
    await school.event("custom.go", "anna");
    await work();
    await flushLog(school.id, "anna");
    await school.event("custom.go", "ben");
    setNow(Date.UTC(2027, 0, 1) + 90_000);
    await work();
    await flushLog(school.id, "ben");
    const { lateness } = await health();
    expect(lateness).toEqual({
      deliveries: { count: 2, in_time: 1, worst_ms: expect.any(Number) },
      log: { count: 2, in_time: expect.any(Number), worst_ms: expect.any(Number) },
    });
    expect(lateness.deliveries.worst_ms).toBe(90_000);
    const rehearsing = await makeSchool("test");
    expect((await rehearsing.ask("GET", "/v1/health")).body.lateness).toBeNull();
  });

  test("counts what is on its way, and calls it late after an hour", async () => {
    await school.automation(webhook);
    standIn(HOOK, () => new Response(null, { status: 503 }));
    await school.event("custom.go", "anna");
    await work();
    await flushLog(school.id, "anna");
    expect(await health()).toMatchObject({ ok: true, backlog: { deliveries: { count: 1 } } });
    setNow(Date.now() + 3_700_000);
    expect(await codes()).toEqual(["deliveries_late"]);
  });

  test("is read at a cost that what it has does not move", async () => {
    const plan = async (sql: string, ...bound: unknown[]) =>
      (
        await env.DB.prepare(`explain query plan ${sql}`)
          .bind(...bound)
          .all<{ detail: string }>()
      ).results.flatMap(({ detail }) =>
        /^SCAN (?!asked|json_each|waking|wanted|suspect|\(subquery|CONSTANT)/.test(detail) ? [detail] : [],
      );
    expect(await plan(WAKING, school.id, 0, Date.now(), 20)).toEqual([]);
    expect(await plan(NEXT, school.id, "[]")).toEqual([]);
    expect(await plan(COMING, school.id, "[]")).toEqual([]);
    expect(await plan(SCHOOL_DAYS, school.id, "2026-01-01", "2026-01-14")).toEqual([]);
    expect(await plan(AUTOMATION_DAYS, school.id, "aut_1", "[]")).toEqual([]);
    expect(await plan(QUEUED, school.id)).toEqual([]);
    expect(await plan(DELIVERIES, school.id, 0, "")).toEqual([]);
    expect(await plan(LOG, school.id, 0, "")).toEqual([]);
    expect(await plan(UNWELL, "[]", Date.now(), "[]")).toEqual([]);
    expect(await plan(STUCK, "", 9, Date.now())).toEqual([]);
    for (const text of SUSPECTED) expect(await plan(text, "", 9)).toEqual([]);
  });
});

describe("owners", () => {
  const sent: { to: string; subject: string; text: string }[] = [];
  beforeEach(() => {
    sent.length = 0;
    const EMAIL = {
      send: async (letter: (typeof sent)[number]) => {
        sent.push(letter);
        return { messageId: "m1" };
      },
    };
    mailing = { ...env, EMAIL, PLATFORM_EMAIL: '{"type": "cloudflare", "from": "bell@schoolbell.test"}' } as never;
  });
  let mailing: typeof env;

  /** An automation of which everything fails, twenty times over. */
  async function stopped(): Promise<string> {
    const automation = await school.automation({ ...webhook, name: "Ring the LMS", reentry: "always" });
    standIn(HOOK, () => new Response(null, { status: 410 }));
    for (let n = 0; n < 20; n++) {
      await school.event("custom.go", `u${n}`);
      await work();
      await flushLog(school.id, `u${n}`);
    }
    // Its twentieth failure sends word of itself.
    await consume("schoolbell-actions", queues.actions.splice(0));
    expect((await school.ask("GET", `/v1/automations/${automation}`)).body).toMatchObject({ active: false });
    return automation;
  }

  test("are mailed at once when an automation stops itself, each alone, and nobody else is", async () => {
    const automation = await stopped();
    expect((await health()).problems).toMatchObject([
      { code: "automation_stopped", count: 1, automations: [automation], since: expect.any(String) },
    ]);
    expect(queues.actions).toEqual([{ kind: "stopped", school: school.id, automation }]);
    await mailStopped(mailing, school.id, automation);
    expect(sent.map(({ to }) => to).sort()).toEqual(["deputy@school.com", OWNER]);
    expect(sent[0]?.subject).toContain("Ring the LMS");
    expect(sent[0]?.text).toContain(addressIn(school.id, `/automations/${automation}`));
    await school.patch(automation, { active: true });
    await mailStopped(mailing, school.id, automation);
    expect(sent).toHaveLength(2);
    expect(await codes()).toEqual([]);
  });

  test("are told no more of an automation that somebody has dismissed, until it stops itself again", async () => {
    const automation = await stopped();
    const dismiss = () => school.ask("POST", `/v1/automations/${automation}/dismiss`);
    expect((await dismiss()).body).toMatchObject({ active: false, stopped_by: "failures", dismissed: true });
    expect((await dismiss()).status).toBe(200);
    expect(await codes()).toEqual([]);
    queues.actions.length = 0;
    await healthPage(mailing, { after: "" });
    expect(queues.actions.filter((one) => one.school === school.id)).toEqual([]);
    await school.patch(automation, { active: true });
    expect((await dismiss()).status).toBe(409);
    expect((await school.ask("GET", `/v1/automations/${automation}`)).body).toMatchObject({ dismissed: false });
  });

  test("are mailed once a day while something is wrong, however often the round comes", async () => {
    await stopped();
    queues.actions.length = 0;
    await healthPage(mailing, { after: "" });
    expect(queues.actions).toContainEqual({ kind: "health_mail", school: school.id });
    await mailHealth(mailing, school.id);
    await mailHealth(mailing, school.id);
    expect(sent.map(({ to }) => to).sort()).toEqual(["deputy@school.com", OWNER]);
    expect(sent[0]?.text).toContain("“Ring the LMS” has stopped itself");
    expect(sent[0]?.text).toContain(pageOf(env, school, "/health"));
    expect(pageOf(env, school, "/health")).toContain(addressIn(school.id, "/health"));
    queues.actions.length = 0;
    await healthPage(mailing, { after: "" });
    expect(queues.actions.filter((one) => one.school === school.id)).toEqual([]);
    setNow(Date.now() + 24 * 3_600_000);
    await healthPage(mailing, { after: "" });
    expect(queues.actions).toContainEqual({ kind: "health_mail", school: school.id });
    await mailHealth(mailing, school.id);
    expect(sent).toHaveLength(4);
  });

  test("are found without a look at schools that are well, however many they are", async () => {
    await stopped();
    const names = JSON.stringify(Array.from({ length: 500 }, (_, n) => `${school.id}-well-${n}`));
    const count = async () => {
      const meter = meterOfD1();
      const { ids } = await findUnwell(env, "");
      vi.restoreAllMocks();
      expect(ids).toContain(school.id);
      return [meter.statements, meter.rowsRead];
    };
    const before = await count();
    await env.DB.prepare(
      "insert into schools (id, name, mode, settings, created_at) select value, 'Well', 'live', '{}', 0 from json_each(?)",
    )
      .bind(names)
      .run();
    expect(await count()).toEqual(before);
    for (const [table, column] of [
      ["school_ages", "school"],
      ["schools", "id"],
    ])
      await env.DB.prepare(`delete from ${table} where ${column} in (select value from json_each(?))`)
        .bind(names)
        .run();
  });

  test("are mailed in the language in which each reads the UI; who never signed in, in the school's", async () => {
    await noteReader(env, "Deputy@school.com", "de");
    await stopped();
    await mailHealth(mailing, school.id);
    const to = (address: string) => sent.find((letter) => letter.to === address);
    expect(to(OWNER)).toMatchObject({ subject: expect.stringContaining(": something needs looking at") });
    expect(to("deputy@school.com")).toMatchObject({
      subject: expect.stringContaining("Etwas braucht Ihre Aufmerksamkeit"),
      text: expect.stringContaining("„Ring the LMS“ hat sich selbst angehalten: Zu viele ihrer Schritte"),
    });
    sent.length = 0;
    const automation = (await health()).problems[0].automations[0];
    await school.ask("PATCH", "/v1/school", { settings: { locale: "de-AT" } });
    await noteReader(env, "deputy@school.com", "en");
    forgetEverything();
    await mailStopped(mailing, school.id, automation);
    expect(to(OWNER)?.subject).toContain("„Ring the LMS“ hat sich selbst angehalten");
    expect(to("deputy@school.com")?.subject).toContain("“Ring the LMS” has stopped itself");
  });

  test("are not mailed of a school that is well, nor of a test school", async () => {
    const rehearsing = await makeSchool("test", { collaborators: [{ email: OWNER, role: "owner" }] });
    await healthPage(mailing, { after: "" });
    expect(queues.actions.filter(({ school: id }) => [school.id, rehearsing.id].includes(id))).toEqual([]);
    await mailHealth(mailing, school.id);
    await mailHealth(mailing, rehearsing.id);
    expect(sent).toEqual([]);
  });

  test("are looked for once a day, and by nobody who cannot mail", async () => {
    const begin = Date.UTC(2030, 0, 1);
    for (const which of [mailing, env]) {
      queues.actions.length = 0;
      for (let hour = 0; hour < 24; hour++) {
        setNow(begin + hour * 3_600_000 + 7 * 60_000);
        await tick(which);
      }
      const rounds = queues.actions.filter(({ kind }) => kind === "health");
      expect(rounds).toEqual(which === mailing ? [{ kind: "health", school: "", after: "" }] : []);
    }
    vi.useRealTimers();
  });
});
