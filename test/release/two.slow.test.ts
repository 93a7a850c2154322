import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { migrate, serve } from "../../scripts/worker.mjs";
import { buildBoth, missing } from "./builds.mjs";
import { sleepUntil } from "./until.mjs";

/*
 * Two releases on one state: what today's code has made the last release's goes on with, and the other way round, with
 * events going on over each change. So a release can be rolled out by and by, and taken back.
 */

const PORT = 8951;
const URL_OF = `http://127.0.0.1:${PORT}`;
const TOKEN = "two-releases-token";
const VARIABLES = {
  ADMIN_TOKEN: TOKEN,
  SECRET_KEY: btoa("0123456789abcdef0123456789abcdef"),
  LOCAL: "true",
  PUBLIC_URL: URL_OF,
};
const MINUTE_MS = 60_000;

const why = missing();
if (why) console.warn(why);

type Builds = Awaited<ReturnType<typeof buildBoth>>;
let folder: string;
let state: string;
let builds: Builds;
let stop: (() => Promise<void>) | null = null;
let key = "";

/** Today's migrations are applied before any Worker of today's runs, as a deploy does. */
async function run(which: keyof Builds, share = 0): Promise<void> {
  await stop?.();
  stop = await serve({
    ...builds[which],
    state,
    port: PORT,
    variables: { ...VARIABLES, SHARE: String(share) },
    inspectorPort: undefined,
  });
}

async function ask(method: string, path: string, body?: unknown, token = key) {
  const answer = await fetch(URL_OF + path, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text === "" ? null : JSON.parse(text);
}

let users: string[] = [];
let sent = 0;
/** Each user does something, all at a time; each event is sent twice, as senders do that were not answered. */
async function events(): Promise<void> {
  sent++;
  await Promise.all(
    users.map(async (user) => {
      for (let twice = 0; twice < 2; twice++)
        await ask("POST", "/v1/events", {
          ...{ id: `${user}-${sent}`, type: "custom.step", data: { n: sent } },
          user: { id: user, email: `${user}@acme.com` },
        });
    }),
  );
}

/** A new school, on a state of its own that the last release has begun, with an automation that waits. */
async function begin(school: string, more: readonly string[]): Promise<string> {
  await stop?.();
  stop = null;
  state = join(folder, school);
  users = [...more];
  sent = 0;
  await migrate(builds.last.config, state);
  await run("last");
  const settings = { connectors: { email: { type: "capture" } } };
  key = (await ask("POST", "/v1/schools", { id: school, name: "Two", mode: "live", settings }, TOKEN)).api_key;
  const { id } = await ask("POST", "/v1/automations", {
    ...{ name: "A", active: true, when: [{ type: "custom", name: "step" }] },
    then: [
      { type: "wait", for: "PT3S" },
      { type: "tags.add", tags: ["late"] },
      { type: "email.user", subject: "Hi", body: "You are late." },
    ],
  });
  return id;
}

/** All that was begun is done, once each. `timelines`: they are asked for too, which the last release's objects cannot tell. */
async function check(automation: string, { timelines }: { timelines: boolean } = { timelines: true }): Promise<void> {
  const runs = sent * users.length;
  await sleepUntil(async () => {
    const stats = (await ask("GET", `/v1/automations/${automation}/stats`)).runs;
    return stats.completed === runs && stats.waiting === 0;
  }, MINUTE_MS);
  for (const user of users) {
    if (timelines) {
      const { data } = await ask("GET", `/v1/users/${user}/timeline?limit=100`);
      expect(data.filter((one: { type?: string }) => one.type === "custom.step")).toHaveLength(sent);
    }
    const mails = (await ask("GET", `/v1/deliveries?user=${user}&limit=100`)).data;
    expect(mails).toHaveLength(sent);
    expect(new Set(mails.map((one: { idempotency_key: string }) => one.idempotency_key)).size).toBe(sent);
    expect((await ask("GET", `/v1/users/${user}`)).tags).toEqual(["late"]);
  }
}

/** As a deploy does: migrations first, while the last release still runs; then the Worker. */
async function migrateToday(): Promise<void> {
  await stop?.();
  stop = null;
  await migrate(builds.today.config, state);
}

describe.skipIf(why !== null)("two releases on one state", () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "schoolbell-releases-"));
    builds = await buildBoth(folder);
  }, 5 * MINUTE_MS);
  afterAll(async () => {
    await stop?.();
    rmSync(folder, { recursive: true, force: true });
  });

  test(
    "go on with each other's, with events over every change, and what waited over it is done once",
    async () => {
      const id = await begin("two", ["anna", "ben", "cora"]);
      await events();
      await migrateToday();
      await run("last");
      await events();
      await run("today");
      await events();
      await check(id);
      await events();
      // Taken back, with all that today's made, and forward again.
      await run("last");
      await events();
      await check(id);
      await events();
      await run("today");
      await events();
      await check(id);
      expect((await ask("GET", "/health")).ok).toBe(true);
    },
    6 * MINUTE_MS,
  );

  test(
    "serve side by side, by and by and back again: whichever is met, each event is taken once and what waits is done once",
    async () => {
      const id = await begin(
        "both",
        Array.from({ length: 16 }, (_, n) => `user-${n}`),
      );
      await events();
      await migrateToday();
      // Deployed by and by, taken back, and deployed again; what is changed by one is seen by the other.
      for (const [n, share] of [0.2, 0.5, 0.8, 0.5, 0.2, 0.7].entries()) {
        await run("mixed", share);
        await events();
        await ask("PATCH", `/v1/automations/${id}`, { name: `A ${n}` });
        expect((await ask("GET", `/v1/automations/${id}`)).name).toBe(`A ${n}`);
        await events();
        const met: Record<string, number[]> = await ask("GET", "/met");
        // Of each some came to either.
        expect(Math.min(...(met.requests ?? []), ...(met.objects ?? []))).toBeGreaterThan(0);
      }
      await check(id, { timelines: false });
      // What is asked of an object that cannot do it yet is refused for now, and is no fault.
      const asked = await Promise.all(
        users.map((user) =>
          fetch(`${URL_OF}/v1/users/${user}/timeline`, { headers: { authorization: `Bearer ${key}` } }),
        ),
      );
      for (const { status, headers } of asked)
        expect([status, headers.get("retry-after")]).toEqual(status === 200 ? [200, null] : [503, "60"]);
      await run("today");
      await events();
      await check(id);
    },
    6 * MINUTE_MS,
  );
});
