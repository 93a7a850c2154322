import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { bareSchool, env } from "../../../test/workers/live";
import type { LogBatch } from "../../calls/batch";
import { database } from "../../db/client";
import { automations } from "../../db/schema";
import { isLive } from "../../engine/runs";
import type { LoggedRun, RunStatus, StepLog } from "../../engine/types";
import { takeBack } from "../held/forget";
import { writeLog } from "../write";

const AUTOMATION = "aut_1";

let school: string;
beforeEach(async () => {
  school = await bareSchool();
  await database(env.DB)
    .insert(automations)
    .values({
      ...{ school, id: AUTOMATION, name: "A", description: "", active: true, version: 1, revision: 1 },
      ...{ definition: "{}", createdAt: 0, updatedAt: 0, failuresSince: 0 },
    });
});

const step = (step_id: string, status: StepLog["status"], branch?: "yes" | "no"): StepLog => ({
  ...{ step_id, type: "x", status, at: 1 },
  ...(branch ? { detail: { branch } } : {}),
});
const skipped = (step_id: string, reason: string): StepLog => ({ ...step(step_id, "skipped"), detail: { reason } });

const runOf = (id: string, status: RunStatus, steps: StepLog[]): LoggedRun => ({
  ...{ id, automation: AUTOMATION, version: 1, revision: 1, status, reason: null, synchronous: false, eventId: null },
  ...{ startedAt: 1, endedAt: isLive({ status }) ? null : Date.now(), waiting: null, steps },
  // What the log writes of it is its JSON.
  trigger: { type: "user.signed_in", data: {}, at: 1 } as unknown as LoggedRun["trigger"],
});

const told = (user: string, seq: number, runs: LoggedRun[]): LogBatch => ({
  ...{ school, epoch: 1, user, seq, deliveries: [], words: [], directory: null },
  ended: runs.filter((run) => !isLive(run)),
  live: runs.filter(isLive),
});

/** The life of a run, as it stands at each change: it waits twice, fails, is retried, and completes. */
const LIFE: readonly (readonly [RunStatus, StepLog[]])[] = [
  ["queued", []],
  ["waiting", [step("s1", "done", "yes"), step("s2", "waiting")]],
  ["held", [step("s1", "done", "yes"), step("s2", "waiting")]],
  ["failed", [step("s1", "done", "yes"), skipped("s2", "no_consent"), step("s3", "failed")]],
  ["waiting", [step("s1", "done", "yes"), skipped("s2", "no_consent"), step("s3", "failed"), step("s3", "waiting")]],
  ["completed", [step("s1", "done", "yes"), skipped("s2", "no_consent"), step("s3", "failed"), step("s3", "done")]],
];

const rowsOf = async (table: string): Promise<{ id: string; status: string; steps: string; user: string }[]> =>
  (await env.DB.prepare(`select * from ${table} where school = ? order by id`).bind(school).all<never>()).results;

async function countersNow(): Promise<Record<string, number>> {
  const { results } = await env.DB.prepare("select step, status, n from run_counts where school = ? and n <> 0")
    .bind(school)
    .all<{ step: string; status: string; n: number }>();
  return Object.fromEntries(results.map(({ step, status, n }) => [`${step} ${status}`, n]));
}

/** The same, by going over runs. */
function counted(runs: readonly { status: string; steps: StepLog[] }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  const count = (key: string) => {
    counts[key] = (counts[key] ?? 0) + 1;
  };
  for (const { status, steps } of runs) {
    count(` ${status}`);
    for (const entered of new Set(steps.map(({ step_id, round = 0 }) => `${step_id} ${round}`)))
      count(`${entered.split(" ")[0]} entered`);
    for (const { step_id, status, detail } of steps) {
      count(`${step_id} ${status}`);
      if (detail?.branch) count(`${step_id} ${detail.branch}`);
      if (status === "skipped" && detail?.reason) count(`${step_id} skipped:${detail.reason}`);
    }
  }
  return counts;
}

describe("runs told in any order, some twice, some never", () => {
  test("stand as they last were, in one table, and are counted as they stand", async () => {
    const tellings = fc.array(
      fc.record({ run: fc.integer({ min: 0, max: 2 }), life: fc.integer({ min: 0, max: LIFE.length - 1 }) }),
      { minLength: 1, maxLength: 8 },
    );
    // Some are written together, as of several users.
    const order = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 8, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(tellings, order, async (all, together) => {
        await takeBack(env, told("user-0", 0, []), Number.MAX_SAFE_INTEGER);
        await env.DB.prepare("delete from runs where school = ?").bind(school).run();
        await env.DB.prepare("delete from live_runs where school = ?").bind(school).run();
        await env.DB.prepare("delete from run_counts where school = ?").bind(school).run();
        const left = [...all];
        for (const size of together) {
          const batches = left.splice(0, size).map(({ run, life }) => {
            const [status, steps] = LIFE[life] ?? ["queued", []];
            return told(`user-${run}`, 100 + life, [runOf(`run_${run}`, status, steps)]);
          });
          if (batches.length) await writeLog(env, batches);
        }
        const newest = new Map<number, number>();
        for (const { run, life } of all) newest.set(run, Math.max(life, newest.get(run) ?? 0));
        const now = [...newest].map(([run, life]) => ({
          id: `run_${run}`,
          life: LIFE[life] ?? (["queued", []] as const),
        }));
        const should = now
          .map(({ id, life: [status, steps] }) => ({ id, status, steps }))
          .sort((a, b) => (a.id < b.id ? -1 : 1));
        const parsed = (rows: Awaited<ReturnType<typeof rowsOf>>) =>
          rows.map(({ id, status, steps }) => ({ id, status, steps: JSON.parse(steps) as StepLog[] }));
        expect(parsed(await rowsOf("runs"))).toEqual(should.filter(({ status }) => !isLive({ status })));
        expect(parsed(await rowsOf("live_runs"))).toEqual(should.filter(({ status }) => isLive({ status })));
        expect(await countersNow()).toEqual(counted(should));
      }),
      { numRuns: 60 },
    );
  });
});

describe("counters", () => {
  test("count a step in a repeat once a round, however often it was tried in one", async () => {
    const inRound = (status: StepLog["status"], round: number): StepLog => ({ ...step("s2", status), round });
    const steps = [step("s1", "done"), inRound("done", 1), inRound("failed", 2), inRound("done", 2)];
    await writeLog(env, [told("anna", 1, [runOf("run_1", "completed", steps)])]);
    expect(await countersNow()).toMatchObject({ "s1 entered": 1, "s2 entered": 2, "s2 done": 2, "s2 failed": 1 });
  });

  test("of what did nothing are for why, too, in the catalogue's words and in nobody else's", async () => {
    const steps = ["no_consent", "no_email", "550 anna@acme.com", "x".repeat(65)].map((why) => skipped("s1", why));
    for (const [n, one] of steps.entries())
      await writeLog(env, [told(`user-${n}`, 1, [runOf(`run_${n}`, "completed", [one])])]);
    expect(await countersNow()).toEqual({
      ...{ " completed": 4, "s1 entered": 4, "s1 skipped": 4 },
      ...{ "s1 skipped:no_consent": 1, "s1 skipped:no_email": 1 },
    });
  });

  const ended = () => runOf("run_1", "completed", [step("s1", "done")]);
  const live = () => runOf("run_2", "waiting", [step("s1", "done"), step("s2", "waiting")]);

  test("keep what ended when its row goes, and leave out what of an erased user will never end", async () => {
    await writeLog(env, [told("anna", 7, [ended(), live()])]);
    expect(await countersNow()).toEqual(counted([ended(), live()]));
    await takeBack(env, told("anna", 7, [ended(), live()]), Number.MAX_SAFE_INTEGER);
    expect(await countersNow()).toEqual(counted([ended()]));
  });

  test("of an automation that is not there are not begun", async () => {
    await env.DB.prepare("delete from automations where school = ?").bind(school).run();
    await writeLog(env, [told("anna", 7, [ended()])]);
    expect(await countersNow()).toEqual({});
    expect(await rowsOf("runs")).toHaveLength(1);
  });

  test("of an automation made anew under a deleted one's id leave out what the deleted one ran", async () => {
    await writeLog(env, [told("anna", 7, [ended(), live()]), told("bert", 7, [{ ...live(), id: "run_3" }])]);
    await env.DB.prepare("delete from run_counts where school = ?").bind(school).run();
    await env.DB.prepare("update automations set created_at = 5 where school = ?").bind(school).run();
    await writeLog(env, [told("anna", 8, [{ ...live(), status: "exited" }])]);
    await takeBack(env, told("bert", 7, [{ ...live(), id: "run_3" }]), Number.MAX_SAFE_INTEGER);
    expect(await countersNow()).toEqual({});
    const own = { ...ended(), id: "run_4", startedAt: 5 };
    await writeLog(env, [told("anna", 9, [own])]);
    expect(await countersNow()).toEqual(counted([own]));
  });

  test("and the log leave out what is told again once its school keeps it no longer", async () => {
    const dayMs = 86_400_000;
    const old = { ...ended(), endedAt: Date.now() - 91 * dayMs };
    await writeLog(env, [told("anna", 7, [old]), told("bert", 7, [live()])]);
    expect([await countersNow(), await rowsOf("runs")]).toEqual([counted([live()]), []]);
    // What D1 has as live has ended, whenever that was.
    await writeLog(env, [told("bert", 8, [{ ...old, id: "run_2" }])]);
    expect([await countersNow(), await rowsOf("live_runs")]).toEqual([counted([old]), []]);
  });

  test("of a run that is told as it stands already move no row", async () => {
    const batch = told("anna", 7, [ended(), live()]);
    await writeLog(env, [batch]);
    const before = [await rowsOf("runs"), await rowsOf("live_runs"), await countersNow()];
    await writeLog(env, [batch, told("anna", 6, [live()])]);
    expect([await rowsOf("runs"), await rowsOf("live_runs"), await countersNow()]).toEqual(before);
  });
});

describe("a Worker of before, which still runs while a release is rolled out", () => {
  const keys = "school, id, automation, version, user, status, synchronous, trigger, started_at, steps, logged_at, seq";
  const writesAsBefore = (life: number, seq = 100 + life) => {
    const [status, steps] = LIFE[life] ?? ["queued", []];
    return env.DB.prepare(
      `insert into runs (${keys}) values (?, 'run_1', ?, 1, 'anna', ?, 0, '{}', 1, ?, 1, ?)
      on conflict do update set status = excluded.status, steps = excluded.steps, seq = excluded.seq
        where excluded.seq > runs.seq`,
    )
      .bind(school, AUTOMATION, status, JSON.stringify(steps), seq)
      .run();
  };
  const writesToday = (life: number) => {
    const [status, steps] = LIFE[life] ?? ["queued", []];
    return writeLog(env, [told("anna", 100 + life, [runOf("run_1", status, steps)])]);
  };
  const stands = async (life: number) => {
    const [status, steps] = LIFE[life] ?? ["queued", []];
    const rows = [...(await rowsOf("runs")), ...(await rowsOf("live_runs"))];
    expect(rows.map((row) => row.status)).toEqual([status]);
    // It knew nothing of reasons.
    const known = ([key]: [string, number]) => !key.includes("skipped:");
    const should = counted([{ status, steps: [...steps] }]);
    expect(
      Object.entries(await countersNow())
        .filter(known)
        .toSorted(),
    ).toEqual(Object.entries(should).filter(known).toSorted());
  };

  test("writes runs that are counted and stand in one table, whichever of the two Workers wrote before", async () => {
    const writers = fc.array(fc.boolean(), { minLength: LIFE.length, maxLength: LIFE.length });
    await fc.assert(
      fc.asyncProperty(writers, async (areOfBefore) => {
        for (const table of ["runs", "live_runs", "run_counts"])
          await env.DB.prepare(`delete from ${table} where school = ?`).bind(school).run();
        // Once today's Worker has told of an end, the user's object is opened by it alone.
        let isToday = false;
        for (const life of LIFE.keys()) {
          isToday ||= !areOfBefore[life] && life >= 3;
          await (areOfBefore[life] && !isToday ? writesAsBefore(life) : writesToday(life));
          await stands(life);
        }
      }),
      { numRuns: 40 },
    );
  });

  test("undoes nothing that is newer", async () => {
    await writesToday(4);
    await writesAsBefore(1);
    await stands(4);
  });

  test("moves a user's activity, and leaves none behind when the user is erased", async () => {
    const line = env.DB.prepare("insert into users (school, id, created_at, search, seq) values (?, 'anna', 1, '', 1)");
    await line.bind(school).run();
    const seen = (scope: string, at: number) =>
      env.DB.prepare("insert or replace into activity (school, scope, at, user, subject) values (?, ?, ?, 'anna', '')")
        .bind(school, scope, at)
        .run();
    for (const at of [5, 9]) await Promise.all([seen("school", at), seen("app", at + 1)]);
    const rows = async () =>
      (await env.DB.prepare("select at from activity where school = ? order by at").bind(school).all()).results;
    expect(await rows()).toEqual([{ at: 9 }, { at: 10 }]);
    await takeBack(env, told("anna", 0, []), Number.MAX_SAFE_INTEGER);
    expect(await rows()).toEqual([]);
  });

  test("leaves nothing behind when its user is erased", async () => {
    await writesAsBefore(3);
    await env.DB.prepare(
      `insert into deliveries (school, id, run, automation, step, user, channel, status, recipients, content, attempts, idempotency_key, created_at, logged_at, seq)
      values (?, 'dlv_1', 'run_1', ?, 's1', 'anna', 'email', 'sent', '["anna@acme.com"]', '{}', '[]', 'k', 1, 1, 1)`,
    )
      .bind(school, AUTOMATION)
      .run();
    await takeBack(env, told("anna", 0, []), Number.MAX_SAFE_INTEGER);
    expect([...(await rowsOf("runs")), ...(await rowsOf("deliveries"))]).toEqual([]);
  });
});
