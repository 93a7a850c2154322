import { test } from "vitest";
import { retainPage } from "../../src/cron/rounds";
import { tick } from "../../src/cron/tick";
import { env, holdQueuesAnew, setNow } from "../../test/workers/live";
import { meterOfD1 } from "../../test/workers/metered";
import { show, usersOfSize } from "./shown";

/* Schools in which nothing is due for a while, though each waits for something. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Puts schools that each look for who is away three days, with somebody who neither crosses that nor wakes before tomorrow. */
const putSchools = (count: number, now: number) =>
  env.DB.batch(
    [
      "insert into schools (id, name, mode, settings, created_at) select 'idle-' || n, 'Idle', 'live', '{}', ?2 from numbers",
      `insert into users (school, id, created_at, search, seq, next_wake)
         select 'idle-' || n, 'anna', ?2, 'anna', 0, ?2 + ${DAY_MS} from numbers`,
      "delete from scans where school like 'idle-%' and ?1 and ?2",
      `insert into scans (school, scope, days, until, next_look)
         select 'idle-' || n, 'school', 3, ?2, ?2 + ${DAY_MS} from numbers`,
    ].map((sql) =>
      env.DB.prepare(
        `with recursive numbers(n) as (select 0 union all select n + 1 from numbers where n < ?1 - 1) ${sql}`,
      ).bind(count, now),
    ),
  );

test("idle schools", async (context) => {
  const schools = usersOfSize() / 5;
  const begin = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  setNow(begin);
  const queues = await holdQueuesAnew();
  await putSchools(schools, begin);
  const meter = meterOfD1();
  let worst = 0;
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (let minute = 0; minute < 60; minute++) {
    const before = { ...meter };
    setNow(begin + minute * MINUTE_MS);
    await tick(env);
    // What the hour's round sends is done by the queue, in invocations of their own.
    for (let messages = queues.actions.splice(0); messages.length; messages = queues.actions.splice(0))
      for (const message of messages) {
        if (message.kind !== "retain") throw new Error(`An idle school was sent ${message.kind}.`);
        await retainPage(env, message);
      }
    worst = Math.max(worst, meter.statements - before.statements);
    least = Math.min(least, meter.rowsRead - before.rowsRead);
    most = Math.max(most, meter.rowsRead - before.rowsRead);
  }
  const of = `of ${schools.toLocaleString("en")} idle schools`;
  show(context, [
    { what: `statements a minute ${of}`, value: meter.statements / 60, unit: "", goal: 20 },
    { what: `rows read in a minute without the hour's round ${of}`, value: least, unit: "", goal: 20 },
    { what: `rows read by the hour's round ${of}`, value: most, unit: "", note: "once an hour" },
    { what: `statements of the hour's round ${of}`, value: worst, unit: "", note: "once an hour" },
  ]);
});
