import { describe, expect, test } from "vitest";
import { PAGE_BYTES } from "../../../src/db/lists/fitting";
import { beyond, countFor } from "../counting";
import { env, liveSchool } from "../live";

/*
 * An isolate has 128 MB for all its requests, and a call between isolates carries 32 MiB. What a request asks for is
 * never read whole where it could be more: pages end early, and answers are cut.
 */

const { school } = liveSchool();

/** All of a list, page by page, and how large the largest page was, and of how many rows. */
async function readAll(path: string) {
  const data: { id: string; version: number }[] = [];
  let largest = 0;
  let pages = 0;
  let most = 0;
  let cursor: string | null = null;
  do {
    const answer = await school.ask("GET", `${path}${cursor === null ? "" : `&cursor=${cursor}`}`);
    expect(answer.status, answer.text.slice(0, 300)).toBe(200);
    data.push(...answer.body.data);
    largest = Math.max(largest, answer.text.length);
    most = Math.max(most, answer.body.data.length);
    pages++;
    cursor = answer.body.next_cursor;
  } while (cursor !== null);
  return { data, largest, pages, most };
}

describe("a page of a list ends early where its rows are large, and the next goes on behind it", () => {
  test("versions of an automation", async () => {
    const automation = await school.automation({ when: [{ type: "user.signed_in" }], then: [] });
    const definition = JSON.stringify({ when: [], then: [], padding: "x".repeat(250_000) });
    await env.DB.prepare(
      `insert into automation_versions (school, automation, version, definition, created_at)
       select ?1, ?2, value, ?4, 1 from json_each(?3)`,
    )
      .bind(school.id, automation, JSON.stringify(Array.from({ length: 60 }, (_, n) => n + 2)), definition)
      .run();
    const { data, largest, pages } = await readAll(`/v1/automations/${automation}/versions?limit=100`);
    expect(data.map(({ version }) => version)).toEqual(Array.from({ length: 61 }, (_, n) => n + 1));
    expect(largest).toBeLessThan(PAGE_BYTES + 300_000);
    expect(pages).toBe(4);
  });

  test.each(["asc", "desc"])("runs, also by a step (%s)", async (order) => {
    const steps = JSON.stringify([
      { step_id: "s1", type: "exit", status: "done", at: 1, detail: { text: "語".repeat(100_000) } },
    ]);
    const ids = Array.from({ length: 40 }, (_, n) => `run_${String(n).padStart(3, "0")}`);
    await env.DB.prepare(
      `insert into runs (school, id, automation, version, user, status, synchronous, trigger, started_at, steps, logged_at, seq)
       select ?1, value, 'aut_1', 1, 'anna', 'completed', 0, '{"type":"x","data":{},"at":1}', 1, ?3, 1, 1 from json_each(?2)`,
    )
      .bind(school.id, JSON.stringify(ids), steps)
      .run();
    for (const more of ["", "&step=s1", "&user=anna"]) {
      const { data, largest, pages } = await readAll(`/v1/runs?limit=100&order=${order}${more}`);
      expect(data.map(({ id }) => id)).toEqual(order === "asc" ? ids : ids.toReversed());
      // As many characters as bytes fill a page: a third of them.
      expect(largest).toBeLessThan(PAGE_BYTES / 2);
      expect(pages).toBe(3);
    }
  });

  test("users, each asked of an object", async () => {
    const fields = Object.fromEntries(Array.from({ length: 6 }, (_, n) => [`field${n}`, "x".repeat(9_900)]));
    const ids = Array.from({ length: 110 }, (_, n) => `u${String(n).padStart(3, "0")}`);
    for (const id of ids) expect((await school.ask("PUT", `/v1/users/${id}`, { fields })).status).toBe(200);
    await env.DB.prepare(
      `insert or replace into users (school, id, created_at, registered_at, search, seq)
       select ?1, value, 0, 0, value, 0 from json_each(?2)`,
    )
      .bind(school.id, JSON.stringify(ids))
      .run();
    const { data, largest, pages, most } = await readAll("/v1/users?limit=100");
    expect(data.map(({ id }) => id)).toEqual(ids);
    expect(largest).toBeLessThan(PAGE_BYTES + 1_000);
    expect(most).toBeLessThan(95);
    expect(pages).toBe(2);
  });
});

const eventOf = (id: string) => ({ type: "user.signed_in", user: { id } });

describe("a batch of one user's events, of whom much is to be told", () => {
  test("goes in parts, and what is not answered any more is not taken, and says so", async () => {
    const fields = Object.fromEntries(Array.from({ length: 6 }, (_, n) => [`field${n}`, "x".repeat(9_900)]));
    await school.ask("PUT", "/v1/users/anna", { fields });
    const events = Array.from({ length: 500 }, (_, n) => ({ ...eventOf("anna"), id: `e-${n}` }));
    const counts = countFor(school.id);
    const { status, body, text } = await school.ask("POST", "/v1/events/batch", { events });
    expect(status).toBe(200);
    expect(text.length).toBeLessThan(20_000_000);
    expect(counts.largest.answer).toBeLessThan(5_000_000);
    expect(beyond(counts)).toEqual([]);
    const left = events.filter((_, n) => body.results[n].status === 503);
    expect(left.length).toBeGreaterThan(100);
    expect(left).toEqual(events.slice(-left.length));
    const again = await school.ask("POST", "/v1/events/batch", { events: left });
    expect(again.body.results[0]).toMatchObject({ id: left[0]?.id, duplicate: false });
  });

  test("keeps the order of a small user's events", async () => {
    await school.automation({
      synchronous: true,
      when: [{ type: "custom", name: "told" }],
      then: [{ type: "user.set_field", field: "last", value: "{{ event.n }}" }],
    });
    const events = Array.from({ length: 120 }, (_, n) => ({ type: "custom.told", user: { id: "ben" }, data: { n } }));
    const { body } = await school.ask("POST", "/v1/events/batch", { events });
    const seen = body.results.map(({ user }: { user: { fields: { last: string } } }) => Number(user.fields.last));
    expect(seen).toEqual(events.map(({ data }) => data.n));
  });
});

test("a backtest counts all firings, and tells of some MB of facts", async () => {
  const text = "x".repeat(60_000);
  const events = Array.from({ length: 90 }, (_, n) => ({ type: "custom.told", user: { id: `u${n}` }, data: { text } }));
  for (let from = 0; from < events.length; from += 15)
    expect((await school.ask("POST", "/v1/events/batch", { events: events.slice(from, from + 15) })).status).toBe(200);
  const ids = JSON.stringify(events.map(({ user }) => user.id));
  await env.DB.prepare(
    "insert or ignore into users (school, id, created_at, registered_at, search, seq) select ?1, value, 0, 0, value, 0 from json_each(?2)",
  )
    .bind(school.id, ids)
    .run();
  const automation = await school.automation({ when: [{ type: "custom", name: "told" }], then: [] });
  const answer = await school.ask("POST", `/v1/automations/${automation}/backtest`, { days: 7 });
  expect(answer.body.count).toBe(90);
  expect(answer.text.length).toBeLessThan(4_100_000);
  expect(answer.body.note).toContain("too long");
});
