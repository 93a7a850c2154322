import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { beforeEach, expect, test, vi } from "vitest";
import type { EventCall } from "../../../src/calls/user";
import { heldBy, liveSchool, stubOf } from "../live";

/*
 * A learner of whom there is much: what a turn writes and takes follows what it changes.
 */

const { school } = liveSchool();

const call = (type: string, data: Record<string, unknown>, id: string | null = null): EventCall => ({
  id: id ?? `evt_${crypto.randomUUID()}`,
  hash: id === null ? null : `hash of ${id}`,
  type,
  data,
  attributes: {},
  at: null,
});

const note = (id: string) => ({ id, type: "custom.note", user: { id: "anna" } });

/** Characters written to the object's tables from now on. */
async function countWritten(user: string) {
  const written = { characters: 0, rows: 0 };
  await runInDurableObject(stubOf(school.id, user), (_, { storage }) => {
    const sql: SqlStorage = Object.getPrototypeOf(storage.sql);
    const { exec } = sql;
    vi.spyOn(sql, "exec").mockImplementation(function (this: SqlStorage, ...args: Parameters<typeof exec>) {
      const cursor = exec.apply(this, args);
      if (/^(insert|delete)/.test(args[0])) {
        written.rows += cursor.rowsWritten;
        for (const one of args.slice(1)) if (typeof one === "string") written.characters += one.length;
      }
      return cursor;
    } as typeof exec);
  });
  return written;
}

async function send(user: string, calls: EventCall[]): Promise<void> {
  const { object, reference } = await school.object(user);
  for (let from = 0; from < calls.length; from += 50) await object.events(reference, calls.slice(from, from + 50));
}

beforeEach(async () => {
  await school.automation({
    when: [{ type: "custom", name: "wait" }],
    then: [
      { type: "wait", for: "P30D" },
      { type: "tags.add", tags: ["late"] },
    ],
    synchronous: true,
  });
});

const list = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));

test("an event of a learner with all that one may have writes what it changes, and the rest is read in pages", async () => {
  const EVENTS = 20_000;
  await send(
    "anna",
    list(EVENTS, (n) => call("custom.note", { n }, `note-${n}`)),
  );
  await send(
    "anna",
    list(1_000, (n) => call("tag.added", { tag: `tag number ${n}` })),
  );
  await send(
    "anna",
    list(2_000, (n) => call("course.enrolled", { course: `course-${n}` })),
  );
  await send(
    "anna",
    list(500, () => call("custom.wait", {})),
  );
  const { object, reference } = await school.object("anna");
  const written = await countWritten("anna");
  for (let n = 0; n < 16; n++) await object.events(reference, [call("custom.note", { n }, `more-${n}`)]);
  expect(written.characters / 16).toBeLessThan(20_000);
  expect(written.rows / 16).toBeLessThan(3);

  // What it has to tell may still be on its way.
  await vi.waitFor(() => evictDurableObject(stubOf(school.id, "anna")), { timeout: 60_000, interval: 1_000 });
  const again = await school.ask("POST", "/v1/events", { ...note("note-7"), data: { n: 7 } });
  expect(again.status).toBe(409);
  const { body: user } = await school.ask("GET", "/v1/users/anna");
  expect([user.tags.length, user.enrolments.length]).toEqual([1_000, 2_000]);

  const exported = await school.ask("GET", "/v1/users/anna/export");
  expect(exported.status).toBe(200);
  expect(exported.body.journal).toHaveLength(EVENTS + 1_000 + 2_000 + 500 + 16);
  const automation = await school.automation({ when: [{ type: "custom", name: "note" }], then: [] });
  const why = await school.ask("GET", `/v1/automations/${automation}/why?user=anna&event=note-0`);
  expect(why.body.data).toMatchObject([{ event_id: "note-0", stopped_by: "not_there" }]);
  const page = await school.ask("GET", "/v1/users/anna/timeline?order=desc&limit=100");
  expect(page.body.data).toHaveLength(100);

  expect((await school.ask("DELETE", "/v1/users/anna")).status).toBe(204);
  const { tables } = await heldBy(school.id, "anna");
  expect(JSON.stringify(Object.values(tables))).not.toMatch(/tag number|course-1/);
  const ids = (tables.erased_ids as { ids: string }[]).flatMap((row) => JSON.parse(row.ids));
  expect(ids).toHaveLength(2 * (EVENTS + 16));
});
