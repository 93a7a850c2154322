import { afterAll, describe, expect, test, vi } from "vitest";
import { env, liveSchool } from "./live";

/* What lists read of a large school, by what D1 itself says it read. */

const USERS = 20_000;
const RUNS = 40_000;
/** Where no index finds them a thousand are looked at, and counted for each time they are put in a row. */
const LOOK = 3_100;
/** The same among users, and once more where the text begins no word: it then stands in the middle of one. */
const SEARCH = 8_200;
const PAGE = 50;

const { school } = liveSchool();

const fill = (sql: string, most: number) =>
  env.DB.prepare(
    `with recursive numbers(n) as (select 0 union all select n + 1 from numbers where n < ${most - 1}) ${sql}`,
  )
    .bind(school.id)
    .run();

/** Users of whom each tenth has a tag, one in two thousand a rare one; runs of which one in a thousand failed. */
async function fillSchool(): Promise<void> {
  await fill(
    `insert into users (school, id, created_at, email, email_key, username, search, seq)
     select ?1, 'u' || n, n, 'mail' || n || '@acme.com', 'mail' || n || '@acme.com', 'Anna Pap' || n,
       'u' || n || char(10) || 'mail' || n || '@acme.com' || char(10) || 'anna pap' || n, 1 from numbers`,
    USERS,
  );
  await fill("insert into user_marks select ?1, 'tag', 'common', 'u' || n from numbers where n % 10 = 0", USERS);
  await fill("insert into user_marks select ?1, 'tag', 'rare', 'u' || n from numbers where n % 2000 = 0", USERS);
  await fill("insert into user_marks select ?1, 'segment', 'all', 'u' || n from numbers", USERS);
  await fill("insert into user_marks select ?1, 'course', 'js', 'u' || n from numbers where n % 2 = 0", USERS);
  await fill(
    `insert into runs (school, id, automation, version, user, status, synchronous, "trigger", started_at, ended_at, steps, logged_at, seq, unkept)
     select ?1, printf('run_%013d', n), 'aut_' || (n % 20), 1, 'u' || (n % ${USERS}),
       case n % 1000 when 0 then 'failed' else 'completed' end, 0, '{"type":"x","data":{},"at":0,"order":1}', n, n, '[]', n, 1, null
     from numbers`,
    RUNS,
  );
  await fill(
    `insert into deliveries (school, id, run, automation, step, user, channel, status, recipients, content, attempts, idempotency_key, created_at, logged_at, seq, unkept)
     select ?1, printf('dlv_%013d', n), printf('run_%013d', n), 'aut_1', 's1', 'u1', 'email',
       case n % 1000 when 0 then 'failed' else 'sent' end, '[]', '{}', '[]', 'k', 0, 0, 1, null from numbers`,
    RUNS,
  );
}

/** Rows that D1 read, of statements that name the school, during an act. */
async function readBy<T>(act: () => Promise<T>): Promise<{ rows: number; answer: T }> {
  let rows = 0;
  const note = <R extends { meta: { rows_read?: number } }>(result: R): R => {
    rows += result.meta.rows_read ?? 0;
    return result;
  };
  const prototype = Object.getPrototypeOf(env.DB.prepare("select 1")) as D1PreparedStatement;
  const { all } = prototype;
  vi.spyOn(prototype, "all").mockImplementation(async function (this: D1PreparedStatement) {
    return note(await all.call(this)) as never;
  });
  const { raw } = prototype;
  vi.spyOn(prototype, "raw").mockImplementation(async function (this: D1PreparedStatement, ...options) {
    // It says nothing of what it read.
    note(await all.call(this));
    return raw.apply(this, options) as never;
  });
  const batch = env.DB.batch.bind(env.DB);
  vi.spyOn(env.DB, "batch").mockImplementation(async (statements) => (await batch(statements)).map(note) as never);
  const answer = await act();
  vi.restoreAllMocks();
  return { rows, answer };
}

interface Case {
  path: string;
  /** How many stand in the answer. */
  shows: number;
  /** How many rows may be read. */
  most: number;
}

const CASES: Case[] = [
  { path: "users", shows: PAGE, most: 3 * PAGE },
  { path: "users?tag=common", shows: PAGE, most: 3 * PAGE },
  { path: "users?tag=rare", shows: 10, most: 3 * PAGE },
  { path: "users?tag=nobody", shows: 0, most: 10 },
  { path: "users?segment=all", shows: PAGE, most: 3 * PAGE },
  { path: "users?tag=rare&course=js", shows: 10, most: 100 },
  { path: "users?q=mail19999", shows: 1, most: SEARCH },
  { path: "users?q=anna%20pap777", shows: 11, most: SEARCH },
  { path: "users?q=nobody%20is", shows: 0, most: SEARCH },
  { path: "runs", shows: PAGE, most: 6 * PAGE },
  { path: "runs?order=desc", shows: PAGE, most: 6 * PAGE },
  { path: "runs?automation=aut_1", shows: PAGE, most: 6 * PAGE },
  { path: "runs?automation=none", shows: 0, most: 10 },
  { path: "runs?status=failed", shows: 40, most: 10 * PAGE },
  { path: "runs?status=failed&automation=aut_0", shows: 40, most: 10 * PAGE },
  { path: "runs?status=cancelled", shows: 0, most: LOOK },
  { path: "runs?status=waiting", shows: 0, most: 10 },
  { path: "deliveries?status=failed", shows: 40, most: 10 * PAGE },
  { path: "deliveries?channel=push", shows: 0, most: LOOK },
  { path: "deliveries?run=run_0000000000007", shows: 1, most: 10 },
  { path: "automations", shows: 0, most: 20 },
  { path: "segments", shows: 0, most: 20 },
];

/** What is old would keep the retention of other files' rows waiting. */
afterAll(() =>
  env.DB.batch(
    ["deliveries", "runs", "user_marks", "users"].map((table) =>
      env.DB.prepare(`delete from ${table} where school = ?`).bind(school.id),
    ),
  ),
);

describe("of a school with 20,000 users and 40,000 runs", () => {
  test("each list reads what it shows, or looks at so many", async () => {
    await fillSchool();
    // What an isolate keeps of a school it reads once.
    await school.ask("GET", "/v1/users?limit=1");
    const found: string[] = [];
    for (const { path, shows, most } of CASES) {
      const { rows, answer } = await readBy(() => school.ask("GET", `/v1/${path}`));
      const count = answer.body.data?.length;
      if (!path.startsWith("users") && count !== shows) found.push(`${path}: ${count} of ${shows}`);
      if (rows > most) found.push(`${path}: ${rows} rows read`);
    }
    expect(found).toEqual([]);
  });
});
