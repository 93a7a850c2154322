import { afterEach, describe, expect, test, vi } from "vitest";
import { consume, env, flushLog, liveSchool } from "../../../test/workers/live";

/* Schools of which not everybody can be asked before the answer: it is a job's, and comes to the same. */

const { school, queues } = liveSchool("test", {}, { now: "2026-03-02T09:00:00.000Z" });

const settle = async () => {
  while (queues.actions.length) await consume("schoolbell-actions", queues.actions.splice(0));
};
const jobOf = async (answer: { status: number; body: { job_id: string } }) => {
  expect(answer.status).toBe(202);
  await settle();
  return (await school.ask("GET", `/v1/jobs/${answer.body.job_id}`)).body;
};

/** More than one page of users, of whom these three have lived. */
async function crowd() {
  const automation = await school.automation({
    ...{ when: [{ type: "course.completed" }], then: [{ type: "tags.add", tags: ["done"] }], active: false },
  });
  for (const user of ["anna", "ben", "cleo"]) {
    await school.event("course.completed", user, { course: "js" });
    await flushLog(school.id, user);
  }
  await env.DB.prepare(
    `insert into users (school, id, created_at, registered_at, search, seq)
      select ?1, 'other-' || value, ?2, ?2, 'other-' || value, 0 from json_each(?3)`,
  )
    .bind(school.id, Date.UTC(2000, 0, 1), JSON.stringify(Array.from({ length: 250 }, (_, n) => n)))
    .run();
  return automation;
}

/** Until told otherwise each look at the clock is a while after the one before: no request has the time. */
function slowly(): () => void {
  const real = Date.now.bind(Date);
  let looks = 0;
  const spy = vi.spyOn(Date, "now").mockImplementation(() => real() + ++looks * 25_000);
  return () => spy.mockRestore();
}
afterEach(() => void vi.restoreAllMocks());

describe("of a school that is too large for a request", () => {
  test("a backtest is a job, whose result is what a small school is answered", async () => {
    const automation = await crowd();
    const body = { automation_id: automation, days: 30 };
    const { body: found, status } = await school.ask("POST", "/v1/automations/backtest", body);
    expect([status, found.count, found.asked]).toEqual([200, 3, 253]);
    const quickly = slowly();
    const answer = await school.ask("POST", "/v1/automations/backtest", body);
    quickly();
    const job = await jobOf(answer);
    expect(job).toMatchObject({ kind: "backtest", status: "done", total: 253, done: 253, errors: [] });
    expect(job.result).toEqual(found);
  });

  test("those who were missed are counted by the job before it starts for anybody: a count that moved starts nobody", async () => {
    const automation = await crowd();
    await school.patch(automation, { active: true });
    const start = async (count: number) => {
      const quickly = slowly();
      const answer = await school.ask("POST", `/v1/automations/${automation}/missed?enrol=true&count=${count}`, {
        days: 30,
      });
      quickly();
      return jobOf(answer);
    };
    const runs = async () => (await school.ask("GET", `/v1/automations/${automation}/runs`)).body.data.length;
    const moved = await start(2);
    expect([moved.status, await runs()]).toEqual(["failed", 0]);
    const started = await start(3);
    expect(started).toMatchObject({ status: "done", result: { count: 3 } });
    await school.ask("POST", "/v1/test-clock", { advance: "PT0S" });
    await flushLog(school.id, "anna", "ben", "cleo");
    expect(await runs()).toBe(3);
  });
});
