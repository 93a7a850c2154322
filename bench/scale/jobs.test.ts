import { expect, test, vi } from "vitest";
import type { ActionMessage } from "../../src/calls/messages";
import { SPLIT_ABOVE } from "../../src/jobs/ranges/split";
import { runJobPage, runRangePage } from "../../src/jobs/start";
import { env, holdQueuesAnew, makeSchool } from "../../test/workers/live";
import { meterOfD1 } from "../../test/workers/metered";
import { show, usersOfSize } from "./shown";

/* A job over the whole directory: what it reads to be split, and what a page of one of its ranges does. */

const PAGES = 12;

test("a job over many users", async (context) => {
  const users = usersOfSize();
  vi.spyOn(scheduler, "wait").mockResolvedValue();
  const queues = await holdQueuesAnew();
  const school = await makeSchool();
  await env.DB.prepare(
    `with recursive numbers(n) as (select 0 union all select n + 1 from numbers where n < ?2 - 1)
     insert into users (school, id, created_at, search, seq) select ?1, 'u' || n, n, '', 0 from numbers`,
  )
    .bind(school.id, users)
    .run();
  // What objects do of it is none of this: they are only asked.
  const asked = new Set<string>();
  const { getByName } = env.USERS;
  vi.spyOn(env.USERS, "getByName").mockImplementation((name) => {
    const object = getByName.call(env.USERS, name);
    return new Proxy(object, {
      get: (target, key) => (key === "change" ? async () => void asked.add(name) : Reflect.get(target, key)),
    });
  });
  await school.ask("POST", "/v1/segments", { id: "seg", name: "Seg", managed: true });
  const meter = meterOfD1();
  const { body } = await school.ask("POST", "/v1/segments/seg/reconcile");
  const taken = (kind: ActionMessage["kind"]) => queues.actions.splice(0).filter((one) => one.kind === kind);
  let most = meter.statements;
  let lanes = 0;
  const ofSplitting = async () => {
    for (
      let word = queues.actions.splice(0);
      word.some(({ kind }) => kind === "job");
      word = queues.actions.splice(0)
    ) {
      lanes = Math.max(lanes, word.filter(({ kind }) => kind === "job_range").length);
      const before = meter.statements;
      await runJobPage(env, school.id, body.job_id);
      most = Math.max(most, meter.statements - before);
    }
  };
  lanes = queues.actions.filter(({ kind }) => kind === "job_range").length;
  await ofSplitting();
  const walked = meter.rowsRead;
  const { total } = (await school.ask("GET", `/v1/jobs/${body.job_id}`)).body;
  const count =
    (await env.DB.prepare("select count(*) as n from job_ranges where job = ?").bind(body.job_id).first<number>("n")) ??
    0;
  expect(taken("job")).toEqual([]);
  const before = meter.rowsRead;
  // Side by side, as consumers do.
  for (let page = 0; page < PAGES; page += lanes)
    await Promise.all(Array.from({ length: lanes }, () => runRangePage(env, school.id, body.job_id)));
  const read = meter.rowsRead - before;
  vi.restoreAllMocks();
  await school.ask("POST", `/v1/jobs/${body.job_id}/cancel`);
  show(context, [
    {
      what: "rows read to split a job, of its users, beside those by which it is seen to be large",
      value: (walked - SPLIT_ABOVE) / users,
      unit: "×",
      goal: 1.1,
      note: `${count} ranges of ${total} users, ${lanes} gone over side by side`,
    },
    { what: "statements of an invocation of that, at most", value: most, unit: "", goal: 500 },
    { what: "rows read by pages of ranges, of the users they went over", value: read / asked.size, unit: "×", goal: 3 },
    {
      what: "users whom they went over more than once, or missed",
      value: Math.abs(asked.size - PAGES * 200),
      unit: "",
      goal: 0,
    },
  ]);
});
