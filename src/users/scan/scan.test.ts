import { describe, expect, test, vi } from "vitest";
import { countFor } from "../../../test/workers/counting";
import { env, flushLog, liveSchool, makeSchool, setNow } from "../../../test/workers/live";
import { scanAll, scanRound, scansOf } from "../../../test/workers/scanning";
import { watchWakes } from "../../../test/workers/wakes";
import { tick } from "../../cron/tick";
import { LOOKS, scanPage, scanSchools } from "./page";
import { DUE_LOOKS, putOff } from "./rows";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const { school, queues } = liveSchool();

const away = (days: number, more: Record<string, unknown> = {}, scope = "school") => ({
  when: [{ type: `inactivity.${scope}`, days, ...more }],
  then: [],
});

/** Puts users into the directory who were seen at these times, and have nothing in their objects. */
async function seen(times: Readonly<Record<string, number>>, scope = "school"): Promise<void> {
  await env.DB.prepare(
    `insert into activity (school, user, scope, subject, at) select ?1, key, ?3, '', value from json_each(?2)`,
  )
    .bind(school.id, JSON.stringify(times), scope)
    .run();
}

const rowsOf = async () =>
  (
    await env.DB.prepare("select * from scans where school = ? order by scope, days")
      .bind(school.id)
      .all<Record<string, unknown>>()
  ).results;

const round = (): Promise<void> => scanRound(queues, school.id);
const idsOf = (count: number, at: (n: number) => number): Record<string, number> =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`u${String(n).padStart(5, "0")}`, at(n)]));

describe("a threshold that is new", () => {
  test("begins when its automation was made active: nobody is woken who was past it", async () => {
    const now = Date.now();
    setNow(now);
    await seen({ long: now - 30 * DAY_MS, soon: now - 3 * DAY_MS + MINUTE_MS });
    await school.automation(away(3));
    const woken = watchWakes(school.id);
    await round();
    expect(woken).toEqual([]);
    setNow(now + MINUTE_MS);
    await round();
    await round();
    expect(woken).toEqual(["soon"]);
  });

  test("counts from the last visit, also where the directory has heard of one some hours earlier", async () => {
    const begin = Date.UTC(2031, 2, 3, 10);
    const HOUR_MS = 3_600_000;
    const anna = { id: "anna", email: "anna@example.com" };
    setNow(begin);
    await school.event("school.visited", anna);
    await flushLog(school.id, "anna");
    setNow(begin + 10 * HOUR_MS);
    await school.event("school.visited", anna);
    await flushLog(school.id, "anna");
    setNow(begin + 3 * DAY_MS + 5 * HOUR_MS);
    await school.automation(away(3));
    await round();
    setNow(begin + 3 * DAY_MS + 10 * HOUR_MS + MINUTE_MS);
    await round();
    await round();
    const { body } = await school.ask("GET", "/v1/runs?user=anna");
    expect(body.data).toHaveLength(1);
  });

  test("wakes those who were past it where they are meant too, each once, and nobody who crosses waits behind them", async () => {
    const now = Date.now();
    setNow(now);
    const times = idsOf(210, (n) => now - 30 * DAY_MS + n);
    await seen({ ...times, soon: now - 3 * DAY_MS + MINUTE_MS });
    await school.automation(away(3, { include_already_inactive: true }));
    const woken = watchWakes(school.id);
    await round();
    expect(woken).toEqual([]);
    setNow(now + MINUTE_MS);
    await scanSchools(env);
    await scanPage(env, scansOf(queues, school.id)[0] as never);
    expect(woken[0]).toBe("soon");
    expect(woken).toHaveLength(200);
    await scanAll(queues, school.id);
    await round();
    expect(woken.toSorted()).toEqual([...Object.keys(times), "soon"].toSorted());
  });

  test("that was looked at before begins where it is watched again, not where it was left", async () => {
    const now = Date.now();
    setNow(now);
    const automation = await school.automation(away(3));
    await round();
    await school.patch(automation, { active: false });
    setNow(now + MINUTE_MS);
    await round();
    expect((await rowsOf()).map(({ scope }) => scope)).toEqual([""]);
    await seen({ meanwhile: now - 2 * DAY_MS, after: now + 3 * DAY_MS });
    setNow(now + 5 * DAY_MS);
    await school.patch(automation, { active: true });
    const woken = watchWakes(school.id);
    await round();
    setNow(now + 6 * DAY_MS + MINUTE_MS);
    await round();
    expect(woken).toEqual(["after"]);
  });
});

test("what a release before kept goes on from where it looked last", async () => {
  const now = Date.now();
  setNow(now);
  await school.automation(away(3, { include_already_inactive: true }));
  await env.DB.batch([
    env.DB.prepare("update schools set stamp = stamp + 1 where id = ?").bind(school.id),
    env.DB.prepare("update automations set active_since = 0 where school = ?").bind(school.id),
    env.DB.prepare("insert into scans (school, scope, days, until) values (?, 'school', 3, ?)").bind(
      school.id,
      now - DAY_MS,
    ),
  ]);
  await seen({ before: now - 5 * DAY_MS, since: now - 3 * DAY_MS - 1 });
  const woken = watchWakes(school.id);
  await round();
  await round();
  expect(woken).toEqual(["since"]);
});

test("whoever crosses is woken in the minute in which that is, and nothing is asked before", async () => {
  const now = Date.now();
  setNow(now);
  await school.automation(away(3));
  await round();
  await seen({ anna: now });
  const woken = watchWakes(school.id);
  const counts = countFor(school.id);
  for (const days of [1, 2, 2.9]) {
    setNow(now + days * DAY_MS);
    await round();
  }
  expect(counts.statements).toEqual([]);
  setNow(now + 3 * DAY_MS);
  await round();
  expect(woken).toEqual(["anna"]);
  expect(await rowsOf()).toMatchObject([{ scope: "" }, { scope: "school", user: "anna", next_look: null }]);
});

test("of many users as many rows are read as are due", async () => {
  const now = Date.now();
  setNow(now);
  await school.automation(away(3));
  await round();
  const { batch } = env.DB;
  let read = 0;
  vi.spyOn(env.DB, "batch").mockImplementation(async (statements) => {
    const results = await batch.call(env.DB, statements);
    if (results.length === 2 && results.every(({ meta }) => meta.changes === 0))
      for (const { meta } of results) read += meta.rows_read;
    return results as never;
  });
  await seen(idsOf(10_000, (n) => now + n * 1_000));
  // As far as it is due, a page and a little more.
  setNow(now + 3 * DAY_MS + 219_999);
  const woken = watchWakes(school.id);
  await round();
  expect(woken).toHaveLength(220);
  expect(read).toBeLessThanOrEqual(242);
});

test.each(Object.entries({ DUE_LOOKS, ...LOOKS }))("%s walks along a key, without a sort", async (_, sql) => {
  const { results } = await env.DB.prepare(`explain query plan ${sql}`)
    .bind(...Array<number>(new Set(sql.match(/\?\d+/g)).size).fill(1))
    .all<{ detail: string }>();
  const [look, ...others] = results.map(({ detail }) => detail);
  expect(look).toMatch(
    /^SEARCH (activity USING PRIMARY KEY \(school=\? AND scope=\? AND|scans USING INDEX scans_by_look)/,
  );
  expect(others).toEqual([]);
});

describe("of rounds", () => {
  test("that are doubled one has a threshold in hand, and a message that comes twice is done once", async () => {
    const now = Date.now();
    setNow(now);
    await school.automation(away(3));
    await round();
    await seen(idsOf(210, () => now));
    setNow(now + 3 * DAY_MS);
    const woken = watchWakes(school.id);
    await Promise.all([scanSchools(env), scanSchools(env)]);
    const messages = scansOf(queues, school.id);
    expect(messages).toHaveLength(1);
    for (const message of [...messages, ...messages]) await scanPage(env, message);
    await scanAll(queues, school.id);
    expect(woken).toHaveLength(210);
  });

  test("a chain that is broken off is gone on with where it stood", async () => {
    const now = Date.now();
    setNow(now);
    await school.automation(away(3));
    await round();
    await seen(idsOf(210, () => now));
    setNow(now + 3 * DAY_MS);
    await scanSchools(env);
    const woken = watchWakes(school.id);
    for (const message of scansOf(queues, school.id)) await scanPage(env, message);
    // Word of the next page is lost.
    expect(scansOf(queues, school.id)).toHaveLength(1);
    await round();
    expect(woken).toHaveLength(200);
    setNow(now + 3 * DAY_MS + 6 * MINUTE_MS);
    await round();
    expect(woken).toHaveLength(210);
    expect(new Set(woken).size).toBe(210);
  });

  test("a school that fails is come back to, and stands behind no other", async () => {
    const now = Date.now();
    setNow(now);
    const other = await makeSchool();
    await other.automation(away(3));
    await school.automation(away(3));
    await env.DB.prepare("update schools set settings = 'no json' where id = ?").bind(other.id).run();
    await scanSchools(env);
    await scanAll(queues, other.id);
    await scanAll(queues, school.id);
    expect((await rowsOf()).map(({ scope }) => scope)).toEqual(["", "school"]);
    await env.DB.prepare("update schools set settings = '{}' where id = ?").bind(other.id).run();
    setNow(now + MINUTE_MS);
    await scanRound(queues, other.id);
    const { results } = await env.DB.prepare("select scope from scans where school = ?").bind(other.id).all();
    expect(results).toHaveLength(2);
  });
});

test("a school that is suspended is asked nothing until it is let go on, and then nobody is lost", async () => {
  const now = Date.now();
  setNow(now);
  await school.automation(away(3));
  await round();
  await seen({ anna: now });
  await env.DB.prepare("update schools set suspended = 1, stamp = stamp + 1 where id = ?").bind(school.id).run();
  setNow(now + 4 * DAY_MS);
  const woken = watchWakes(school.id);
  await round();
  await round();
  const counts = countFor(school.id);
  await round();
  expect([woken, counts.statements]).toEqual([[], []]);
  await env.DB.prepare("update schools set suspended = 0, stamp = stamp + 1 where id = ?").bind(school.id).run();
  await round();
  expect(woken).toEqual(["anna"]);
});

test("somebody found while a page is under way, who crosses soon, is not forgotten at its end", async () => {
  const now = Date.now();
  setNow(now);
  await school.automation(away(3));
  await round();
  await seen({ anna: now });
  setNow(now + 3 * DAY_MS);
  await scanSchools(env);
  const [message] = scansOf(queues, school.id);
  await seen({ ben: now + 2 * 3_600_000 + MINUTE_MS });
  if (message) await scanPage(env, message);
  const woken = watchWakes(school.id);
  setNow(now + 3 * DAY_MS + 2 * 3_600_000 + MINUTE_MS);
  await round();
  expect(woken).toEqual(["ben"]);
  if (message) await putOff(env, message);
  expect(await rowsOf()).toMatchObject([{ scope: "" }, { next_look: null }]);
});

test("who tells, when woken, of a later visit is looked at when that crosses, however late the next of all is", async () => {
  const now = Date.now();
  setNow(now);
  await school.automation(away(3));
  await round();
  await school.event("school.visited", "anna");
  await flushLog(school.id, "anna");
  // A visit of the same day, of which the directory is not told by itself.
  setNow(now + 20 * 3_600_000);
  await school.event("school.visited", "anna");
  await flushLog(school.id, "anna");
  setNow(now + 2 * DAY_MS);
  await seen({ ben: now + 2 * DAY_MS });
  const woken = watchWakes(school.id);
  setNow(now + 3 * DAY_MS + MINUTE_MS);
  await round();
  setNow(now + 3 * DAY_MS + 20 * 3_600_000 + MINUTE_MS);
  await round();
  expect(woken).toEqual(["anna", "anna"]);
});

test("of whom D1 did not hear, the watchdog asks again: the directory must know of a later visit", async () => {
  const now = Date.now();
  setNow(now);
  await school.automation({ ...away(3), then: [{ type: "tags.add", tags: ["away"] }] });
  await round();
  await school.event("school.visited", "anna");
  await flushLog(school.id, "anna");
  // A visit of the same day, of which the directory is not told by itself.
  setNow(now + 20 * 3_600_000);
  await school.event("school.visited", "anna");
  await flushLog(school.id, "anna");
  setNow(now + 3 * DAY_MS + MINUTE_MS);
  const { batch } = env.DB;
  const spy = vi.spyOn(env.DB, "batch").mockImplementation(async (statements) => {
    if (statements.length > 2) throw new Error("planted");
    return batch.call(env.DB, statements) as never;
  });
  await round();
  spy.mockRestore();
  const tags = async () => (await school.ask("GET", "/v1/users/anna")).body.tags;
  expect(await tags()).toEqual([]);
  await tick(env);
  setNow(now + 3 * DAY_MS + 20 * 3_600_000 + MINUTE_MS);
  await round();
  expect(await tags()).toEqual(["away"]);
});

test("two thousand schools where nobody is due cost a minute what one costs", async () => {
  const now = Date.now();
  setNow(now);
  const ids = JSON.stringify(Array.from({ length: 2_000 }, (_, n) => `${school.id}-${n}`));
  await env.DB.batch([
    env.DB.prepare(
      `insert into schools (id, name, mode, settings, created_at) select value, 'Idle', 'live', '{}', 0 from json_each(?)`,
    ).bind(ids),
    env.DB.prepare(
      `insert into scans (school, scope, days, until, next_look, ahead, at)
       select value, 'school', 7, 0, ?2, 604800000, 0 from json_each(?1)`,
    ).bind(ids, now + DAY_MS),
    env.DB.prepare(
      `insert into activity (school, user, scope, subject, at) select value, 'anna', 'school', '', ?2 from json_each(?1)`,
    ).bind(ids, now),
  ]);
  // What other tests left is taken up first.
  await scanSchools(env);
  queues.actions.length = 0;
  const { prepare } = env.DB;
  let statements = 0;
  vi.spyOn(env.DB, "prepare").mockImplementation((sql) => {
    statements++;
    return prepare.call(env.DB, sql);
  });
  await tick(env);
  expect(statements).toBeLessThanOrEqual(20);
  expect(queues.actions.filter(({ kind }) => kind === "scan")).toEqual([]);
  await env.DB.prepare("delete from schools where id in (select value from json_each(?))").bind(ids).run();
});
