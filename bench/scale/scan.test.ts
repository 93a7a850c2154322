import { expect, test } from "vitest";
import { scanPage, scanSchools } from "../../src/users/scan/page";
import { countFor } from "../../test/workers/counting";
import { env, holdQueuesAnew, makeSchool, setNow } from "../../test/workers/live";
import { meterOfD1 } from "../../test/workers/metered";
import { scanRound, scansOf } from "../../test/workers/scanning";
import { watchWakes } from "../../test/workers/wakes";
import { show, usersOfSize } from "./shown";

/* A scan over many users of whom few are due. */

const DAY_MS = 86_400_000;
const DAYS = 3;
const DUE_SHARE = 0.01;
/** Half of what an invocation has: statements of D1, and calls out of it. */
const STATEMENTS = 500;
const CALLS = 5_000;

/** Puts users into the directory who were last seen a second after each other. */
const putUsers = (school: string, count: number, from: number) =>
  env.DB.batch(
    [
      `insert into users (school, id, created_at, search, seen_at, seq) select ?1, 'u' || n, 0, 'u' || n, ?2 + n * 1000, 0 from numbers`,
      "insert into activity (school, scope, at, user, subject) select ?1, 'school', ?2 + n * 1000, 'u' || n, '' from numbers",
    ].map((sql) =>
      env.DB.prepare(
        `with recursive numbers(n) as (select 0 union all select n + 1 from numbers where n < ?3 - 1) ${sql}`,
      ).bind(school, from, count),
    ),
  );

test("a scan over many users of whom one in a hundred is due", async (context) => {
  const users = usersOfSize();
  const due = users * DUE_SHARE;
  const now = Date.now();
  setNow(now);
  const queues = await holdQueuesAnew();
  const school = await makeSchool();
  await school.automation({ when: [{ type: "inactivity.school", days: DAYS }], then: [] });
  await scanRound(queues, school.id);
  await putUsers(school.id, users, now);
  setNow(now + DAYS * DAY_MS + (due - 1) * 1_000);
  const woken = watchWakes(school.id);
  const calls = countFor(school.id);
  const meter = meterOfD1();
  const callsSoFar = () => calls.objectCalls.length + calls.schoolCalls.length + calls.sends;
  const most = { statements: 0, calls: 0 };
  await scanSchools(env);
  for (let messages = scansOf(queues, school.id); messages.length; messages = scansOf(queues, school.id))
    for (const message of messages) {
      const [before, callsBefore] = [meter.statements, callsSoFar()];
      await scanPage(env, message);
      const statements = meter.statements - before;
      most.statements = Math.max(most.statements, statements);
      most.calls = Math.max(most.calls, statements + callsSoFar() - callsBefore);
    }
  expect(woken.length).toBeGreaterThan(0);
  const wakes = Map.groupBy(woken, (user) => user);
  const others = [...wakes.values()].filter((times) => times.length !== 1).length;
  const looked = [...meter.readBy].filter(([sql]) => sql.includes("from activity"));
  const rows = looked.reduce((sum, [, read]) => sum + read, 0);
  show(context, [
    {
      what: "rows that a scan looks through, of those due",
      value: rows / due,
      unit: "×",
      goal: 1.1,
      note: `${rows} rows for ${due} of ${users} users`,
    },
    {
      what: "all rows of D1 read for it, the waking too, of those due",
      value: meter.rowsRead / due,
      unit: "×",
    },
    {
      what: "users whom it woke not at all, or more than once",
      value: others + Math.abs(due - wakes.size),
      unit: "",
      goal: 0,
    },
    { what: "statements of an invocation of it, at most", value: most.statements, unit: "", goal: STATEMENTS },
    { what: "calls and statements of an invocation of it, at most", value: most.calls, unit: "", goal: CALLS },
  ]);
});
