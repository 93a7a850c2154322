import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { makeId } from "../../src/engine/identity";
import { findUsers } from "../../src/users/finding/find";
import { env, liveSchool } from "./live";
import { meterOfD1, readOfWhoCalls } from "./metered";
import { FEW_CASES, fillFew, fillSchool, fillSeldom, type ListCase, listCases } from "./reading";

/* What lists read of a large school, by what D1 itself says it read. */

const FILL = { users: 20_000, runs: 40_000 };

const { school } = liveSchool();

/** What is old would keep the retention of other files' rows waiting. */
afterEach(() =>
  env.DB.batch(
    ["deliveries", "runs", "live_runs", "run_counts", "audit", "automations", "user_marks", "users"].map((table) =>
      env.DB.prepare(`delete from ${table} where school = ?`).bind(school.id),
    ),
  ),
);

/** The ids on all pages of a list. */
async function idsOf(path: string): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const { body } = await school.ask("GET", `/v1/${path}${cursor && `&cursor=${cursor}`}`);
    ids.push(...body.data.map((one: { id: string }) => one.id));
    cursor = body.next_cursor;
  }
  return ids;
}

/** Those that show something else than they should, or read more than they may. */
async function wrongOf(cases: readonly ListCase[]): Promise<string[]> {
  // What an isolate keeps of a school it reads once.
  await school.ask("GET", "/v1/users?limit=1");
  await school.ask("GET", "/v1/users?q=that+it+has+many");
  const found: string[] = [];
  for (const { path, shows, most } of cases) {
    const metered = meterOfD1();
    const answer = await school.ask("GET", `/v1/${path}`);
    vi.restoreAllMocks();
    const count = answer.body.data?.length;
    if (!path.startsWith("users") && count !== shows) found.push(`${path}: ${count} of ${shows}`);
    const rows = metered.rowsRead - readOfWhoCalls(metered);
    if (rows > most) found.push(`${path}: ${rows} rows read`);
  }
  return found;
}

describe("of a school with 20,000 users and 40,000 runs", () => {
  test("each list reads what it shows, or looks at so many", async () => {
    await fillSchool(school.id, FILL);
    await fillSeldom(school.id, FILL);
    expect(await wrongOf(listCases(FILL))).toEqual([]);
  });

  test("what is rare in it is read alone, as nearly all is in others", async () => {
    await fillFew(school.id, FILL);
    expect(await wrongOf(FEW_CASES)).toEqual([]);
  });
});

describe("of a school with 2,000 users", () => {
  beforeEach(() => fillSchool(school.id, { users: 2_000, runs: 400 }));

  test("a text in the middle of a word is found behind those whose words begin so", async () => {
    const query = { q: "ail77", limit: 50 };
    const first = await findUsers(env, school.id, query);
    expect(first.users).toEqual([]);
    const rest = await findUsers(env, school.id, { ...query, cursor: first.next ?? "" });
    expect(rest.users.map(({ id }) => id)).toEqual(["u77", ...Array.from({ length: 10 }, (_, n) => `u77${n}`)]);
  });

  test("runs that completed are found in their order where few did, with each row read once", async () => {
    await env.DB.prepare("update runs set status = iif(started_at % 7 = 3, 'completed', 'failed') where school = ?")
      .bind(school.id)
      .run();
    const meter = meterOfD1();
    const ids = await idsOf("runs?status=completed&limit=20");
    vi.restoreAllMocks();
    const completed = Array.from({ length: 400 }, (_, n) => n).filter((n) => n % 7 === 3);
    expect(ids).toEqual(completed.map((n) => `run_${String(n).padStart(13, "0")}`));
    // A page looks at more than it is likely to need.
    expect(meter.rowsRead).toBeLessThan(3 * 400);
  });

  test("a page of runs that completed reads at most three times as many where half of them did", async () => {
    await env.DB.prepare("update runs set status = iif(started_at % 2 = 0, 'completed', 'failed') where school = ?")
      .bind(school.id)
      .run();
    const meter = meterOfD1();
    const { body } = await school.ask("GET", "/v1/runs?status=completed&limit=50");
    vi.restoreAllMocks();
    expect(body.data).toHaveLength(50);
    expect(meter.rowsRead).toBeLessThanOrEqual(3 * 50);
  });

  test("however many of the newest were sent, and none before, three times as many are read, and three", async () => {
    const ids = Array.from({ length: 400 }, (_, n) => `dlv_${String(399 - n).padStart(13, "0")}`);
    const change = (set: string, from: string) =>
      env.DB.prepare(`update deliveries set ${set} where school = ? and id >= ?`).bind(school.id, from).run();
    const found: string[] = [];
    for (let newest = 1; newest <= 50; newest++) {
      await change("status = 'captured', automation = 'aut_' || (created_at % 7)", "dlv_");
      await change("status = 'sent', automation = 'aut_' || (substr(id, -1) % 3)", ids[newest - 1] ?? "");
      const meter = meterOfD1();
      const { body } = await school.ask("GET", "/v1/deliveries?status=sent&order=desc");
      vi.restoreAllMocks();
      expect([newest, body.data.map(({ id }: { id: string }) => id)]).toEqual([newest, ids.slice(0, newest)]);
      const rows = meter.rowsRead - readOfWhoCalls(meter);
      if (rows > Math.max(3 * newest + 3, 10)) found.push(`${newest}: ${rows}`);
    }
    expect(found).toEqual([]);
  });

  test("of which automations runs completed is known, whatever becomes of the runs and whoever wrote them", async () => {
    const right = async () => {
      const { results } = await env.DB.prepare(
        `select distinct automation from runs where school = ?1 and status = 'completed' order by automation`,
      )
        .bind(school.id)
        .all();
      const known = await env.DB.prepare("select automation from completed_by where school = ? order by automation")
        .bind(school.id)
        .all();
      expect(known.results).toEqual(results);
      return results.length;
    };
    const run = (text: string) => env.DB.prepare(text).bind(school.id).run();
    expect(await right()).toBe(18);
    await run("delete from runs where school = ? and automation in ('aut_1', 'aut_2') and started_at > 40");
    expect(await right()).toBe(18);
    await run("delete from runs where school = ? and automation in ('aut_1', 'aut_2')");
    expect(await right()).toBe(16);
    const made = (id: string, status: string, change = "") =>
      run(
        `insert into runs (school, id, automation, version, user, status, synchronous, "trigger", started_at, ended_at, steps, logged_at, seq)
       values (?1, '${id}', 'aut_1', 1, 'u1', '${status}', 0, '{}', 1, 1, '[]', 1, 1) ${change}`,
      );
    await made("run_1", "failed");
    expect(await right()).toBe(16);
    await made("run_1", "completed", "on conflict do update set status = excluded.status");
    expect(await right()).toBe(17);
    await made("run_2", "completed");
    await run("delete from runs where school = ? and id = 'run_1'");
    expect(await right()).toBe(17);
    await run("delete from runs where school = ? and id = 'run_2'");
    expect(await right()).toBe(16);
  });

  test("live runs that do not wait are read alone, among thousands that do, page by page", async () => {
    await env.DB.prepare(
      `with recursive numbers(n) as (select 0 union all select n + 1 from numbers where n < 2999)
       insert into live_runs (school, id, automation, version, revision, user, status, synchronous, "trigger", started_at,
         steps, logged_at, seq)
       select ?1, printf('run_%013d', n), 'aut_' || (n % 3), 1, 1, 'u1',
         case when n % 3 = 2 and n > 2900 then 'held' when n % 100 = 98 then 'queued' when n = 2997 then 'running' else 'waiting' end,
         0, '{"type":"x","data":{},"at":0,"order":1}', n, '[]', n, 1 from numbers`,
    )
      .bind(school.id)
      .run();
    const rows = await env.DB.prepare("select id, automation, status from live_runs where school = ? order by id")
      .bind(school.id)
      .all<{ id: string; automation: string; status: string }>();
    const found: string[] = [];
    for (const query of [
      ...["status=held", "status=queued", "status=running"],
      ...["status=queued&automation=aut_1", "status=held&automation=aut_2"],
    ]) {
      const [status, automation] = ["status", "automation"].map((name) => new URLSearchParams(query).get(name));
      const right = rows.results.filter(
        (row) => row.status === status && (automation === null || row.automation === automation),
      );
      for (const order of ["asc", "desc"]) {
        const meter = meterOfD1();
        const ids = await idsOf(`runs?${query}&limit=20&order=${order}`);
        vi.restoreAllMocks();
        const ordered = right.map(({ id }) => id);
        expect(ids).toEqual(order === "asc" ? ordered : ordered.toReversed());
        if (meter.rowsRead > Math.max(3 * ids.length, 15)) found.push(`${query}: ${meter.rowsRead} for ${ids.length}`);
      }
    }
    expect(found).toEqual([]);
  });

  test("runs of an automation that wait, and those that completed, are found, however many are counted", async () => {
    await fillSeldom(school.id, { users: 2_000, runs: 4_000 });
    const waiting = Array.from({ length: 10 }, (_, n) => `run_5${String(190 + n).padStart(12, "0")}`);
    expect(await idsOf("runs?automation=aut_off&status=waiting&limit=4")).toEqual(waiting);
    expect(await idsOf("runs?automation=aut_off&status=waiting&limit=4&order=desc")).toEqual(waiting.toReversed());
    await env.DB.prepare("update live_runs set status = 'waiting' where school = ? and id in ('run_5000000000000')")
      .bind(school.id)
      .run();
    // Made anew under its id since they began, it counts none of them.
    await env.DB.prepare("update automations set created_at = 1e9 where school = ?").bind(school.id).run();
    await env.DB.prepare("delete from run_counts where school = ?").bind(school.id).run();
    expect(await idsOf("runs?automation=aut_off&status=waiting&limit=4")).toEqual(["run_5000000000000", ...waiting]);
    expect(await idsOf("runs?automation=aut_seldom&status=completed&limit=4")).toHaveLength(10);
  });

  test("what an automation sent among much else is found in its order, whatever is left of its runs", async () => {
    await fillSeldom(school.id, { users: 2_000, runs: 400 });
    await env.DB.prepare(
      `update deliveries set status = 'queued', created_at = 5, run = 'run_gone'
       where school = ? and automation = 'aut_seldom' and id = 'dlv_8000000000003'`,
    )
      .bind(school.id)
      .run();
    const right = ["8", "9"].flatMap((prefix) =>
      Array.from({ length: 10 }, (_, n) => `dlv_${prefix}${String(n).padStart(12, "0")}`),
    );
    expect(await idsOf("deliveries?automation=aut_seldom&limit=7")).toEqual(right);
    expect(await idsOf("deliveries?automation=aut_seldom&limit=7&order=desc")).toEqual(right.toReversed());
    expect(await idsOf("deliveries?automation=aut_seldom&status=sent&limit=7")).toEqual(right.slice(10));
    expect(await idsOf("deliveries?automation=aut_seldom&channel=push&limit=7")).toEqual([]);
    await env.DB.prepare("delete from runs where school = ?").bind(school.id).run();
    expect(await idsOf("deliveries?automation=aut_seldom&limit=7")).toEqual(right);
  });

  test("deliveries that wait are read alone, in their order either way, page by page", async () => {
    const made = (n: number) => makeId("dlv", Math.floor(n / 2), n, "anna");
    const waiting = Array.from({ length: 60 }, (_, n) => made(3 * n));
    await env.DB.prepare("delete from deliveries where school = ?").bind(school.id).run();
    await env.DB.prepare(
      `insert into deliveries (school, id, run, automation, step, user, channel, status, recipients, content, attempts,
         idempotency_key, created_at, logged_at, seq, unkept)
       select ?1, value ->> 0, 'run_1', 'aut_' || (key % 2), 's1', 'u1', 'email', value ->> 1, '[]', '{}', '[]', 'k',
         value ->> 2, 0, 1, null from json_each(?2)`,
    )
      .bind(
        school.id,
        JSON.stringify(
          Array.from({ length: 600 }, (_, n) => [
            made(n),
            waiting.includes(made(n)) ? "queued" : "sent",
            Math.floor(n / 2),
          ]),
        ),
      )
      .run();
    for (const order of ["asc", "desc"]) {
      const meter = meterOfD1();
      const ids = await idsOf(`deliveries?status=queued&limit=25&order=${order}`);
      vi.restoreAllMocks();
      expect(ids).toEqual(order === "asc" ? waiting : waiting.toReversed());
      expect(meter.rowsRead).toBeLessThanOrEqual(3 * 60);
    }
  });

  test("whoever goes, or is called otherwise, has the words that others share left to those", async () => {
    const meter = meterOfD1();
    for (const sql of [
      "update users set search = 'u7' || char(10) || 'anna lee' where school = ? and id = 'u7'",
      "delete from users where school = ? and id = 'u8'",
    ])
      await env.DB.prepare(sql).bind(school.id).run();
    vi.restoreAllMocks();
    expect(meter.rowsRead).toBeGreaterThan(0);
    expect(meter.rowsRead).toBeLessThan(60);
  });
});
