import { env } from "./live";

/* For tests: a school with many users and runs, and every way to list, count and search them. */

const PAGE = 50;
/** What an isolate reads anew of the school itself, where a second has passed since it did. */
const ANEW = 5;
/** Three for each of those that failed: entry, row, and what is held of them. */
const FAILED = 3 * 40 + ANEW;

/** How many there are: a tenth of the users has a tag, ten of them a rare one; of the runs forty failed. */
export interface Fill {
  users: number;
  runs: number;
}

const fill = (school: string, sql: string, most: number) =>
  env.DB.prepare(
    `with recursive numbers(n) as (select 0 union all select n + 1 from numbers where n < ${most - 1}) ${sql}`,
  )
    .bind(school)
    .run();

/** Puts users, what they are found by, runs and deliveries into a school's tables. */
export async function fillSchool(school: string, { users, runs }: Fill): Promise<void> {
  const marks = (kind: string, subject: string, each: number) =>
    fill(
      school,
      `insert into user_marks select ?1, '${kind}', '${subject}', 'u' || n from numbers where n % ${each} = 0`,
      users,
    );
  await fill(
    school,
    `insert into users (school, id, created_at, email, email_key, username, search, seq)
     select ?1, 'u' || n, n, 'mail' || n || '@acme.com', 'mail' || n || '@acme.com', 'Anna Pap' || n,
       'u' || n || char(10) || 'mail' || n || '@acme.com' || char(10) || 'anna pap' || n, 1 from numbers`,
    users,
  );
  await marks("tag", "common", 10);
  await marks("tag", "rare", users / 10);
  await marks("segment", "all", 1);
  await marks("course", "js", 2);
  await fill(
    school,
    `insert into runs (school, id, automation, version, user, status, synchronous, "trigger", started_at, ended_at, steps, logged_at, seq, unkept)
     select ?1, printf('run_%013d', n), 'aut_' || (n % 20), 1, 'u' || (n % ${users}),
       case n % ${runs / 40} when 0 then 'failed' else 'completed' end, 0, '{"type":"x","data":{},"at":0,"order":1}', n, n, '[]', n, 1, null
     from numbers`,
    runs,
  );
  await fill(
    school,
    `insert into deliveries (school, id, run, automation, step, user, channel, status, recipients, content, attempts, idempotency_key, created_at, logged_at, seq, unkept)
     select ?1, printf('dlv_%013d', n), printf('run_%013d', n), 'aut_1', 's1', 'u1', 'email',
       case n % ${runs / 40} when 0 then 'failed' else 'sent' end, '[]', '{}', '[]', 'k', 0, 0, 1, null from numbers`,
    runs,
  );
}

export interface ListCase {
  path: string;
  /** How many stand in the answer. */
  shows: number;
  /** How many rows may be read. */
  most: number;
}

const beginningWith = (digits: string, below: number): number =>
  Array.from({ length: below }, (_, n) => String(n)).filter((text) => text.startsWith(digits)).length;

/** Every route that lists or looks for users and runs, with what it shows and may read. */
export const listCases = ({ users }: Fill): ListCase[] => [
  { path: "users", shows: PAGE, most: 3 * PAGE },
  { path: "users?tag=common", shows: PAGE, most: 3 * PAGE },
  { path: "users?tag=rare", shows: 10, most: 3 * PAGE },
  { path: "users?tag=nobody", shows: 0, most: 10 },
  { path: "users?segment=all", shows: PAGE, most: 3 * PAGE },
  { path: "users?tag=rare&course=js", shows: 10, most: 30 },
  { path: `users?q=mail${users - 1}`, shows: 1, most: 10 },
  { path: "users?q=anna%20pap777", shows: Math.min(PAGE, beginningWith("777", users)), most: 3 * PAGE },
  { path: "users?q=nobody%20is", shows: 0, most: 10 },
  { path: "users?q=u777", shows: Math.min(PAGE, beginningWith("777", users)), most: 3 * PAGE },
  { path: "users?q=mail", shows: PAGE, most: 3 * PAGE },
  { path: "runs", shows: PAGE, most: 3 * PAGE },
  { path: "runs?order=desc", shows: PAGE, most: 3 * PAGE },
  { path: "runs?automation=aut_1", shows: PAGE, most: 3 * PAGE },
  { path: "runs?automation=none", shows: 0, most: 10 },
  { path: "runs?status=completed", shows: PAGE, most: 2 * PAGE },
  { path: "runs?status=failed", shows: 40, most: FAILED },
  { path: "runs?status=failed&automation=aut_0", shows: 40, most: FAILED },
  { path: "runs?status=cancelled", shows: 0, most: 10 },
  { path: "runs?status=waiting", shows: 0, most: 10 },
  { path: "deliveries?status=failed", shows: 40, most: FAILED },
  { path: "deliveries?status=suppressed", shows: 0, most: 10 },
  { path: "deliveries?channel=push", shows: 0, most: 10 },
  { path: "deliveries?status=captured", shows: 0, most: 10 },
  { path: "deliveries?status=queued", shows: 0, most: 10 },
  { path: "deliveries?status=queued&automation=aut_1", shows: 0, most: 10 },
  { path: "deliveries?run=run_0000000000007", shows: 1, most: 10 },
  { path: "automations", shows: 0, most: 20 },
  { path: "segments", shows: 0, most: 20 },
];
