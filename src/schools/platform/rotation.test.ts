import { createExecutionContext, createMessageBatch, waitOnExecutionContext } from "cloudflare:test";
import { SignJWT } from "jose";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { holdQueuesAnew, PLATFORM, setNow } from "../../../test/workers/live";
import { outside } from "../../admin/address";
import { OPERATOR } from "../../admin/door/session";
import { forgetEverything } from "../../base/cache";
import type { ActionMessage } from "../../calls/messages";
import { preferencesToken } from "../../connectors/links";
import { signingKey } from "../../connectors/secrets/keys";
import { derivedWebhookSecret } from "../../connectors/secrets/signed";
import { UNSUBSCRIBE, unsubscribeToken } from "../../connectors/vendors/unsubscribe";
import { call as callWith, env } from "../../http/test-client";
import worker from "../../index";
import { startSession } from "../sign-in/sessions";
import { takeUpPlatformJobs } from "./jobs";

/*
 * The Worker's secret becomes another. Each test works with three Workers: the one of before, the one that has both
 * secrets, and the one that has the new alone.
 */

const OLD = String(env.SECRET_KEY);
const NEW = btoa("fedcba9876543210fedcba9876543210");
const DAY_MS = 86_400_000;

type Worker = typeof env;
const BEFORE = env;
const BOTH: Worker = { ...env, SECRET_KEY: NEW, SECRET_KEY_PREVIOUS: OLD };
const BY_NEXT: Worker = { ...env, SECRET_KEY_NEXT: NEW };
const AFTER: Worker = { ...env, SECRET_KEY: NEW };

let messages: ActionMessage[];
beforeEach(async () => {
  ({ actions: messages } = await holdQueuesAnew());
});

// The database is all tests': what was sealed by the new secret goes back under the one they know.
afterEach(async () => {
  vi.useRealTimers();
  await rotate({ ...env, SECRET_KEY: OLD, SECRET_KEY_PREVIOUS: NEW });
  await env.DB.batch(["kept_keys", "platform_jobs"].map((table) => env.DB.prepare(`delete from ${table}`)));
});

/** Another Worker is another isolate, which remembers nothing. */
const ask = (as: Worker, method: string, path: string, body?: unknown, token = PLATFORM, headers = {}) => {
  forgetEverything();
  return callWith(worker, method, path, body, { env: as, token, headers });
};

/** Gives a Worker the messages of jobs over all schools that wait; answers how many. */
async function takeMessages(as: Worker): Promise<number> {
  const own = messages.splice(0).filter(({ kind }) => kind === "platform_job");
  forgetEverything();
  const context = createExecutionContext();
  const bodies = own.map((body, n) => ({ id: String(n), timestamp: new Date(), attempts: 1, body }));
  await worker.queue(createMessageBatch("schoolbell-jobs", bodies), as, context);
  await waitOnExecutionContext(context);
  return own.length;
}

async function work(as: Worker): Promise<void> {
  while (await takeMessages(as));
}

async function rotate(as: Worker, body: object = {}) {
  const { status } = await ask(as, "POST", "/v1/secret-key/rotation", body);
  expect(status).toBe(202);
  await work(as);
}

const state = async (as: Worker) => (await ask(as, "GET", "/v1/secret-key")).body;
const warnings = async (as: Worker): Promise<string> => (await ask(as, "GET", "/health")).body.warnings.join(" ");

/** A school that holds one of everything that lies sealed or is known again by the secret. */
async function schoolOf(as: Worker) {
  const made = await ask(as, "POST", "/v1/schools", {
    name: "S",
    mode: "live",
    settings: { connectors: { email: { type: "capture" }, mixpanel: { token: "canary" } } },
  });
  const [id, key]: [string, string] = [made.body.school.id, made.body.api_key];
  const secret: string = (await ask(as, "POST", "/v1/signing-secret", undefined, key)).body.secret;
  await ask(as, "PUT", "/v1/users/anna", { marketing_consent: true }, key);
  const method = await ask(as, "POST", "/v1/courses/js/enrolment-methods", { key: "open sesame" }, key);
  expect(method.status).toBe(201);
  return { id, key, secret };
}
type Kept = Awaited<ReturnType<typeof schoolOf>>;

const enrol = async (as: Worker, { id, secret }: Kept, user: string) => {
  const token = await new SignJWT({ sub: user, school: id, aud: "schoolbell" })
    .setProtectedHeader({ alg: "HS256" })
    .setExpirationTime("1h")
    .sign(new TextEncoder().encode(secret));
  return (await ask(as, "POST", "/v1/courses/js/self-enrolments", { key: "open sesame" }, token)).status;
};

const webhookSecret = async (as: Worker, key: string) =>
  (await ask(as, "GET", "/v1/webhook-secret", undefined, key)).body.secret;

/** Whether a Worker opens, and knows again, all that a school has and was handed. */
async function serves(as: Worker, school: Kept, user: string) {
  const { key } = school;
  return {
    key: (await ask(as, "GET", "/v1/school", undefined, key)).status,
    connectors: (await ask(as, "PATCH", "/v1/school", { settings: { connectors: { gtm: {} } } }, key)).status,
    enrolled: await enrol(as, school, user),
    told: (await ask(as, "GET", "/v1/courses/js/enrolment-methods", undefined, key)).body.data?.[0]?.key,
    webhooks: typeof (await webhookSecret(as, key)),
  };
}
const ALL = { key: 200, connectors: 200, enrolled: 201, told: "open sesame", webhooks: "string" };

const link = async (secretKey: string, school: string) =>
  `/unsubscribe/${await unsubscribeToken(await signingKey(secretKey, UNSUBSCRIBE), { school, epoch: 1, user: "anna" })}`;

/** Of anna's own page, as a mail has it. */
const pageLink = (secretKey: string, school: string) =>
  `/preferences/${preferencesToken(secretKey, { school, epoch: 1, user: "anna", madeAt: Date.now() })}`;

describe.each([
  ["the new as SECRET_KEY, the old as SECRET_KEY_PREVIOUS", BOTH],
  ["the new as SECRET_KEY_NEXT, which nobody needs to know the old for", BY_NEXT],
])("with two secrets side by side: %s", (_, both) => {
  test("what either made opens, and what is made now opens without the old", async () => {
    const school = await schoolOf(BEFORE);
    expect(await serves(both, school, "u1")).toEqual(ALL);
    expect(await serves(AFTER, await schoolOf(both), "u1")).toEqual(ALL);
    expect((await ask(AFTER, "GET", "/v1/school", undefined, school.key)).status).toBe(401);
  });

  test("once all is sealed anew the old may go: keys, links, signatures and secrets hold", async () => {
    const school = await schoolOf(BEFORE);
    await env.DB.prepare("update schools set webhook_secrets = '[]' where id = ?").bind(school.id).run();
    const derived = await derivedWebhookSecret(OLD, { id: school.id, epoch: 1 });
    expect(await webhookSecret(both, school.key)).toBe(derived);
    await rotate(both);
    expect(await serves(AFTER, school, "u1")).toEqual(ALL);
    expect(await webhookSecret(AFTER, school.key)).toBe(derived);
    for (const [secretKey, status] of [
      [OLD, 200],
      [NEW, 200],
      [btoa("x".repeat(32)), 404],
    ] as const) {
      expect((await ask(AFTER, "GET", await link(secretKey, school.id))).status).toBe(status);
      expect((await ask(AFTER, "GET", pageLink(secretKey, school.id))).status).toBe(status);
    }
  });
});

test("a second change keeps what the first has kept", async () => {
  const school = await schoolOf(BEFORE);
  await rotate(BOTH);
  const third = btoa("0123456789012345678901234567890123");
  await rotate({ ...env, SECRET_KEY: third, SECRET_KEY_PREVIOUS: NEW });
  expect(await serves({ ...env, SECRET_KEY: third }, school, "u1")).toEqual(ALL);
  await rotate({ ...env, SECRET_KEY: NEW, SECRET_KEY_PREVIOUS: third });
});

test("whoever was erased is known again by the same pseudonym, over two changes, as long as the log is kept", async () => {
  const { key } = await schoolOf(BEFORE);
  const third = btoa("0123456789012345678901234567890123");
  const last: Worker = { ...env, SECRET_KEY: third };
  const erase = async (as: Worker) => {
    await ask(as, "PUT", "/v1/users/anna", {}, key);
    expect((await ask(as, "DELETE", "/v1/users/anna", undefined, key)).status).toBe(204);
  };
  await erase(BEFORE);
  await erase(BOTH);
  await rotate(BOTH);
  await erase(AFTER);
  await rotate({ ...last, SECRET_KEY_PREVIOUS: NEW });
  await erase(last);
  const { data } = (await ask(last, "GET", "/v1/audit?subject=anna&what=user.erased", undefined, key)).body;
  expect(data).toHaveLength(4);
  expect(new Set(data.map(({ subject }: { subject: string }) => subject)).size).toBe(1);
  expect((await ask(last, "GET", "/v1/audit?subject=ben", undefined, key)).body.data).toEqual([]);
  await rotate({ ...env, SECRET_KEY: NEW, SECRET_KEY_PREVIOUS: third });
});

test("links of a secret in wrong hands end with it where that is asked for; keys of schools hold", async () => {
  const school = await schoolOf(BEFORE);
  await rotate(BOTH, { keep_links: false });
  expect((await ask(BOTH, "GET", await link(OLD, school.id))).status).toBe(200);
  expect((await ask(AFTER, "GET", await link(OLD, school.id))).status).toBe(404);
  expect(await serves(AFTER, school, "u1")).toEqual(ALL);
});

test("a course has no key twice, though the two are found by digests of two secrets", async () => {
  const { key } = await schoolOf(BEFORE);
  const again = { key: "open sesame" };
  expect((await ask(BOTH, "POST", "/v1/courses/js/enrolment-methods", again, key)).status).toBe(409);
  const other = await ask(BOTH, "POST", "/v1/courses/js/enrolment-methods", { key: "other" }, key);
  const path = `/v1/courses/js/enrolment-methods/${other.body.id}`;
  expect((await ask(BOTH, "PATCH", path, again, key)).status).toBe(409);
  expect((await ask(BOTH, "PATCH", path, { key: "other" }, key)).status).toBe(200);
});

test("what it says of itself leads on: begin, wait a day, look again, take the old away", async () => {
  const start = Date.now();
  setNow(start);
  const school = await schoolOf(BEFORE);
  expect(await state(BEFORE)).toMatchObject({ before: null, rotation: null, warning: null });
  expect((await ask(BEFORE, "POST", "/v1/secret-key/rotation", {})).status).toBe(409);
  // Taken away too early: nothing opens any more, and who runs it is told what to set.
  expect(await warnings(AFTER)).toContain("Set the one of before as SECRET_KEY_PREVIOUS");
  expect((await state(BOTH)).rotation.status).toBe("not_begun");
  expect(await warnings(BOTH)).toContain("POST /v1/secret-key/rotation");
  await rotate(BOTH);
  const looked = await state(BOTH);
  expect(looked.rotation).toMatchObject({ status: "waiting", done: looked.rotation.total });
  expect(looked.rotation.sealed).toBeGreaterThanOrEqual(3);
  expect(Date.parse(looked.rotation.needed_until)).toBe(start + DAY_MS);
  expect(await warnings(BOTH)).toContain("needed until");

  // A Worker of before has meanwhile sealed by the secret that it knows: here by both ways of it.
  await ask(BEFORE, "POST", "/v1/signing-secret", undefined, school.key).catch(() => undefined);
  await env.DB.prepare("update schools set webhook_secrets = '[]' where id = ?").bind(school.id).run();
  for (const [days, status] of [
    [1, "waiting"],
    [2, "done"],
  ] as const) {
    setNow(start + days * DAY_MS);
    await takeUpPlatformJobs(BOTH);
    await work(BOTH);
    expect((await state(BOTH)).rotation.status).toBe(status);
  }
  expect(await warnings(BOTH)).toContain("take it away");
  expect(await warnings(BY_NEXT)).toContain("set it to what SECRET_KEY_NEXT is");
  expect((await ask(AFTER, "GET", "/health")).body.warnings).toHaveLength(1);
  await takeUpPlatformJobs(BOTH);
  expect(messages).toEqual([]);
});

test("it is done in pages, goes on where one was cut off, and says how fast", async () => {
  setNow(Date.now());
  await schoolOf(BEFORE);
  const values = Array.from(
    { length: 120 },
    (_, n) => `('rotated-${String(n).padStart(3, "0")}', 'S', 'live', '{}', 1)`,
  );
  await env.DB.prepare(`insert into schools (id, name, mode, settings, created_at) values ${values.join()}`).run();
  await ask(BOTH, "POST", "/v1/secret-key/rotation", {});
  // Each page takes longer than a message has time for.
  const batch = env.DB.batch.bind(env.DB);
  vi.spyOn(env.DB, "batch").mockImplementation((statements) => {
    setNow(Date.now() + 4_000);
    return batch(statements);
  });
  const pages: number[] = [];
  do {
    // Each message is lost, and cron sends another.
    messages.length = 0;
    setNow(Date.now() + 10 * 60_000);
    await takeUpPlatformJobs(BOTH);
    expect(await takeMessages(BOTH)).toBe(1);
    pages.push((await state(BOTH)).rotation.done);
  } while ((await state(BOTH)).rotation.status === "under_way");
  vi.restoreAllMocks();
  const { rotation } = await state(BOTH);
  expect(pages.length).toBeGreaterThan(2);
  expect(rotation).toMatchObject({ status: "waiting", done: rotation.total });
  expect(rotation.per_second).toBeGreaterThan(0);
  const { results } = await env.DB.prepare(
    "select webhook_secrets as kept from schools where id like 'rotated-%'",
  ).all();
  expect(results).toHaveLength(120);
  expect(new Set(results.map(({ kept }) => String(kept).split(".")[0]))).toEqual(new Set([(await state(AFTER)).key]));
  await env.DB.prepare("delete from schools where id like 'rotated-%'").run();
});

test("what neither secret opens is left as it is, counted and logged, and stops nothing else", async () => {
  const error = vi.spyOn(console, "error").mockReturnValue();
  const school = await schoolOf(BEFORE);
  const lost = await schoolOf(BEFORE);
  await env.DB.prepare("update schools set signing_secrets = 'AAAAAAAA.AAAAAAAAAAAAAAAA.AAAA' where id = ?")
    .bind(lost.id)
    .run();
  await rotate(BOTH);
  expect((await state(BOTH)).rotation.left).toBeGreaterThan(0);
  const records = error.mock.calls.map(([text]) => String(text)).filter((text) => text.includes(lost.id));
  expect(records).toEqual([expect.stringMatching(/"what":"secret\.unreadable".*schools\.signing_secrets/)]);
  expect(await serves(AFTER, school, "u1")).toEqual(ALL);
  await env.DB.prepare("update schools set signing_secrets = '[]' where id = ?").bind(lost.id).run();
});

test("two at once are refused, and named", async () => {
  const health = await ask({ ...BOTH, SECRET_KEY_NEXT: btoa("x".repeat(32)) }, "GET", "/health");
  expect([health.status, health.body.detail]).toEqual([503, expect.stringContaining("one rotation at a time")]);
});

test("the operator's page says how far it is, and has a button to begin", async () => {
  const headers = {
    cookie: `__Host-schoolbell=${await startSession(env, OPERATOR)}`,
    ...{ origin: "https://schoolbell.test", "content-type": "application/x-www-form-urlencoded" },
  };
  const page = async (as: Worker) => (await ask(as, "GET", outside("/operator"), undefined, undefined, headers)).text;
  expect(await page(BEFORE)).not.toContain("Worker’s secret");
  expect(await page(BOTH)).toContain("Seal anew");
  const form = await ask(BOTH, "POST", outside("/operator/secret-key"), "", undefined, headers);
  expect(form.status).toBe(303);
  await work(BOTH);
  expect(await page(BOTH)).toContain("needed until");
});
