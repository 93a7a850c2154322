import { test } from "vitest";
import { retainPage, sendRetention } from "../../src/cron/rounds";
import { tick } from "../../src/cron/tick";
import { findUnwell } from "../../src/schools/health/unwell";
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

/** The hour's round to its end. */
async function retainAll(queues: Awaited<ReturnType<typeof holdQueuesAnew>>): Promise<void> {
  for (let messages = queues.actions.splice(0); messages.length; messages = queues.actions.splice(0))
    for (const message of messages) {
      if (message.kind !== "retain") throw new Error(`An idle school was sent ${message.kind}.`);
      await retainPage(env, message);
    }
}

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
    await retainAll(queues);
    worst = Math.max(worst, meter.statements - before.statements);
    least = Math.min(least, meter.rowsRead - before.rowsRead);
    most = Math.max(most, meter.rowsRead - before.rowsRead);
  }
  const counted = async (round: () => Promise<unknown>): Promise<{ rows: number; statements: number }> => {
    const before = { ...meter };
    await round();
    return { rows: meter.rowsRead - before.rowsRead, statements: meter.statements - before.statements };
  };
  const daily = await counted(() => findUnwell(env, ""));
  setNow(begin + 2 * DAY_MS);
  await sendRetention(env);
  const looked = await counted(() => retainAll(queues));
  const of = `of ${schools.toLocaleString("en")} idle schools`;
  show(context, [
    { what: `statements a minute ${of}`, value: meter.statements / 60, unit: "", goal: 20 },
    { what: `rows read in a minute without the hour's round ${of}`, value: least, unit: "", goal: 20 },
    { what: `rows read by the hour's round ${of}`, value: most, unit: "", goal: 40 },
    { what: `statements of the hour's round ${of}`, value: worst, unit: "", goal: 40 },
    { what: `rows read by the day's round ${of}`, value: daily.rows, unit: "", goal: 20 },
    { what: `statements of the day's round ${of}`, value: daily.statements, unit: "", goal: 20 },
    {
      what: `rows read by the hour's round in which they are all looked at ${of}`,
      value: looked.rows,
      unit: "",
      note: "once in thirty days",
    },
    { what: `statements of it ${of}`, value: looked.statements, unit: "", note: "once in thirty days" },
  ]);
});
