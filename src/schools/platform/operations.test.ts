import { expect, test } from "vitest";
import { consume, env, liveSchool, makeSchool, setNow } from "../../../test/workers/live";
import { addressIn, outside } from "../../admin/address";
import { OPERATOR } from "../../admin/door/session";
import { database } from "../../db/client";
import { jobs } from "../../db/schema";
import { call, PLATFORM } from "../../http/test-client";
import worker from "../../index";
import { writeCounted } from "../../journal/tables/usage";
import { noteProblem } from "../../world/problems";
import { getSchool } from "../find";
import { startSession } from "../sign-in/sessions";
import { operationsOf, releaseOf } from "./operations";

const { school, queues } = liveSchool();

async function troubled(): Promise<void> {
  await school.automation({
    when: [{ type: "custom", name: "go" }],
    then: [
      { type: "wait", for: "PT1H" },
      { type: "tags.add", tags: ["x"] },
    ],
  });
  await school.event("custom.go", "anna");
  while (queues.actions.length) await consume("schoolbell-actions", queues.actions.splice(0));
  await school.ask("PUT", "/v1/users/anna", {});
  await noteProblem(env, await school.school(), "lms_broken", "down");
  await consume("schoolbell-actions-dead", [{ kind: "wake", school: school.id, user: "anna" }]);
}

test("each school says what of it waits, was given up, and does not work; another's is nothing of its", async () => {
  await troubled();
  const other = await makeSchool();
  const job = { school: school.id, id: "job_1", kind: "align", status: "running", params: "{}" } as const;
  await database(env.DB)
    .insert(jobs)
    .values({ ...job, createdAt: Date.now(), touchedAt: Date.now() });
  const at = Date.now() + 2 * 3_600_000;
  await env.DB.prepare("update users set next_wake = ? where school = ?")
    .bind(at - 600_000, school.id)
    .run();
  setNow(at);
  const found = await operationsOf(env, [school.id, other.id]);
  expect(found.get(school.id)).toEqual({
    queued: 0,
    overdue: expect.any(Number),
    jobs: 1,
    deadLetters: 1,
    connections: ["lms_broken"],
  });
  expect(found.get(other.id)).toEqual({ queued: 0, overdue: 0, jobs: 0, deadLetters: 0, connections: [] });
});

test("what runs is said by the version, where it is told, and by the last migration applied", async () => {
  const RELEASE = { id: "abc", tag: "v7", timestamp: "2026-11-27T00:00:00Z" };
  expect(await releaseOf({ ...env, RELEASE })).toEqual({
    version: "v7",
    at: RELEASE.timestamp,
    migration: expect.stringMatching(/^\d{4}_\w+\.sql$/),
  });
  expect(await releaseOf({ ...env, RELEASE: undefined } as unknown as typeof env)).toMatchObject({ version: null });
});

test("the operator's page shows it, with a button that has what was given up tried again", async () => {
  await troubled();
  await school.event("user.signed_in", "anna");
  await writeCounted(env);
  const headers = { cookie: `__Host-schoolbell=${await startSession(env, OPERATOR)}` };
  const page = async (school: string) =>
    (await call(worker, "GET", outside(`/operator?school=${school}`), undefined, { headers })).text;
  const text = await page(school.id);
  expect(text).toContain("LMS broken");
  expect(text).toMatch(
    new RegExp(`Go on with a learner <small class="soft"><a href="${addressIn(school.id, "/learners/anna")}">anna</a>`),
  );
  expect(text).toContain(addressIn(school.id, ""));
  // What it cost: an event and what it made, and all schools' together.
  expect(text).toMatch(/under \$0\.01[\s\S]*What it costs[\s\S]*Not in it are processor time, duration, storage/);
  expect(text).toMatch(/Migrations up to \d{4}_\w+ are applied/);
  const row = await env.DB.prepare("select id from dead_letters where school = ?")
    .bind(school.id)
    .first<{ id: string }>();
  const retry = outside(`/operator/dead-letters/${row?.id}/retry`);
  expect(text).toContain(retry);
  queues.actions.length = 0;
  await call(worker, "POST", retry, "", {
    headers: { ...headers, origin: "https://schoolbell.test", "content-type": "application/x-www-form-urlencoded" },
  });
  expect(queues.actions).toEqual([{ kind: "wake", school: school.id, user: "anna" }]);
  expect(await page(school.id)).not.toContain(retry);
});

test("of what cannot be read it offers no second try, and one that is refused is told", async () => {
  const headers = {
    cookie: `__Host-schoolbell=${await startSession(env, OPERATOR)}`,
    ...{ origin: "https://schoolbell.test", "content-type": "application/x-www-form-urlencoded" },
  };
  await consume("schoolbell-actions-dead", [{ kind: "unheard-of" }]);
  const id = await env.DB.prepare("select id from dead_letters where kind = 'unreadable'").first<string>("id");
  const retry = outside(`/operator/dead-letters/${id}/retry`);
  const { text } = await call(worker, "GET", outside("/operator"), undefined, { headers });
  expect(text).toContain("nothing of it was kept");
  expect(text).not.toContain(retry);
  const refused = await call(worker, "POST", retry, "", { headers });
  expect([refused.status, refused.text]).toEqual([409, expect.stringContaining("The message could not be read")]);
});

test("its schools stand in pages, and are found by their id and by how their name begins", async () => {
  const headers = { cookie: `__Host-schoolbell=${await startSession(env, OPERATOR)}` };
  const page = async (search: string) =>
    (await call(worker, "GET", outside(`/operator${search}`), undefined, { headers })).text;
  await env.DB.batch(
    Array.from({ length: 60 }, (_, n) =>
      env.DB.prepare(
        "insert into schools (id, name, mode, created_at, settings) select ?1, name, mode, ?2, settings from schools where id = ?3",
      ).bind(`${school.id}-${n}`, n, school.id),
    ),
  );
  const first = await page("");
  expect(first).toContain(addressIn(`${school.id}-0`, ""));
  expect(first).not.toContain(addressIn(`${school.id}-55`, ""));
  const next = /href="[^"?]*(\?cursor=[^"]+)" rel="next"/.exec(first)?.[1]?.replaceAll("&amp;", "&");
  expect(await page(next ?? "")).toContain(addressIn(`${school.id}-55`, ""));
  const found = await page(`?school=${school.id}-55`);
  expect(found).toContain(addressIn(`${school.id}-55`, ""));
  expect(found).not.toContain(addressIn(`${school.id}-0`, ""));
  expect(await page("?school=nothing")).toContain("No school is called nothing or has that id");
  const called = await call(
    worker,
    "PATCH",
    `/v1/schools/${school.id}-7`,
    { name: "Zebra Academy" },
    { token: PLATFORM },
  );
  expect(called.status).toBe(200);
  const named = await page("?school=ZEBRA+ac");
  expect(named).toContain(addressIn(`${school.id}-7`, ""));
  expect(named).not.toContain(addressIn(`${school.id}-8`, ""));
  // Of several of one name a page, and the next with what was looked for.
  const many = await page(`?school=${encodeURIComponent((await getSchool(env, school.id)).name)}`);
  const behind = /href="[^"?]*(\?[^"]*cursor=[^"]+)" rel="next"/.exec(many)?.[1]?.replaceAll("&amp;", "&");
  expect(await page(behind ?? "")).not.toContain(addressIn(`${school.id}-7`, ""));
  expect(new URLSearchParams(behind).get("school")).not.toBeNull();
  await env.DB.prepare("delete from schools where id like ?").bind(`${school.id}-%`).run();
});
