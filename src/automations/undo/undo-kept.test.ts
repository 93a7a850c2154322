import { expect, test } from "vitest";
import { consume, flushLog, liveSchool, setNow } from "../../../test/workers/live";

/* Undoing a run that had something to send, which was kept as the school had no way to. */

const { school, queues } = liveSchool("live");

const ask = (method: string, path: string, body?: unknown) => school.ask(method, path, body);
const sendings = async () => (await ask("GET", "/v1/deliveries?channel=mixpanel")).body.data;

test("what is kept as there was no connector is recalled, and not sent afterwards", async () => {
  await school.automation({
    synchronous: true,
    when: [{ type: "custom", name: "go" }],
    then: [
      { type: "tags.add", tags: ["vip"] },
      { type: "mixpanel.event", event: "In", properties: {} },
    ],
  });
  await ask("PUT", "/v1/users/anna", { email: "anna@a.test" });
  const [{ id: run }] = (await school.event("custom.go", "anna")).runs;
  while (queues.actions.length) await consume("schoolbell-deliveries", queues.actions.splice(0));
  await flushLog(school.id, "anna");
  const [sending] = await sendings();
  expect(sending).toMatchObject({ status: "not_sent" });
  const takes = [
    { kind: "tag", id: "vip" },
    { kind: "delivery", id: sending.id },
  ];
  const path = `/v1/runs/${run}/undo`;
  expect((await ask("POST", `${path}?dry_run=true`)).body).toMatchObject({ takes, not_callable: [] });
  expect((await sendings())[0].status).toBe("not_sent");
  const { job_id } = (await ask("POST", path)).body;
  expect((await ask("GET", `/v1/jobs/${job_id}`)).body.result).toMatchObject({ takes });
  await flushLog(school.id, "anna");
  expect(await sendings()).toMatchObject([{ id: sending.id, status: "suppressed", reason: "undone" }]);
  expect((await ask("POST", `/v1/deliveries/${sending.id}/retry`)).status).toBe(409);
  expect((await ask("POST", `${path}?dry_run=true`)).body.takes).toEqual([]);
});

test("what waits to be sent is recalled by undoing, whether its run is over or not, and says so", async () => {
  await ask("PUT", "/v1/users/anna", { email: "anna@a.test" });
  const sends = { type: "mixpanel.event", event: "In", properties: {} };
  for (const [name, then] of [
    ["over", [sends]],
    ["live", [sends, { type: "wait", for: "P1D" }]],
  ] as const) {
    await school.automation({ synchronous: true, when: [{ type: "custom", name }], then });
    const [{ id: run }] = (await school.event(`custom.${name}`, "anna")).runs;
    await flushLog(school.id, "anna");
    expect((await ask("GET", `/v1/deliveries?run=${run}`)).body.data).toMatchObject([{ status: "queued" }]);
    await ask("POST", `/v1/runs/${run}/undo`);
    await flushLog(school.id, "anna");
    const { data } = (await ask("GET", `/v1/deliveries?run=${run}`)).body;
    expect(data).toMatchObject([{ status: "suppressed", reason: "undone" }]);
  }
});

test("an automation is undone for whom the log has not heard of yet, too", async () => {
  const since = new Date().toISOString();
  const automation = await school.automation({
    synchronous: true,
    when: [{ type: "custom", name: "go" }],
    then: [{ type: "tags.add", tags: ["vip"] }],
  });
  await school.event("custom.go", "anna");
  queues.actions.length = 0;
  const { job_id } = (await ask("POST", `/v1/automations/${automation}/undo`, { since })).body;
  await consume("schoolbell-jobs", queues.actions.splice(0));
  await flushLog(school.id, "anna");
  setNow(Date.now() + 44_000);
  await consume("schoolbell-jobs", queues.actions.splice(0));
  expect((await ask("GET", `/v1/jobs/${job_id}`)).body.status).toBe("running");
  setNow(Date.now() + 2_000);
  for (let n = 0; n < 5 && queues.actions.length; n++) await consume("schoolbell-jobs", queues.actions.splice(0));
  const job = (await ask("GET", `/v1/jobs/${job_id}`)).body;
  expect(job).toMatchObject({ status: "done", result: { users: 1, takes: [{ kind: "tag", count: 1 }] } });
  expect((await ask("GET", "/v1/users/anna")).body.tags).toEqual([]);
});
