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
let builds: Builds;
let stop: (() => Promise<void>) | null = null;
let key = "";

/** Today's migrations are applied before any Worker of today's runs, as a deploy does. */
async function run(which: keyof Builds): Promise<void> {
  await stop?.();
  stop = await serve({
    ...builds[which],
    state: join(folder, "state"),
    port: PORT,
    variables: VARIABLES,
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

const USERS = ["anna", "ben", "cora"];
let sent = 0;
/** Each user does something; each event is sent twice, as senders do that were not answered. */
async function events(): Promise<void> {
  sent++;
  for (const user of USERS)
    for (let twice = 0; twice < 2; twice++)
      await ask("POST", "/v1/events", {
        ...{
          id: `${user}-${sent}`,
          type: "custom.step",
          user: { id: user, email: `${user}@acme.com` },
          data: { n: sent },
        },
      });
}

/** All that was begun is done, once each. */
async function check(automation: string): Promise<void> {
  const runs = sent * USERS.length;
  await sleepUntil(async () => {
    const stats = (await ask("GET", `/v1/automations/${automation}/stats`)).runs;
    return stats.completed === runs && stats.waiting === 0;
  }, MINUTE_MS);
  for (const user of USERS) {
    const { data } = await ask("GET", `/v1/users/${user}/timeline?limit=100`);
    expect(data.filter((one: { type?: string }) => one.type === "custom.step")).toHaveLength(sent);
    const mails = (await ask("GET", `/v1/deliveries?user=${user}&limit=100`)).data;
    expect(mails).toHaveLength(sent);
    expect(new Set(mails.map((one: { idempotency_key: string }) => one.idempotency_key)).size).toBe(sent);
    expect((await ask("GET", `/v1/users/${user}`)).tags).toEqual(["late"]);
  }
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
      await migrate(builds.last.config, join(folder, "state"));
      await run("last");
      const made = await ask(
        "POST",
        "/v1/schools",
        {
          ...{ id: "two", name: "Two", mode: "live", settings: { connectors: { email: { type: "capture" } } } },
        },
        TOKEN,
      );
      key = made.api_key;
      const { id } = await ask("POST", "/v1/automations", {
        ...{ name: "A", active: true, when: [{ type: "custom", name: "step" }] },
        then: [
          { type: "wait", for: "PT3S" },
          { type: "tags.add", tags: ["late"] },
          { type: "email.user", subject: "Hi", body: "You are late." },
        ],
      });
      await events();
      // Deployed: migrations first, while the last release still runs; then the Worker.
      await stop?.();
      stop = null;
      await migrate(builds.today.config, join(folder, "state"));
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
});
