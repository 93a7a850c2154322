import { beforeEach, describe, expect, test, vi } from "vitest";
import {
  consume,
  env,
  flushLog,
  type HeldQueues,
  holdQueuesAnew,
  makeSchool,
  setNow,
  standIn,
  type TestSchool,
} from "../../../../test/workers/live";
import { sumOf, troubleByAutomation, troubleOfEach } from "../../../automations/runs/trouble";
import { loadSchool } from "../../../world/snapshot";

const DAY_MS = 86_400_000;
const MAIL = { type: "email.user", subject: "Hello", body: "Hello there.", kind: "transactional" };
const KEPT = { email: { type: "capture" } };

let school: TestSchool;
let queues: HeldQueues;

beforeEach(async () => {
  vi.useRealTimers();
  queues = await holdQueuesAnew();
  school = await makeSchool("live", { connectors: { email: null } });
});

/** Sends what is on its way, for as long as something is. */
async function carry(): Promise<void> {
  for (let n = 0; n < 20 && queues.actions.length; n++) await consume("schoolbell-actions", queues.actions.splice(0));
}

const setUp = (connectors: Record<string, unknown>) => school.ask("PATCH", "/v1/school", { settings: { connectors } });
const list = async (query = "") => (await school.ask("GET", `/v1/deliveries?${query}`)).body.data;
const retryAll = (body: Record<string, unknown>, query = "") =>
  school.ask("POST", `/v1/deliveries/retry${query}`, body);

async function mailTo(user: string, then: Record<string, unknown>[] = [MAIL]): Promise<string> {
  const automation = await school.automation({ active: true, when: [{ type: "user.signed_in" }], then });
  await school.event("user.signed_in", { id: user, email: `${user}@acme.com` });
  await carry();
  await flushLog(school.id, user);
  return automation;
}

describe("in a live school whose mail nobody has set up", () => {
  test("a mail is kept, not sent, and its run goes on; no automation is stopped for it", async () => {
    const automation = await mailTo("anna");
    expect(await list("user=anna")).toMatchObject([{ status: "not_sent", attempts: [] }]);
    expect(await list("status=not_sent")).toHaveLength(1);
    expect((await school.ask("GET", "/v1/runs?user=anna")).body.data).toMatchObject([{ status: "completed" }]);
    const { body } = await school.ask("GET", `/v1/automations/${automation}`);
    expect(body).toMatchObject({ active: true, warnings: [{ code: "not_sent" }] });
  });

  test("a push is kept just so", async () => {
    await mailTo("anna", [{ type: "push.user", title: "Hello", body: "There." }]);
    expect(await list()).toMatchObject([{ channel: "push", status: "not_sent" }]);
  });

  test("what was kept never leaves by itself, but when somebody asks, with its key", async () => {
    await mailTo("anna");
    const [kept] = await list();
    await setUp(KEPT);
    await carry();
    await flushLog(school.id, "anna");
    expect(await list()).toMatchObject([{ status: "not_sent" }]);
    const asked = await school.ask("POST", `/v1/deliveries/${kept.id}/retry`);
    expect(asked).toMatchObject({ status: 200, body: { status: "queued" } });
    await carry();
    await flushLog(school.id, "anna");
    expect(await list()).toMatchObject([{ status: "captured", idempotency_key: kept.idempotency_key }]);
  });

  test("what is asked for before anything is set up is kept again", async () => {
    await mailTo("anna");
    const [{ id }] = await list();
    for (let n = 0; n < 2; n++) {
      expect((await school.ask("POST", `/v1/deliveries/${id}/retry`)).status).toBe(200);
      await carry();
      await flushLog(school.id, "anna");
      expect(await list()).toMatchObject([{ status: "not_sent" }]);
    }
  });

  test("consent is looked at again as it leaves", async () => {
    await school.ask("PUT", "/v1/users/anna", { email: "anna@acme.com", marketing_consent: true });
    await mailTo("anna", [{ ...MAIL, kind: "marketing" }]);
    const [{ id, status }] = await list();
    expect(status).toBe("not_sent");
    await school.ask("PUT", "/v1/users/anna", { marketing_consent: false });
    await setUp(KEPT);
    await school.ask("POST", `/v1/deliveries/${id}/retry`);
    await carry();
    await flushLog(school.id, "anna");
    expect(await list()).toMatchObject([{ status: "suppressed" }]);
  });

  test("what was kept for over seven days is asked for twice", async () => {
    await mailTo("anna");
    const [{ id }] = await list();
    await setUp(KEPT);
    setNow(Date.now() + 8 * DAY_MS);
    expect(await school.ask("POST", `/v1/deliveries/${id}/retry`)).toMatchObject({
      status: 409,
      body: { detail: expect.stringMatching(/over 7 days ago/) },
    });
    expect(await retryAll({ status: "not_sent", count: 1 })).toMatchObject({ status: 409 });
    expect((await school.ask("POST", `/v1/deliveries/${id}/retry?old=true`)).status).toBe(200);
  });
});

describe("all that were kept", () => {
  test("leave together once they are as many as the person was shown", async () => {
    await mailTo("anna");
    for (const user of ["ben", "carla"]) {
      await school.event("user.signed_in", { id: user, email: `${user}@acme.com` });
      await carry();
      await flushLog(school.id, user);
    }
    await setUp(KEPT);
    const shown = await retryAll({ status: "not_sent" }, "?dry_run=true");
    expect(shown).toMatchObject({ status: 200, body: { count: 3, oldest: expect.stringMatching(/^20/) } });
    expect(await retryAll({ status: "not_sent", count: 2 })).toMatchObject({
      status: 409,
      body: { detail: "They are 3 by now, not 2." },
    });
    expect(await retryAll({ status: "not_sent" })).toMatchObject({ status: 422 });
    const asked = await retryAll({ status: "not_sent", count: 3 });
    expect(asked.status).toBe(202);
    await carry();
    for (const user of ["anna", "ben", "carla"]) await flushLog(school.id, user);
    expect((await list()).map((one: { status: string }) => one.status)).toEqual(["captured", "captured", "captured"]);
    const { body } = await school.ask("GET", `/v1/jobs/${asked.body.job_id}`);
    expect(body).toMatchObject({ status: "done", done: 3, errors: [] });
  });

  test("are those of a stretch of time, where one is named", async () => {
    await mailTo("anna");
    const [{ created_at: at }] = await list();
    const from = { status: "not_sent", from: at };
    const after = { status: "not_sent", from: new Date(Date.parse(at) + 1).toISOString() };
    expect((await retryAll(from, "?dry_run=true")).body.count).toBe(1);
    expect((await retryAll(after, "?dry_run=true")).body).toEqual({ count: 0, oldest: null });
    expect((await retryAll({ status: "not_sent", to: at }, "?dry_run=true")).body.count).toBe(0);
  });
});

describe("a delivery that is tried again", () => {
  test("says when next, and leaves now when somebody asks", async () => {
    let status = 500;
    standIn("https://lms.example.com", () => new Response("", { status }));
    await mailTo("anna", [{ type: "webhook.send", url: "https://lms.example.com/hook", body: {} }]);
    const [waiting] = await list();
    expect(waiting).toMatchObject({ status: "queued", attempts: [{ ok: false, code: 500 }] });
    expect(Date.parse(waiting.next_attempt_at)).toBeGreaterThan(Date.parse(waiting.attempts[0].at));
    expect(waiting.attempts[0]).not.toHaveProperty("nextAt");
    status = 200;
    expect((await school.ask("POST", `/v1/deliveries/${waiting.id}/retry`)).status).toBe(200);
    await carry();
    await flushLog(school.id, "anna");
    const [sent] = await list();
    expect(sent).toMatchObject({ status: "sent", attempts: [{ ok: false }, { ok: true }] });
    expect(sent).not.toHaveProperty("next_attempt_at");
    expect((await school.ask("POST", `/v1/deliveries/${waiting.id}/retry`)).status).toBe(409);
  });
});

test("deliveries are found by their automation, and by when they were made, in the log and with the user", async () => {
  const one = await mailTo("anna");
  const other = await mailTo("ben");
  for (const user of ["", "&user=ben"]) {
    const found = await list(`automation=${other}${user}`);
    expect(found.map((delivery: { automation_id: string }) => delivery.automation_id)).toEqual([other]);
  }
  expect(await list(`automation=${one}&status=not_sent`)).toHaveLength(2);
  const [first, ...rest] = await list();
  const next = new Date(Date.parse(first.created_at) + 1).toISOString();
  for (const user of ["", `&user=${first.user_id}`]) {
    const before = await list(`to=${next}${user}`);
    expect(before.map((delivery: { id: string }) => delivery.id)).toContain(first.id);
    const after = await list(`from=${next}${user}`);
    expect(after.map((delivery: { id: string }) => delivery.id)).not.toContain(first.id);
  }
  expect(rest.length).toBeGreaterThan(0);
});

test("deliveries are found by part of their subject or title, in the log and with the user, beside other filters", async () => {
  await mailTo("anna", [
    { type: "email.user", subject: "Welcome to Übung 1", body: "Hello" },
    { type: "email.user", subject: "Still there?", body: "Welcome" },
    { type: "push.user", title: "Welcome back", body: "Hi" },
    { type: "email.user", subject: "|Größe & Übung, Καλώς ήΡθες, ẞTEST", body: "Hi" },
  ]);
  const found = async (query: string) =>
    (await list(query))
      .map(({ content }: { content: Record<string, string> }) => content.subject ?? content.title)
      .toSorted();
  const all = await found("");
  for (const user of ["", "&user=anna"]) {
    expect(await found(`subject=welcome${user}`)).toEqual(
      all.filter((one: string) => one.toLowerCase().includes("welcome")),
    );
    expect(await found(`subject=WELCOME%20TO&channel=email${user}`)).toEqual(["Welcome to Übung 1"]);
    for (const sought of ["Übung 1", "übung 1", "ÜBUNG 1"])
      expect(await found(`subject=${encodeURIComponent(sought)}${user}`)).toEqual(["Welcome to Übung 1"]);
    for (const sought of [
      "größe & übung",
      "ße & Üb",
      "GRÖßE & ÜBUNG".normalize("NFD"),
      "|größe",
      "καλώς Ήρθεσ",
      "ßtest",
    ])
      expect([sought, await found(`subject=${encodeURIComponent(sought)}${user}`)]).toEqual([
        sought,
        ["|Größe & Übung, Καλώς ήΡθες, ẞTEST"],
      ]);
    expect(await found(`subject=%25${user}`)).toEqual([]);
  }
});

describe("what failed of a run that was undone", () => {
  const POSTMARK = { email: { type: "postmark", server_token: "t", from: "school@acme.com" } };
  const refused = () => Response.json({ ErrorCode: 300, Message: "No." }, { status: 422 });
  const undo = async (run: string, user: string) => {
    const { job_id } = (await school.ask("POST", `/v1/runs/${run}/undo`)).body;
    await flushLog(school.id, user);
    return (await school.ask("GET", `/v1/jobs/${job_id}`)).body.result;
  };

  test("is sent no more, by itself or with others, says so and counts as trouble no more; what failed beside it does", async () => {
    let isUp = false;
    standIn("https://api.postmarkapp.com", () => (isUp ? Response.json({ ErrorCode: 0 }) : refused()));
    await setUp(POSTMARK);
    await mailTo("anna");
    await school.event("user.signed_in", { id: "ben", email: "ben@acme.com" });
    await carry();
    await flushLog(school.id, "ben");
    const [failed] = await list("user=anna");
    expect(failed).toMatchObject({ status: "failed" });
    const of = await loadSchool(env, school.id);
    if (!of) throw new Error("it is there");
    const troubles = async () => [
      sumOf((await troubleByAutomation(env, of)).values()).failed,
      sumOf((await troubleOfEach(env, school.id, [failed.automation_id])).values()).failed,
    ];
    const counted = await troubles();
    const preview = await school.ask("POST", `/v1/runs/${failed.run_id}/undo?dry_run=true`);
    expect(preview.body).toMatchObject({ takes: [{ kind: "delivery", id: failed.id }], not_callable: [] });
    expect((await list("user=anna"))[0].reason).not.toBe("undone");
    expect((await undo(failed.run_id, "anna")).takes).toEqual(preview.body.takes);
    expect(await list("user=anna")).toMatchObject([
      { status: "failed", reason: "undone", attempts: [{ ok: false, code: 422 }] },
    ]);
    expect((await undo(failed.run_id, "anna")).takes).toEqual([]);
    expect([counted, await troubles()], "of which there is something to be done").toEqual([
      [2, 2],
      [1, 1],
    ]);

    isUp = true;
    const detail = "The run that made it was undone: it is sent no more.";
    expect(await school.ask("POST", `/v1/deliveries/${failed.id}/retry`)).toMatchObject({
      status: 409,
      body: { detail },
    });
    expect((await retryAll({ status: "failed" }, "?dry_run=true")).body.count).toBe(1);
    const { job_id } = (await retryAll({ status: "failed", count: 1 })).body;
    await carry();
    for (const user of ["anna", "ben"]) await flushLog(school.id, user);
    expect((await school.ask("GET", `/v1/jobs/${job_id}`)).body).toMatchObject({ status: "done", errors: [] });
    expect(await list("user=anna")).toMatchObject([{ status: "failed", reason: "undone" }]);
    expect(await list("user=ben")).toMatchObject([{ status: "sent" }]);
  });

  test("on its way while it is undone is sent no more either, when that attempt fails for good", async () => {
    let run = "";
    standIn("https://api.postmarkapp.com", async () => {
      await school.ask("POST", `/v1/runs/${run}/undo`);
      return refused();
    });
    await setUp(POSTMARK);
    await school.automation({ active: true, when: [{ type: "user.signed_in" }], then: [MAIL] });
    run = (await school.event("user.signed_in", { id: "anna", email: "anna@acme.com" })).runs[0].id;
    await carry();
    await flushLog(school.id, "anna");
    const [ended] = await list("user=anna");
    expect(ended).toMatchObject({ status: "suppressed", attempts: [{ ok: false }] });
    expect((await school.ask("POST", `/v1/deliveries/${ended.id}/retry`)).status).toBe(409);
  });

  test("a run itself does not go on from its failed step", async () => {
    const segment = { type: "segment.remove", segments: ["nowhere"], on_error: "stop" };
    await mailTo("anna", [{ type: "tags.add", tags: ["a"] }, segment]);
    const [{ id, status }] = (await school.ask("GET", "/v1/runs?user=anna")).body.data;
    expect(status).toBe("failed");
    await undo(id, "anna");
    expect((await school.ask("GET", `/v1/runs/${id}`)).body).toMatchObject({ status: "failed", reason: "undone" });
    expect(await school.ask("POST", `/v1/runs/${id}/retry`)).toMatchObject({
      status: 409,
      body: { detail: "The run was undone: it does not go on." },
    });
  });
});
