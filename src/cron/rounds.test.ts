import { expect, test, vi } from "vitest";
import { env, liveSchool, setNow } from "../../test/workers/live";
import { meterOfD1 } from "../../test/workers/metered";
import { retainPage } from "./rounds";
import { tick } from "./tick";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const { school, queues } = liveSchool("live", { log_retention_days: 30 });

const retains = () => queues.actions.filter((one) => one.kind === "retain");
const BEGIN = { kind: "retain", school: "", after: "" } as const;

const put = (count: number) =>
  env.DB.prepare(
    `insert into runs (school, id, automation, version, user, status, synchronous, "trigger", started_at, ended_at, steps, logged_at, seq)
     select ?1, 'run_0' || value, 'aut_1', 1, 'anna', 'completed', 0, '{}', 0, 1, '[]', 0, 1 from json_each(?2)`,
  )
    .bind(school.id, JSON.stringify(Array.from({ length: count }, (_, n) => n)))
    .run();

const idlesOf = (count: number) =>
  JSON.stringify(Array.from({ length: count }, (_, n) => `${school.id}-${String(n).padStart(4, "0")}`));

/** Schools that are made at a moment and have nothing, until the test is over. */
async function withIdle(count: number, createdAt: number, during: () => Promise<void>): Promise<void> {
  const ids = idlesOf(count);
  await env.DB.prepare(
    "insert into schools (id, name, mode, settings, created_at) select value, 'Idle', 'live', '{}', ?2 from json_each(?1)",
  )
    .bind(ids, createdAt)
    .run();
  await during();
  for (const [table, column] of [
    ["school_ages", "school"],
    ["schools", "id"],
  ])
    await env.DB.prepare(`delete from ${table} where ${column} in (select value from json_each(?))`).bind(ids).run();
}

/** From when on a school is looked at. */
const ageOf = (id = school.id) =>
  env.DB.prepare("select at from school_ages where school = ?").bind(id).first<number>("at");
const setAge = (at: number) =>
  env.DB.prepare("update school_ages set at = ? where school = ?").bind(at, school.id).run();
/** Other tests' schools are looked at by theirs. */
const setOthersAside = () =>
  env.DB.prepare("update school_ages set at = 4102444800000 where school not like ? || '%'").bind(school.id).run();

test("what is kept for a time only is gone over once an hour, not each minute", async () => {
  const begin = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  for (let minute = 0; minute < 60; minute++) {
    setNow(begin + minute * 60_000);
    await tick(env);
  }
  expect(retains()).toEqual([BEGIN]);
});

test("schools in which nothing can be too old yet are not asked, however many they are", async () => {
  const now = Date.now();
  setNow(now);
  await setOthersAside();
  await setAge(now + HOUR_MS);
  await retainPage(env, BEGIN);
  await withIdle(900, now, async () => {
    const meter = meterOfD1();
    await retainPage(env, { ...BEGIN, behind: { at: -1, school: "" } });
    vi.restoreAllMocks();
    expect(meter.statements).toBe(1);
    expect(meter.rowsRead).toBeLessThanOrEqual(2);
  });
});

test("those whose moment has come are asked once, a page by two statements, and then let alone for long", async () => {
  const now = Date.now();
  setNow(now);
  await setOthersAside();
  await setAge(now + HOUR_MS);
  await withIdle(900, now - DAY_MS, async () => {
    const meter = meterOfD1();
    await retainPage(env, { ...BEGIN, behind: { at: -1, school: "" } });
    vi.restoreAllMocks();
    expect(meter.statements).toBe(2);
    // Of each kind the next row by its key, which is another school's: as things are, and as they will be.
    expect(meter.rowsRead).toBeLessThanOrEqual(35 * 900);
    // They keep their logs for ninety days.
    expect(await ageOf(`${school.id}-0007`)).toBe(now + 30 * DAY_MS);
    const again = meterOfD1();
    await retainPage(env, { ...BEGIN, behind: { at: -1, school: "" } });
    vi.restoreAllMocks();
    expect([again.statements, again.rowsRead]).toEqual([1, expect.toSatisfy((rows: number) => rows <= 2)]);
  });
});

test("a school is let alone no longer than until something of it may be too old", async () => {
  const now = Date.now();
  setNow(now);
  await setOthersAside();
  await put(1);
  const ends = (at: number) =>
    env.DB.prepare("update runs set ended_at = ? where school = ?").bind(at, school.id).run();
  const letAlone = async (keptFor: number) => {
    await ends(now - (30 - keptFor) * DAY_MS);
    await setAge(now);
    await retainPage(env, BEGIN);
    return ((await ageOf()) ?? 0) - now;
  };
  expect(await letAlone(29.5)).toBe(29 * DAY_MS);
  expect(await letAlone(28)).toBe(7 * DAY_MS);
  expect(await letAlone(6)).toBe(DAY_MS);
  expect(await letAlone(0.5)).toBe(0);
  setNow(now + DAY_MS);
  await retainPage(env, BEGIN);
  expect(await env.DB.prepare("select count(*) as n from runs where school = ?").bind(school.id).first("n")).toBe(0);
});

test("what keeps less, moves a clock or comes old brings the moment forward; what comes as ever does not", async () => {
  const later = Date.now() + 29 * DAY_MS;
  const brought = async (deed: () => Promise<unknown>): Promise<boolean> => {
    await setAge(later);
    await deed();
    return (await ageOf()) === 0;
  };
  const ask = (body: unknown) => school.ask("PATCH", "/v1/school", body);
  const visited = (at: number) =>
    env.DB.prepare("insert into activity (school, scope, at, user, subject) values (?, 'school', ?, 'anna', '')")
      .bind(school.id, at)
      .run();
  expect(await brought(() => ask({ name: "Other" }))).toBe(false);
  expect(await brought(() => visited(Date.now()))).toBe(false);
  expect(await brought(() => ask({ settings: { log_retention_days: 10 } }))).toBe(true);
  expect(await brought(() => ask({ settings: { evidence_retention_years: 1 } }))).toBe(true);
  expect(await brought(() => visited(Date.now() - 20 * DAY_MS))).toBe(true);
  expect(await brought(() => env.DB.prepare("update schools set now = 5 where id = ?").bind(school.id).run())).toBe(
    true,
  );
});

test("a school that has much goes on by itself, and those behind it have their turn before", async () => {
  const now = Date.now();
  setNow(now);
  await setOthersAside();
  await put(2_500);
  await setAge(1);
  await withIdle(1_000, now - 2 * DAY_MS, async () => {
    await retainPage(env, BEGIN);
    const [next, again, ...none] = retains();
    expect(none).toEqual([]);
    expect(next).toEqual({ ...BEGIN, behind: { at: now - DAY_MS, school: `${school.id}-0998` } });
    expect(again).toEqual({
      ...BEGIN,
      behind: { at: -1, school: "" },
      to: { at: now - DAY_MS, school: `${school.id}-0998` },
    });
    const left = () =>
      env.DB.prepare("select count(*) as n from runs where school = ?").bind(school.id).first<number>("n");
    expect(await left()).toBe(500);
    queues.actions.length = 0;
    if (again?.kind === "retain") await retainPage(env, again);
    expect([await left(), retains()]).toEqual([0, []]);
  });
});
