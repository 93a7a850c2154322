import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import { problemOf } from "../../src/http/answering/problems";
import { heldBy, liveSchool, stubOf } from "../../test/workers/live";
import { VERSION } from "./upgrades";

/* A release is taken back, and meets what a later one has stored. */

const { school } = liveSchool();

/** Changes what lies packed as a later release would, and has the object begin anew. */
async function store(user: string, change: (packed: Record<string, unknown>) => void): Promise<void> {
  const stub = stubOf(school.id, user);
  await runInDurableObject(stub, (_, { storage }) => {
    const { body } = storage.sql.exec<{ body: string }>("select body from state").one();
    const packed = JSON.parse(body);
    change(packed);
    storage.sql.exec("update state set body = ?", JSON.stringify(packed));
  });
  await evictDurableObject(stub);
}

test("what it would spoil it refuses, says so, and leaves as it is; once the later one is there again all goes on", async () => {
  await school.event("custom.go", "anna", {}, "e1");
  const body = (user = "anna") => ({ id: "e2", type: "custom.go", user: { id: user }, data: {} });
  const later = VERSION + 1;
  await store("anna", (packed) =>
    Object.assign(packed, { v: later, least: later, renamed: packed.entries, entries: [] }),
  );
  const before = (await heldBy(school.id, "anna")).tables;
  for (const [method, path, sent] of [
    ["POST", "/v1/events", body()],
    ["PUT", "/v1/users/anna", { username: "A" }],
    ["GET", "/v1/users/anna", undefined],
    ["DELETE", "/v1/users/anna", undefined],
  ] as const) {
    const answer = await school.ask(method, path, sent);
    expect([method, answer.status, answer.body.detail]).toEqual([
      ...[method, 503, expect.stringContaining("stored by a later release")],
    ]);
    expect(answer.headers.get("retry-after")).toBe("60");
  }
  expect((await heldBy(school.id, "anna")).tables).toEqual(before);
  // Its alarm comes again, and leaves it as it is.
  await runInDurableObject(stubOf(school.id, "anna"), (_, { storage }) => storage.setAlarm(Date.now() + 60_000));
  expect(await school.ring("anna")).toBe(true);
  const held = await heldBy(school.id, "anna");
  expect([held.tables, (held.alarm ?? 0) > Date.now()]).toEqual([before, true]);
  // Nobody else hears of it.
  await school.event("custom.go", "ben");
  await store("anna", (packed) => {
    Object.assign(packed, { entries: packed.renamed });
    for (const name of ["least", "renamed"]) delete packed[name];
  });
  expect((await school.ask("POST", "/v1/events", body())).status).toBe(200);
  expect((await school.event("custom.go", "anna", {}, "e1")).duplicate).toBe(true);
});

test("what a later one has only added stays, through what this one writes", async () => {
  await school.event("custom.go", "anna");
  await store("anna", (packed) => Object.assign(packed, { v: VERSION + 3, added: { since: 1 } }));
  await school.event("tag.added", "anna", { tag: "x" });
  const { tables } = await heldBy(school.id, "anna");
  const [row] = tables.state as { body: string }[];
  expect(JSON.parse(row?.body ?? "")).toMatchObject({ added: { since: 1 }, v: VERSION });
});

test("while a release is rolled out, what an object of the one before cannot do is refused for now, and is no fault", () => {
  // As the platform says it: test/release/two.slow.test.ts meets it so.
  const said = new TypeError('The RPC receiver does not implement the method "timeline".');
  expect(problemOf(said)).toMatchObject({
    ...{ status: 503, retryAfterSeconds: 60 },
    detail: expect.stringContaining("is being deployed"),
  });
});
