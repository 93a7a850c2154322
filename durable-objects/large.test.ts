import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { expect, test, vi } from "vitest";
import type { EventCall } from "../src/calls/user";
import { liveSchool, packedIn, stubOf } from "../test/workers/live";

const { school } = liveSchool();

const call = (type: string, id: string, data: Record<string, unknown> = {}): EventCall => ({
  ...{ id, hash: `hash of ${id}`, type, data },
  ...{ attributes: {}, at: null },
});

const runsIn = async () => (await packedIn(school.id, "anna"))?.state?.runs ?? [];

async function send(calls: EventCall[]): Promise<string[]> {
  const { object, reference } = await school.object("anna");
  const { answers } = await object.events(reference, calls);
  return answers.map((answer) => (typeof answer === "string" ? answer : JSON.stringify(answer)));
}

test("an event that concerns none of a learner's live runs makes none of them into text; one that does is kept", async () => {
  await school.automation({
    when: [{ type: "custom", name: "wait" }],
    then: [
      { type: "wait", for: "P30D" },
      { id: "hear", type: "wait_for", event: { type: "custom", name: "late" }, timeout: "P1D" },
    ],
    synchronous: true,
  });
  await send(Array.from({ length: 40 }, (_, n) => call("custom.wait", `wait-${n}`)));
  await send([call("custom.note", "first")]);
  const stringify = vi.spyOn(JSON, "stringify");
  const runs = (): number =>
    stringify.mock.calls
      .flatMap(([value]) => (Array.isArray(value) ? value : []))
      .filter((one) => one && typeof one === "object" && "heard" in one).length;
  await send([call("custom.note", "second")]);
  // Made into text alone, it is to see that it was not changed unsaid: test/said.ts.
  expect(runs()).toBe(0);
  // Each remembers that it was answered, which nobody but the run itself is told.
  await send([call("custom.late", "late")]);
  expect(runs()).toBeGreaterThanOrEqual(40);
  stringify.mockRestore();
  await vi.waitFor(() => evictDurableObject(stubOf(school.id, "anna")), { timeout: 30_000, interval: 500 });
  expect((await runsIn()).map(({ heard }) => heard.map(({ step }) => step))).toEqual(Array(40).fill(["hear"]));
});

test("ids of events are read once, however many rows come after; each is known again", async () => {
  const COUNT = 120;
  await send([call("custom.note", "before")]);
  let reads = 0;
  await runInDurableObject(stubOf(school.id, "anna"), (_, { storage }) => {
    const sql: SqlStorage = Object.getPrototypeOf(storage.sql);
    const { exec } = sql;
    vi.spyOn(sql, "exec").mockImplementation(function (this: SqlStorage, ...args: Parameters<typeof exec>) {
      if (args[0].trim().startsWith("select seq, ids")) reads++;
      return exec.apply(this, args);
    } as typeof exec);
  });
  const ids = Array.from({ length: COUNT }, (_, n) => `note-${n}`);
  for (const id of ids) await send([call("custom.note", id)]);
  expect(reads).toBeLessThanOrEqual(1);
  const again = await send(ids.map((id) => call("custom.note", id)));
  expect(again.filter((answer) => JSON.parse(answer).duplicate !== true)).toEqual([]);
});
