import { env } from "./live";

/* For tests: a school with many users and runs, and every way to list, count and search them. */

const PAGE = 50;
/** What an isolate reads anew of the school itself, where a second has passed since it did. */
const ANEW = 5;
/** Three for each of those that failed: entry, row, and what is held of them. */
const FAILED = 3 * 40 + ANEW;
/** So many have something that is rare, behind all others. */
const RARE = 10;
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
  await marks("course", "seldom", users / 10);
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

/**
 * Beside them what is rare among much of its kind, and comes last: of `aut_seldom` ten runs completed and exited, and sent
 * or suppressed a mail; of `aut_off`, whose live runs are held, ten wait; of `aut_on`, whose wait, ten are held, and it sent
 * by three channels.
 */
export async function fillSeldom(school: string, { runs }: Fill): Promise<void> {
  const some = runs / 20;
  const ran = (table: string, prefix: string, columns: string, values: string, most: number) =>
    fill(
      school,
      `insert into ${table} (school, id, automation, version, user, status, synchronous, "trigger", started_at, steps,
         logged_at, seq, ${columns}) select ?1, printf('run_${prefix}%012d', n), ${values} from numbers`,
      most,
    );
  const rest = (at: string) => `0, '{"type":"x","data":{},"at":0,"order":1}', ${at}, '[]', n, 1`;
  const sent = (prefix: string, automation: string, status: string, most: number, channel = "'email'") =>
    fill(
      school,
      `insert into deliveries (school, id, run, automation, step, user, channel, status, recipients, content, attempts,
         idempotency_key, created_at, logged_at, seq, unkept)
       select ?1, printf('dlv_${prefix}%012d', n), printf('run_${prefix}%012d', n), '${automation}', 's1', 'u1', ${channel},
         '${status}', '[]', '{}', '[]', 'k', 0, 0, 1, null from numbers`,
      most,
    );
  await ran("runs", "7", "ended_at, unkept", `'aut_left', 1, 'u1', 'exited', ${rest("n")}, n, null`, some);
  await ran("runs", "8", "ended_at, unkept", `'aut_seldom', 1, 'u1', 'exited', ${rest("n")}, n, null`, RARE);
  await ran("runs", "9", "ended_at, unkept", `'aut_seldom', 1, 'u1', 'completed', ${rest("n")}, n, null`, RARE);
  await sent("7", "aut_left", "suppressed", some);
  await sent("8", "aut_seldom", "suppressed", RARE);
  await sent("9", "aut_seldom", "sent", RARE);
  await sent("6", "aut_on", "sent", some, "iif(n % 3 = 0, 'message', iif(n % 3 = 1, 'email', 'webhook'))");
  const live = (automation: string, most: string, last: string) =>
    `'${automation}', 1, 'u1', iif(n < ${some - RARE}, '${most}', '${last}'), ${rest("n")}, 1`;
  await ran("live_runs", "5", "revision", live("aut_off", "held", "waiting"), some);
  await ran("live_runs", "4", "revision", live("aut_on", "waiting", "held"), some);
  await env.DB.batch([
    env.DB.prepare(
      `insert into automations (school, id, name, description, active, definition, version, revision, created_at, updated_at)
       select ?1, value, value, '', 0, '{"when":[],"then":[]}', 1, 1, -1, -1
       from json_each('["aut_left","aut_seldom","aut_off","aut_on"]')`,
    ).bind(school),
    env.DB.prepare(
      `insert into run_counts (school, automation, step, status, n) select ?1, value ->> 0, '', value ->> 1, value ->> 2
       from json_each(?2)`,
    ).bind(
      school,
      JSON.stringify([
        ["aut_left", "exited", some],
        ["aut_seldom", "exited", RARE],
        ["aut_seldom", "completed", RARE],
        ["aut_off", "held", some - RARE],
        ["aut_off", "waiting", RARE],
        ["aut_on", "waiting", some - RARE],
        ["aut_on", "held", RARE],
        ...Array.from({ length: 20 }, (_, n) => [`aut_${n}`, "completed", some]),
      ]),
    ),
  ]);
  await fill(
    school,
    `insert into audit (school, id, at, who, what, subject)
     select ?1, printf('aud_0%012d', n), n, iif(n < ${some - RARE}, 'key:usual', 'key:seldom'),
       iif(n < ${some - RARE}, 'automation.' || iif(n % 2, 'changed', 'created'), 'segment.' || iif(n % 2, 'changed', 'created')),
       'aut_1' from numbers`,
    some,
  );
}

/**
 * Of a school where things are the other way round than in most, with twenty automations: nearly all runs exited, live ones
 * are held, and what was sent was captured. Ten completed, wait, were sent, by three automations and two channels, and come last.
 */
export async function fillFew(school: string, { runs }: Fill): Promise<void> {
  const some = runs / 20;
  const few = (most: string, last: string) => `iif(n < ${some - RARE}, ${most}, ${last})`;
  const rest = `0, '{"type":"x","data":{},"at":0,"order":1}', n, '[{"step_id":"s' || (n % 2) || '","type":"exit","status":"done","at":0}]', n, 1`;
  const automation = few("'aut_' || (n % 20)", "'aut_' || (n % 3)");
  const ran = (table: string, status: string, columns: string, values: string) =>
    fill(
      school,
      `insert into ${table} (school, id, automation, version, user, status, synchronous, "trigger", started_at, steps,
         logged_at, seq, ${columns}) select ?1, printf('run_${table === "runs" ? 1 : 2}%012d', n), ${automation}, 1, 'u1',
         ${status}, ${rest}, ${values} from numbers`,
      some,
    );
  await ran("runs", few("'exited'", "'completed'"), "ended_at, unkept", "n, null");
  await ran("live_runs", few("'held'", "'waiting'"), "revision", "1");
  await fill(
    school,
    `insert into deliveries (school, id, run, automation, step, user, channel, status, recipients, content, attempts,
       idempotency_key, created_at, logged_at, seq, unkept)
     select ?1, printf('dlv_%013d', n), 'run_1', ${automation}, 's1', 'u1', ${few("'webhook'", "iif(n % 2, 'email', 'push')")},
       ${few("'captured'", "'sent'")}, '[]', '{}', '[]', 'k', 0, 0, 1, null from numbers`,
    some,
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
  { path: "runs?status=waiting", shows: PAGE, most: 3 * PAGE },
  { path: "deliveries?status=failed", shows: 40, most: FAILED },
  { path: "deliveries?status=suppressed", shows: PAGE, most: 3 * PAGE },
  { path: "deliveries?status=not_sent", shows: 0, most: 10 },
  { path: "deliveries?channel=push", shows: 0, most: 10 },
  { path: "deliveries?status=captured", shows: 0, most: 10 },
  { path: "deliveries?status=queued", shows: 0, most: 10 },
  { path: "deliveries?status=queued&automation=aut_1", shows: 0, most: 10 },
  { path: "users?tag=common&course=seldom", shows: RARE, most: 3 * RARE },
  { path: "runs?automation=aut_seldom", shows: 2 * RARE, most: 6 * RARE },
  { path: "runs?automation=aut_seldom&status=exited", shows: RARE, most: 3 * RARE },
  { path: "runs?automation=aut_seldom&status=completed", shows: RARE, most: 3 * RARE },
  { path: "runs?automation=aut_left&status=completed", shows: 0, most: 10 },
  { path: "runs?automation=aut_left&status=waiting", shows: 0, most: 10 },
  { path: "runs?automation=aut_on&status=held", shows: RARE, most: 3 * RARE },
  { path: "runs?automation=aut_on&status=waiting", shows: PAGE, most: 3 * PAGE },
  { path: "runs?automation=aut_off&status=waiting&order=desc", shows: RARE, most: 3 * RARE },
  { path: "runs?automation=aut_off&status=waiting", shows: RARE, most: 3 * RARE },
  { path: "deliveries?automation=aut_seldom", shows: 2 * RARE, most: 6 * RARE },
  { path: "deliveries?automation=aut_seldom&order=desc&limit=5", shows: 5, most: 15 },
  { path: "deliveries?automation=aut_seldom&status=sent", shows: RARE, most: 3 * RARE },
  { path: "deliveries?automation=aut_seldom&status=suppressed", shows: RARE, most: 3 * RARE },
  { path: "deliveries?automation=aut_seldom&channel=email", shows: 2 * RARE, most: 6 * RARE },
  { path: "deliveries?automation=aut_1", shows: PAGE, most: 3 * PAGE },
  { path: "deliveries?automation=aut_1&status=sent", shows: PAGE, most: 3 * PAGE },
  { path: "deliveries?automation=aut_1&channel=push", shows: 0, most: 10 },
  { path: "deliveries?automation=aut_left", shows: PAGE, most: 3 * PAGE },
  { path: "deliveries?automation=aut_left&order=desc", shows: PAGE, most: 3 * PAGE },
  { path: "deliveries?automation=aut_on", shows: PAGE, most: 3 * PAGE },
  { path: "deliveries?automation=aut_on&order=desc&limit=5", shows: 5, most: 15 },
  { path: "deliveries?automation=aut_on&channel=webhook", shows: PAGE, most: 3 * PAGE },
  { path: "deliveries?automation=nobody", shows: 0, most: 10 },
  { path: "deliveries?automation=aut_left&status=sent", shows: 0, most: 10 },
  { path: "deliveries?automation=aut_left&status=suppressed&channel=push", shows: 0, most: 10 },
  { path: "deliveries?automation=aut_1&channel=email&status=failed", shows: 40, most: FAILED },
  { path: "deliveries?status=sent", shows: PAGE, most: 3 * PAGE },
  { path: "deliveries?channel=email", shows: PAGE, most: 3 * PAGE },
  { path: "audit?who=key:seldom", shows: RARE, most: 3 * RARE },
  { path: "audit?what=automation.changed", shows: PAGE, most: 3 * PAGE },
  { path: "audit?what=automation", shows: PAGE, most: 3 * PAGE },
  { path: "audit?what=segment", shows: RARE, most: 3 * RARE },
  { path: "audit?what=nothing", shows: 0, most: 10 },
  { path: "audit?subject=aut_1", shows: PAGE, most: 3 * PAGE },
  { path: "audit?subject=aut_1&what=segment", shows: RARE, most: 3 * RARE },
  { path: "audit?subject=aut_1&who=key:seldom", shows: RARE, most: 3 * RARE },
  { path: "audit?who=key:usual&what=segment", shows: 0, most: 10 },
  { path: "audit?who=key:seldom&what=segment.changed&subject=aut_1&order=desc", shows: RARE / 2, most: 3 * RARE },
  { path: "deliveries?run=run_0000000000007", shows: 1, most: 10 },
  { path: "automations", shows: 4, most: 12 },
  { path: "segments", shows: 0, most: 20 },
];

/** The same of a school where what is sought is rare (`fillFew`). */
export const FEW_CASES: readonly ListCase[] = [
  { path: "runs?status=completed", shows: RARE, most: 3 * RARE },
  { path: "runs?status=completed&order=desc", shows: RARE, most: 3 * RARE },
  { path: "runs?status=waiting", shows: RARE, most: 3 * RARE },
  { path: "deliveries?status=sent", shows: RARE, most: 3 * RARE },
  // The next few are so, and none behind them.
  { path: "deliveries?status=sent&order=desc", shows: RARE, most: 3 * RARE },
  { path: "runs?status=waiting&order=desc", shows: RARE, most: 3 * RARE },
  { path: "runs?status=completed&limit=4&order=desc", shows: 4, most: 12 },
  { path: "runs?automation=aut_1&status=completed", shows: 4, most: 12 },
  { path: "runs?automation=aut_7&status=completed", shows: 0, most: 10 },
  { path: "deliveries?channel=email", shows: RARE / 2, most: (3 * RARE) / 2 },
  { path: "deliveries?channel=email&order=desc", shows: RARE / 2, most: (3 * RARE) / 2 },
  { path: "deliveries?channel=email&status=captured", shows: 0, most: 10 },
  { path: "deliveries?status=sent&channel=push", shows: RARE / 2, most: 3 * RARE },
  { path: "deliveries?status=captured&channel=email", shows: 0, most: 10 },
  { path: "deliveries?automation=aut_1&status=sent", shows: 4, most: 12 },
  { path: "deliveries?automation=aut_1&channel=email", shows: 2, most: 10 },
  { path: "deliveries?automation=aut_7&status=sent", shows: 0, most: 10 },
  // Half of the runs came to it, of both tables.
  { path: "runs?step=s1", shows: PAGE, most: 3 * PAGE },
  { path: "runs?step=s1&order=desc", shows: PAGE, most: 3 * PAGE },
  { path: "runs?automation=aut_1&step=s1", shows: PAGE, most: 3 * PAGE },
];
