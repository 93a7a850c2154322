import { describe, expect, test, vi } from "vitest";
import { loadWorld } from "../../../src/world/world";
import { beyond, type Counts, countFor } from "../counting";
import { env, liveSchool } from "../live";

/*
 * A move of a test school's clock wakes whoever has something to do on the way, each a call, and does what jobs wait
 * before it. One request does a part of it; the clock says no later than what is done for everybody.
 */

const { school, queues } = liveSchool("test");

const DAY_MS = 86_400_000;
const idOf = (n: number): string => `u${String(n).padStart(4, "0")}`;
const standing = async (): Promise<number> => Date.parse((await school.ask("GET", "/v1/school")).body.now);
const marks = async () =>
  (
    await env.DB.prepare("select count(*) as n from user_marks where school = ? and kind = 'ahead'")
      .bind(school.id)
      .first()
  )?.n;

/** Puts users into the directory who have nothing in their objects. */
async function list(from: number, count: number, row: { lastSeen?: number; nextWake?: number }): Promise<void> {
  const ids = JSON.stringify(Array.from({ length: count }, (_, n) => idOf(from + n)));
  await env.DB.prepare(
    `insert into users (school, id, created_at, registered_at, search, seq, next_wake)
     select ?1, value, 0, 0, value, 0, ?3 from json_each(?2)`,
  )
    .bind(school.id, ids, row.nextWake ?? null)
    .run();
  if (row.lastSeen === undefined) return;
  await env.DB.prepare(
    "insert into activity (school, user, scope, subject, at) select ?1, value, 'school', '', ?3 from json_each(?2)",
  )
    .bind(school.id, ids, row.lastSeen)
    .run();
}

interface Move {
  counts: Counts;
  body: { now: string; more?: true; to?: string };
}

async function move(asked: { advance: string } | { to: string }): Promise<Move> {
  // Objects that are called at once would each load it, and be counted.
  await loadWorld(env, await school.school());
  const counts = countFor(school.id);
  const { status, body, text } = await school.ask("POST", "/v1/test-clock", asked);
  expect(status, text.slice(0, 300)).toBe(200);
  // It goes on counting.
  return { counts: structuredClone(counts), body };
}

/** All requests that a move takes. @param between what happens before each but the first */
async function moveAll(advance: string, between?: (nth: number) => Promise<unknown>): Promise<Move[]> {
  const moves = [await move({ advance })];
  for (let last = moves.at(-1)?.body; last?.more && last.to; last = moves.at(-1)?.body) {
    await between?.(moves.length);
    moves.push(await move({ to: last.to }));
    if (moves.length > 20) throw new Error("it does not end");
  }
  return moves;
}

const woken = ({ counts }: Move): number => counts.objectCalls.filter((method) => method === "advance").length;

describe("a move of the clock", () => {
  test("that wakes a few hundred users is one request", async () => {
    await list(0, 300, { nextWake: 1 });
    const [only, ...more] = await moveAll("P1D");
    expect(more).toEqual([]);
    expect(only && woken(only)).toBe(300);
    expect(only?.body).toEqual({ now: expect.any(String) });
    expect(only && beyond(only.counts)).toEqual([]);
  });

  test("goes on where it stopped, wakes each once, and the clock stands until all of them are there", async () => {
    const then = [{ type: "tags.add", tags: ["away"] }];
    for (const days of [3, 4, 5]) await school.automation({ when: [{ type: "inactivity.school", days }], then });
    const before = await standing();
    await list(0, 550, { lastSeen: before });
    await list(550, 550, { nextWake: before + DAY_MS });
    const moves = await moveAll("P10D");
    expect(moves.map(woken)).toEqual([500, 500, 100]);
    for (const { counts } of moves) {
      expect(beyond(counts)).toEqual([]);
      expect(counts.statements.length).toBeLessThan(250);
    }
    const at = (ms: number) => new Date(ms).toISOString();
    expect(moves.map(({ body }) => body.now)).toEqual([at(before), at(before), at(before + 10 * DAY_MS)]);
    expect(moves[0]?.body).toMatchObject({ more: true, to: at(before + 10 * DAY_MS) });
    expect(await standing()).toBe(before + 10 * DAY_MS);
    expect(await marks()).toBe(0);
  });

  test("in which no time passes ends, however many are looked for, and then looks for nobody", async () => {
    await list(0, 550, { lastSeen: (await standing()) - 5 * DAY_MS });
    await school.automation({ when: [{ type: "inactivity.school", days: 3 }], then: [] });
    expect((await moveAll("PT0S")).map(woken)).toEqual([0]);
    const already = { type: "inactivity.school", days: 3, include_already_inactive: true };
    await school.automation({ when: [already], then: [] });
    expect((await moveAll("PT0S")).map(woken)).toEqual([500, 50]);
    expect(await marks()).toBe(0);
    await moveAll("PT1S");
    expect((await moveAll("PT0S")).map(woken)).toEqual([0]);
  });

  test("looks for all thresholds at once, however many there are", async () => {
    const when = (from: number) =>
      Array.from({ length: 10 }, (_, n) => ({ type: "inactivity.school", days: from + n + 1 }));
    const automations = Array.from({ length: 36 }, (_, n) => ({
      id: `aut_${n}`,
      name: "A",
      when: when(n * 10),
      then: [],
    }));
    expect((await school.ask("PUT", "/v1/import", { automations })).status).toBe(200);
    await list(0, 10, { lastSeen: await standing() });
    const [only] = await moveAll("P1Y");
    expect(only && woken(only)).toBe(10);
    expect(only?.counts.statements.length).toBeLessThan(100);
  });

  test("has what happens between its requests happen, to those who are there already and to the others", async () => {
    const then = [{ type: "tags.add", tags: ["away"] }];
    await school.automation({ when: [{ type: "inactivity.school", days: 3 }], then });
    await school.automation({ when: [{ type: "inactivity.course", days: 3 }], then });
    const before = await standing();
    for (const user of ["a-there", "a-enrols", "z-late", "z-enrols"]) await school.event("user.signed_in", user);
    await list(0, 505, { lastSeen: before });
    const enrols = async (user: string) => school.event("course.enrolled", user, { course: "c" });
    const moves = await moveAll("P5D", async () => {
      await enrols("a-enrols");
      await enrols("z-enrols");
      await enrols("a-new");
    });
    expect(moves).toHaveLength(2);
    expect(await standing()).toBe(before + 5 * DAY_MS);
    await moveAll("P5D");
    const fired: Record<string, number[]> = {};
    for (const run of (await school.ask("GET", "/v1/runs?limit=100")).body.data)
      fired[run.user_id] = [...(fired[run.user_id] ?? []), (Date.parse(run.started_at) - before) / DAY_MS].sort();
    expect(fired).toEqual({
      "a-there": [3],
      // Away from the school since it began, from the course since the user, five days on already, was enrolled.
      "a-enrols": [3, 8],
      "a-new": [3, 3],
      "z-late": [3],
      "z-enrols": [3, 3],
    });
  });

  test("has automations made between its requests look at everybody, too", async () => {
    const inactive = (days: number, more = {}) => ({ when: [{ type: "inactivity.school", days, ...more }], then: [] });
    await school.automation(inactive(3));
    const before = await standing();
    for (const user of ["a-there", "z-late"]) await school.event("user.signed_in", user);
    await list(0, 505, { lastSeen: before });
    await moveAll("P5D", (nth) => (nth === 1 ? school.automation(inactive(4)) : Promise.resolve()));
    const fired = (await school.ask("GET", "/v1/runs?limit=100")).body.data.map(
      (run: { user_id: string; started_at: string }) => [run.user_id, (Date.parse(run.started_at) - before) / DAY_MS],
    );
    expect(fired.sort()).toEqual([
      ["a-there", 3],
      ["a-there", 5],
      ["z-late", 3],
      ["z-late", 4],
    ]);
  });

  test("to an earlier moment begins with those who are not there yet, too", async () => {
    await school.automation({ when: [{ type: "inactivity.school", days: 3 }], then: [] });
    const before = await standing();
    await list(0, 550, { lastSeen: before });
    expect((await move({ advance: "P20D" })).body.more).toBe(true);
    const moves = await moveAll("P4D");
    expect(moves.map(woken)).toEqual([50]);
    expect(await standing()).toBe(before + 4 * DAY_MS);
  });

  test("passes over who fails, but never over everybody", async () => {
    const before = await standing();
    await list(0, 520, { nextWake: before });
    const getByName = env.USERS.getByName.bind(env.USERS);
    const failing = vi.spyOn(env.USERS, "getByName").mockImplementation((name: string) => {
      if (Number(JSON.parse(name)[1]?.slice(1)) < 510) throw new Error("it fails");
      return getByName(name);
    });
    expect((await school.ask("POST", "/v1/test-clock", { advance: "P1D" })).status).toBe(503);
    expect(await standing()).toBe(before);
    failing.mockImplementation((name: string) => {
      if (Number(JSON.parse(name)[1]?.slice(1)) < 5) throw new Error("it fails");
      return getByName(name);
    });
    const moves = await moveAll("P1D");
    expect(moves).toHaveLength(2);
    expect(await standing()).toBe(before + DAY_MS);
  });
});

describe("before the clock moves", () => {
  test("jobs are done, a part a request, and it stands until they are", async () => {
    await list(0, 500, {});
    await school.ask("POST", "/v1/segments", { id: "sales", name: "Sales", managed: true });
    const before = await standing();
    const where = [{ field: "source", op: "is", value: "Sales" }];
    const { body } = await school.ask("POST", "/v1/segment-rules", { segment: "sales", match: "all", where });
    queues.actions.length = 0;
    const moves = await moveAll("P1D");
    expect(moves.length).toBeGreaterThan(1);
    for (const { counts, body } of moves.slice(0, -1)) {
      expect(counts.objectCalls.length).toBeLessThanOrEqual(250);
      expect(beyond(counts)).toEqual([]);
      expect(Date.parse(body.now)).toBe(before);
    }
    expect((await school.ask("GET", `/v1/jobs/${body.job_id}`)).body).toMatchObject({ status: "done" });
    expect(await standing()).toBe(before + DAY_MS);
  });

  test("segments of a file, three queries each, are no more than a request may ask", async () => {
    const lines = Array.from({ length: 600 }, (_, n) => `seg-${n},Segment ${n}`);
    const csv = { "content-type": "text/csv" };
    await school.ask("POST", "/v1/segments/import", `id,name\n${lines.join("\n")}\n`, csv);
    queues.actions.length = 0;
    const moves = await moveAll("PT0S");
    expect(moves.length).toBeGreaterThan(1);
    for (const { counts } of moves) expect(beyond(counts)).toEqual([]);
    expect((await school.ask("GET", "/v1/segments?limit=1")).body.data).toHaveLength(1);
  });
});
