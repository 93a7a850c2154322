import { beforeEach, describe, expect, test, vi } from "vitest";
import { consume, env, flushLog, liveSchool, setNow } from "../../test/workers/live";
import { forgetEverything } from "../base/cache";
import { MENDED_AFTER_MS, noteProblem } from "../world/problems";

/* The condition of the connection to an LMS: one of the school, shown once. */

const moodle = { type: "moodle", url: "https://moodle.acme.com", token: "t" };
const { school, queues } = liveSchool("live", { connectors: { lms: moodle } });

/** What Moodle answers to everything; the network itself is the only thing that is stood in for. */
let answer: () => Response;
const INVALID = { exception: "moodle_exception", errorcode: "invalidtoken", message: "Invalid token" };
beforeEach(() => {
  forgetEverything();
  answer = () => Response.json(INVALID);
  vi.spyOn(globalThis, "fetch").mockImplementation(async () => answer());
});

const status = async () => (await school.ask("GET", "/v1/lms")).body;
async function change(user: string): Promise<void> {
  await school.event("custom.go", user);
  while (queues.actions.length) await consume("schoolbell-actions", queues.actions.splice(0));
  await flushLog(school.id, user);
}

describe("a connection that is broken", () => {
  let automation: string;
  beforeEach(async () => {
    automation = await school.automation({
      when: [{ type: "custom", name: "go" }],
      then: [{ type: "message.user", body: "Hello" }],
    });
  });

  test("is said once, whoever meets it, and stops no automation", async () => {
    expect(await status()).toMatchObject({ type: "moodle", label: "Moodle", problem: null });
    for (let n = 0; n < 25; n++) await change(String(100 + n));
    const { problem } = await status();
    expect(problem.message).toMatch(/token/i);
    expect((await school.ask("GET", `/v1/automations/${automation}`)).body).toMatchObject({ active: true });
    const waiting = (await school.ask("GET", "/v1/deliveries?user=103&channel=lms")).body.data;
    expect(waiting).toMatchObject([{ status: "queued" }]);
  });

  test("is mended when it works, and has not been met for a while", async () => {
    await change("101");
    answer = () => Response.json([]);
    expect((await status()).problem).not.toBeNull();
    setNow(Date.now() + MENDED_AFTER_MS + 1_000);
    answer = () => Response.json([{ id: 5, username: "ben", msgid: 7 }]);
    await school.event("custom.go", "5");
    while (queues.actions.length) await consume("schoolbell-actions", queues.actions.splice(0));
    expect((await status()).problem).toBeNull();
  });

  test("is mended also where it worked soon after, and nothing was sent since", async () => {
    await change("101");
    setNow(Date.now() + 2 * 60_000);
    answer = () => Response.json([{ id: 5, username: "ben", msgid: 7 }]);
    await change("5");
    expect((await status()).problem).not.toBeNull();
    setNow(Date.now() + MENDED_AFTER_MS);
    expect((await status()).problem).toBeNull();
    answer = () => Response.json(INVALID);
    await change("7");
    expect(Date.parse((await status()).problem.since)).toBeGreaterThan(Date.now() - 60_000);
  });

  test("that works for some changes and not for others is written once a minute", async () => {
    const broken = await school.school();
    const queries = vi.spyOn(env.DB, "prepare");
    for (let n = 0; n < 20; n++) await noteProblem(env, broken, "lms_broken", n % 2 ? null : `right ${n} is missing`);
    expect(queries).toHaveBeenCalledTimes(2);
    setNow(Date.now() + 60_001);
    await noteProblem(env, broken, "lms_broken", "right 20 is missing");
    expect((await status()).problem).toMatchObject({ message: "right 20 is missing" });
  });

  test("is said again by the first that meets it, with other settings or after it was found well", async () => {
    await change("101");
    await school.ask("PATCH", "/v1/school", { settings: { connectors: { lms: { ...moodle, student_role: 6 } } } });
    await change("102");
    expect((await status()).problem).not.toBeNull();
    const webhook = { type: "webhook", url: "https://lms.acme.com/hook" };
    await school.ask("PATCH", "/v1/school", { settings: { connectors: { lms: webhook } } });
    answer = () => new Response(null, { status: 401 });
    await change("103");
    answer = () => new Response();
    expect((await school.ask("GET", "/v1/lms/check")).body.ok).toBe(true);
    answer = () => new Response(null, { status: 401 });
    await change("104");
    expect((await status()).problem).not.toBeNull();
  });

  test.each([
    { type: "moodle", token: "t" },
    { type: "learnworlds", client_id: "c", client_secret: "s" },
    { type: "webhook" },
  ])("is an address that a live school must not call; nothing is lost that waits for another: %j", async (chosen) => {
    const use = (url: string) =>
      school.ask("PATCH", "/v1/school", { settings: { connectors: { lms: { ...chosen, url } } } });
    await school.automation({
      when: [{ type: "custom", name: "go" }],
      then: [{ type: "course.enroll", courses: ["7"] }],
    });
    await school.patch(automation, { active: false });
    await use("http://lms.acme.com");
    await school.event("custom.go", "101");
    while (queues.actions.length) await consume("schoolbell-actions", queues.actions.splice(0));
    expect((await status()).problem).toMatchObject({ message: "an address begins with https://" });
    const waiting = (await school.ask("GET", "/v1/deliveries?user=101&channel=lms")).body.data;
    expect(waiting).toMatchObject([{ status: "queued" }]);
  });

  test("that could not be written down is said by the next that meets it", async () => {
    const broken = await school.school();
    vi.spyOn(env.DB, "prepare").mockImplementationOnce(() => {
      throw new Error("planted");
    });
    await expect(noteProblem(env, broken, "lms_broken", "down")).rejects.toThrow("planted");
    await noteProblem(env, broken, "lms_broken", "down");
    expect((await status()).problem).toMatchObject({ message: "down" });
  });

  test("of a webhook is told by what to do, and without what the other side wrote of a learner", async () => {
    const webhook = { type: "webhook", url: "https://lms.acme.com/hook" };
    await school.ask("PATCH", "/v1/school", { settings: { connectors: { lms: webhook } } });
    answer = () => new Response("unknown signature for 101@acme.com", { status: 401 });
    await change("101");
    const { message } = (await status()).problem;
    expect(message).toMatch(/^The LMS answers 401: it does not take the signature: .*secret/);
    expect(message).not.toContain("acme.com");
    const [delivery] = (await school.ask("GET", "/v1/deliveries?user=101&channel=lms")).body.data;
    expect(delivery.attempts[0].error).toBe("401: unknown signature for 101@acme.com");
    for (const [code, words] of [
      [404, "path of the address"],
      [302, "the address that it leads to"],
      [500, "its own log"],
    ] as const) {
      answer = () => new Response(null, { status: code });
      const [finding] = (await school.ask("GET", "/v1/lms/check")).body.findings;
      expect(finding).toMatchObject({ ok: false, advice: expect.stringContaining(words) });
    }
  });

  test("and given up: what waits is kept unsent, and goes when a person says so to the next", async () => {
    await change("101");
    await school.ask("PATCH", "/v1/school", { settings: { connectors: { lms: null } } });
    setNow(Date.now() + 60_000);
    await school.ring("101");
    while (queues.actions.length) await consume("schoolbell-actions", queues.actions.splice(0));
    await flushLog(school.id, "101");
    const found = async () => (await school.ask("GET", "/v1/deliveries?user=101&channel=lms")).body.data;
    const [kept] = await found();
    expect(kept).toMatchObject({ status: "not_sent", reason: "not_set_up", attempts: [{ ok: false }] });
    expect(await status()).toMatchObject({ type: "none", problem: null });
    const webhook = { type: "webhook", url: "https://lms.acme.com/hook" };
    await school.ask("PATCH", "/v1/school", { settings: { connectors: { lms: webhook } } });
    answer = () => new Response();
    expect((await school.ask("POST", `/v1/deliveries/${kept.id}/retry`)).status).toBe(200);
    while (queues.actions.length) await consume("schoolbell-actions", queues.actions.splice(0));
    await flushLog(school.id, "101");
    expect(await found()).toMatchObject([{ status: "sent" }]);
  });

  test("and given up: what waited behind the first is counted with it, and goes with it", async () => {
    await change("101");
    await change("101");
    await school.ask("PATCH", "/v1/school", { settings: { connectors: { lms: null } } });
    setNow(Date.now() + 60_000);
    await school.ring("101");
    while (queues.actions.length) await consume("schoolbell-actions", queues.actions.splice(0));
    await flushLog(school.id, "101");
    const kept = (await school.ask("GET", "/v1/deliveries?channel=lms&status=not_sent")).body.data;
    expect(kept).toMatchObject([{ attempts: [{ ok: false }] }, { attempts: [], reason: "not_set_up" }]);
    const asked = await school.ask("POST", "/v1/deliveries/retry?dry_run=true", { status: "not_sent" });
    expect(asked.body).toMatchObject({ count: 2 });
  });

  test("of a webhook that is gone loses nothing: what waits goes to the address that takes its place", async () => {
    const webhook = { type: "webhook", url: "https://lms.acme.com/hook" };
    await school.ask("PATCH", "/v1/school", { settings: { connectors: { lms: webhook } } });
    answer = () => new Response(null, { status: 410 });
    await change("101");
    const found = async () => (await school.ask("GET", "/v1/deliveries?user=101&channel=lms")).body.data;
    expect(await found()).toMatchObject([{ status: "queued", attempts: [{ ok: false, code: 410 }] }]);
    expect((await status()).problem.message).toMatch(/answers 410: .*set the address/);
    await school.ask("PATCH", "/v1/school", {
      settings: { connectors: { lms: { ...webhook, url: "https://lms.acme.com/new" } } },
    });
    answer = () => new Response();
    setNow(Date.now() + 60_000);
    await school.ring("101");
    while (queues.actions.length) await consume("schoolbell-actions", queues.actions.splice(0));
    expect(await found()).toMatchObject([{ status: "sent" }]);
  });

  test("is another one with other settings", async () => {
    await change("101");
    await school.ask("PATCH", "/v1/school", { settings: { connectors: { lms: { ...moodle, token: "new" } } } });
    expect((await status()).problem).toBeNull();
  });
});

describe("GET /v1/lms/check", () => {
  test("says what is wrong, and the school shows it", async () => {
    const { status: code, body } = await school.ask("GET", "/v1/lms/check");
    expect([code, body.ok]).toEqual([200, false]);
    expect(body.findings.at(-1)).toMatchObject({ ok: false, what: expect.stringContaining("moodle.acme.com") });
    expect((await status()).problem.message).toBe(body.findings.at(-1).advice);
  });

  test("sends a webhook that is nothing but a test, and forgets what was wrong", async () => {
    const webhook = { type: "webhook", url: "https://lms.acme.com/hook" };
    await school.ask("PATCH", "/v1/school", { settings: { connectors: { lms: webhook } } });
    answer = () => new Response(null, { status: 500 });
    expect((await school.ask("GET", "/v1/lms/check")).body).toMatchObject({ ok: false, findings: [{ ok: false }] });
    answer = () => new Response(null, { status: 204 });
    expect((await school.ask("GET", "/v1/lms/check")).body).toMatchObject({ ok: true, findings: [{ ok: true }] });
    expect((await status()).problem).toBeNull();
  });

  test("is a 409 where there is none", async () => {
    await school.ask("PATCH", "/v1/school", { settings: { connectors: { lms: null } } });
    expect(await status()).toMatchObject({ type: "none", problem: null });
    expect((await school.ask("GET", "/v1/lms/check")).status).toBe(409);
  });
});
