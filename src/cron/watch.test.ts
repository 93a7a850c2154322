import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { call, env, liveSchool, makeSchool, PLATFORM, setNow } from "../../test/workers/live";
import { meterOfD1 } from "../../test/workers/metered";
import { watchWakes } from "../../test/workers/wakes";
import { watch, watchOthers } from "./watch";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const { school, queues } = liveSchool();

const begin = Date.UTC(2031, 2, 3, 10);
beforeEach(async () => {
  setNow(begin);
  await env.DB.prepare("delete from school_wakes").run();
});

/** Lets the directory know of users, and when their objects next have something to do. */
const due = (wakes: Readonly<Record<string, number | null>>, of = school.id) =>
  env.DB.prepare(
    `insert into users (school, id, created_at, search, seq, next_wake) select ?1, key, 0, key, 0, value from json_each(?2) where true
     on conflict do update set next_wake = excluded.next_wake`,
  )
    .bind(of, JSON.stringify(wakes))
    .run();

const untilOf = async (of = school.id): Promise<number | null | undefined> =>
  (await env.DB.prepare("select at from school_wakes where school = ?").bind(of).first<{ at: number | null }>())?.at;

/** Schools of one user each, who is due then; the test's end takes them away. */
async function putSchools(ids: readonly string[], wake: number): Promise<void> {
  const text = JSON.stringify(ids);
  onTestFinished(async () => {
    await env.DB.batch(
      ["schools where id", "users where school", "school_wakes where school"].map((of) =>
        env.DB.prepare(`delete from ${of} in (select value from json_each(?))`).bind(text),
      ),
    );
  });
  await env.DB.batch(
    [
      "insert into schools (id, name, mode, settings, created_at) select value, 'S', 'live', '{}', 0 from json_each(?1) where ?2",
      `insert into users (school, id, created_at, search, seq, next_wake)
       select value, 'anna', 0, 'anna', 0, ?2 from json_each(?1)`,
    ].map((sql) => env.DB.prepare(sql).bind(text, wake)),
  );
}

/** The next row after those that are due tells that there are no more. */
const ONE_MORE = 1;

async function rowsAt(now: number): Promise<number> {
  setNow(now);
  const meter = meterOfD1();
  await watch(env);
  vi.restoreAllMocks();
  return meter.rowsRead;
}

test("a minute reads no schools whose users wait for later, however many they are", async () => {
  const ids = Array.from({ length: 3_000 }, (_, n) => `${school.id}-${n}`);
  await putSchools(ids, begin + 24 * HOUR_MS);
  expect(await rowsAt(begin)).toBeLessThanOrEqual(ONE_MORE);
  await due({ anna: begin });
  const woken = watchWakes(school.id);
  await watch(env);
  expect(woken).toEqual([]);
  setNow(begin + 2 * MINUTE_MS);
  await watch(env);
  expect(woken).toEqual(["anna"]);
});

test("a school is let alone until the next of its users, and not when that is within the hour", async () => {
  await due({ anna: begin - 2 * MINUTE_MS, ben: begin + 30 * MINUTE_MS, carl: begin + 3 * HOUR_MS });
  const woken = watchWakes(school.id);
  await watch(env);
  expect([woken, await untilOf()]).toEqual([["anna"], begin - 2 * MINUTE_MS]);
  // What it reads follows who comes soon, and it writes nothing.
  setNow(begin + MINUTE_MS);
  await watch(env);
  expect(await untilOf()).toBe(begin - 2 * MINUTE_MS);
  setNow(begin + 32 * MINUTE_MS);
  await watch(env);
  setNow(begin + 33 * MINUTE_MS);
  await watch(env);
  expect([woken, await untilOf()]).toEqual([["anna", "ben"], begin + 3 * HOUR_MS]);
  setNow(begin + 3 * HOUR_MS + 2 * MINUTE_MS);
  await watch(env);
  setNow(begin + 3 * HOUR_MS + 3 * MINUTE_MS);
  await watch(env);
  expect([woken, await untilOf()]).toEqual([["anna", "ben", "carl"], null]);
});

test("whoever comes to be due before all others is found in the same minute, new or known, and after all were let alone", async () => {
  await due({ anna: begin - 2 * MINUTE_MS });
  await watch(env);
  setNow(begin + MINUTE_MS);
  await watch(env);
  expect(await untilOf()).toBeNull();
  const woken = watchWakes(school.id);
  await due({ ben: begin + 24 * HOUR_MS });
  expect(await untilOf()).toBe(begin + 24 * HOUR_MS);
  await due({ dora: begin + 48 * HOUR_MS, ben: begin + 3 * MINUTE_MS });
  expect(await untilOf()).toBe(begin + 3 * MINUTE_MS);
  await due({ carl: begin + 2 * MINUTE_MS });
  expect(await untilOf()).toBe(begin + 2 * MINUTE_MS);
  setNow(begin + 4 * MINUTE_MS);
  await watch(env);
  expect(woken.sort()).toEqual(["ben", "carl"]);
});

test("a suspended school is not looked at, and whoever was due meanwhile is found once that is lifted", async () => {
  await due({ anna: begin + 5 * MINUTE_MS });
  await call("PATCH", `/v1/schools/${school.id}`, { suspended: true }, PLATFORM);
  await due({ ben: begin - 2 * MINUTE_MS });
  expect(await rowsAt(begin + HOUR_MS)).toBeLessThanOrEqual(ONE_MORE);
  await call("PATCH", `/v1/schools/${school.id}`, { suspended: false }, PLATFORM);
  const woken = watchWakes(school.id);
  await watch(env);
  expect(woken.sort()).toEqual(["anna", "ben"]);
});

test("a test school, which has a clock of its own, is not watched", async () => {
  const test = await makeSchool("test");
  await due({ anna: begin - HOUR_MS }, test.id);
  expect(await untilOf(test.id)).toBeUndefined();
});

test("of more schools than a round takes the queue takes those behind, each once", async () => {
  const ids = Array.from({ length: 2_001 }, (_, n) => `${school.id}-${String(n).padStart(4, "0")}`);
  await putSchools(ids, begin - HOUR_MS);
  const until = begin - MINUTE_MS;
  await watchOthers(env, { until });
  const behind = { at: begin - HOUR_MS, school: ids[1_999] ?? "" };
  expect(queues.actions.shift()).toEqual({ kind: "watch", school: "", behind, until });
  expect(queues.actions.splice(0)).toEqual(
    ids.slice(0, 2_000).map((school) => ({ kind: "wake_school", school, until })),
  );
  await watchOthers(env, { behind, until });
  expect(queues.actions).toEqual([{ kind: "wake_school", school: ids[2_000], until }]);
});
