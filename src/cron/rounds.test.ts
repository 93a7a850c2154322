import { expect, test, vi } from "vitest";
import { env, liveSchool, setNow } from "../../test/workers/live";
import { meterOfD1 } from "../../test/workers/metered";
import { retainPage } from "./rounds";
import { tick } from "./tick";

const HOUR_MS = 3_600_000;
const { school, queues } = liveSchool("live", { log_retention_days: 30 });

const retains = () => queues.actions.filter((one) => one.kind === "retain");

const put = (count: number) =>
  env.DB.prepare(
    `insert into runs (school, id, automation, version, user, status, synchronous, "trigger", started_at, ended_at, steps, logged_at, seq)
     select ?1, 'run_0' || value, 'aut_1', 1, 'anna', 'completed', 0, '{}', 0, 1, '[]', 0, 1 from json_each(?2)`,
  )
    .bind(school.id, JSON.stringify(Array.from({ length: count }, (_, n) => n)))
    .run();

test("what is kept for a time only is gone over once an hour, not each minute", async () => {
  const begin = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  for (let minute = 0; minute < 60; minute++) {
    setNow(begin + minute * 60_000);
    await tick(env);
  }
  expect(retains()).toEqual([{ kind: "retain", school: "", after: "" }]);
});

test("of schools that have nothing too old nothing is asked but that, a page by one statement", async () => {
  const ids = Array.from({ length: 900 }, (_, n) => `${school.id}-idle-${n}`);
  const text = JSON.stringify(ids);
  await env.DB.prepare(
    `insert into schools (id, name, mode, settings, created_at) select value, 'Idle', 'live', '{}', 0 from json_each(?)`,
  )
    .bind(text)
    .run();
  const meter = meterOfD1();
  // No further than ours: schools of other tests, made by a clock that was ahead, may have something old.
  await retainPage(env, { kind: "retain", school: "", after: school.id, through: `${school.id}-z` });
  vi.restoreAllMocks();
  expect(meter.statements).toBe(1);
  // One of the school, and of each kind the next row by its key, which is another school's.
  expect(meter.rowsRead).toBeLessThanOrEqual(14 * ids.length);
  await env.DB.prepare("delete from schools where id in (select value from json_each(?))").bind(text).run();
});

test("a school that has much goes on by itself, and those behind it have their turn before", async () => {
  await put(2_500);
  const ids = Array.from({ length: 1_000 }, (_, n) => `${school.id}-${String(n).padStart(4, "0")}`);
  await env.DB.prepare(
    `insert into schools (id, name, mode, settings, created_at) select value, 'Idle', 'live', '{}', 0 from json_each(?)`,
  )
    .bind(JSON.stringify(ids))
    .run();
  const before = { kind: "retain", school: "", after: school.id.slice(0, -1) } as const;
  await retainPage(env, before);
  const [next, again, ...none] = retains();
  expect(none).toEqual([]);
  expect(next).toEqual({ ...before, after: again?.kind === "retain" ? again.through : null });
  expect(again).toMatchObject({ ...before, through: expect.stringContaining("") });
  const left = async () =>
    (await env.DB.prepare("select count(*) as n from runs where school = ?").bind(school.id).first<{ n: number }>())?.n;
  expect(await left()).toBe(500);
  queues.actions.length = 0;
  if (again?.kind === "retain") await retainPage(env, again);
  expect([await left(), retains()]).toEqual([0, []]);
  await env.DB.prepare("delete from schools where id in (select value from json_each(?))")
    .bind(JSON.stringify(ids))
    .run();
});
