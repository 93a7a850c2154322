import { describe, expect, test } from "vitest";
import { call, consume, env, flushLog, liveSchool, makeSchool } from "../../../../test/workers/live";
import type { KeyScope } from "../../../schools/keys/api-keys";

const { school, queues } = liveSchool();

const mailing = {
  when: [{ type: "user.signed_in" }],
  then: [
    { type: "email.user", subject: "Hi", body: "Hi" },
    { type: "wait", for: "P1D" },
  ],
};
const ANNA = { id: "anna", email: "anna@acme.com" };

const pause = (change: Record<string, unknown>, query = "") => school.ask("PATCH", `/v1/school${query}`, change);

/** Does what the queues hold, but for the log, as long as there is some. */
async function work(): Promise<void> {
  while (queues.actions.length) await consume("schoolbell-actions", queues.actions.splice(0));
}
async function runs(): Promise<{ id: string; status: string; reason?: string }[]> {
  await flushLog(school.id, "anna");
  return (await school.ask("GET", "/v1/runs")).body.data;
}
async function mails(): Promise<string[]> {
  await flushLog(school.id, "anna");
  const { body } = await school.ask("GET", "/v1/deliveries");
  return body.data.map(({ status }: { status: string }) => status);
}

describe("a pause", () => {
  test("holds what would start, synchronous too, and lets it go on when it ends", async () => {
    const automation = await school.automation(mailing);
    const synchronous = await school.automation({ ...mailing, synchronous: true });
    expect((await pause({ paused: true })).body).toMatchObject({ paused: true, suspended: false });
    const answered = await school.event("user.signed_in", ANNA, {}, "e1");
    expect(answered.runs.map((run: { status: string }) => run.status)).toEqual(["held", "held"]);
    await work();
    expect(await runs()).toMatchObject([
      { status: "held", reason: "paused" },
      { status: "held", reason: "paused" },
    ]);
    expect(await mails()).toEqual([]);
    const [why] = (await school.ask("GET", `/v1/automations/${automation}/why?user=anna&event=e1`)).body.data;
    expect(why).toMatchObject({ fired: true, stopped_by: "paused" });
    expect(await runs()).toContainEqual(expect.objectContaining({ id: why.run_id, automation_id: automation }));
    expect((await pause({ paused: false }, "?dry_run=true")).body).toEqual({ runs: 2, mails: 0 });

    expect((await pause({ paused: false })).body.paused).toBe(false);
    await work();
    expect((await runs()).map(({ status, reason }) => [status, reason])).toEqual([
      ["waiting", undefined],
      ["waiting", undefined],
    ]);
    expect(await mails()).toEqual(["captured", "captured"]);
    const stats = (await school.ask("GET", `/v1/automations/${synchronous}/stats`)).body.runs;
    expect([stats.held, stats.waiting]).toEqual([0, 1]);
  });

  test("keeps messages that have not left, and sends them when it ends", async () => {
    await school.automation({ ...mailing, synchronous: true });
    await school.event("user.signed_in", ANNA);
    expect((await pause({ paused: true }, "?dry_run=true")).body).toEqual({ runs: 0, mails: 0 });
    expect(await mails()).toEqual(["queued"]);
    expect((await pause({ paused: true }, "?dry_run=true")).body).toEqual({ runs: 1, mails: 1 });
    await pause({ paused: true });
    await work();
    expect(await mails()).toEqual(["queued"]);
    await school.ring("anna");
    await work();
    expect(await mails()).toEqual(["queued"]);
    await pause({ paused: false });
    await work();
    expect(await mails()).toEqual(["captured"]);
  });

  test("ends what it held where it ends so", async () => {
    await school.automation(mailing);
    await pause({ paused: true });
    await school.event("user.signed_in", ANNA);
    await work();
    await runs();
    expect((await pause({ paused: false, held: "exit" })).status).toBe(200);
    await work();
    expect(await runs()).toMatchObject([{ status: "exited", reason: "paused" }]);
    await school.event("user.signed_in", ANNA);
    await work();
    expect((await runs()).map(({ status }) => status)).toEqual(["exited", "waiting"]);
    expect(await mails()).toEqual(["captured"]);
  });

  test("goes on with segments, syncs, and what the LMS is to hear of them", async () => {
    await school.ask("POST", "/v1/segments", { id: "team", name: "Team" });
    await school.ask("POST", "/v1/segment-syncs", { name: "S", segment: "team", course: "js" });
    await school.ask("PUT", "/v1/users/anna", { email: "anna@acme.com" });
    await pause({ paused: true });
    expect((await school.ask("PUT", "/v1/segments/team/members/anna")).status).toBe(204);
    expect((await school.ask("GET", "/v1/users/anna")).body.enrolments).toMatchObject([{ product: "js" }]);
  });

  test("wakes nobody but whom it held", async () => {
    await school.automation(mailing);
    await pause({ paused: true });
    await school.event("user.signed_in", ANNA);
    await school.event("user.signed_up", { id: "ben" });
    await flushLog(school.id, "anna", "ben");
    queues.actions.splice(0);
    await env.DB.prepare("update users set next_wake = null where school = ?").bind(school.id).run();
    await pause({ paused: false });
    const { results } = await env.DB.prepare("select id, next_wake as wake from users where school = ? order by id")
      .bind(school.id)
      .all();
    expect(results).toMatchObject([{ id: "anna" }, { id: "ben", wake: null }]);
    expect(queues.actions.filter(({ kind }) => kind === "wake_school")).toEqual([]);
  });
});

describe("PATCH /v1/school with paused", () => {
  test("is for the scope admin: 403, and nothing of the change is done", async () => {
    const scopes: KeyScope[] = ["read", "write"];
    const { body } = await school.ask("POST", "/v1/api-keys", { name: "K", scopes });
    const answered = await call("PATCH", "/v1/school", { name: "Other", paused: true }, body.key);
    expect([answered.status, answered.body.errors[0].path]).toEqual([403, "/paused"]);
    expect((await school.ask("GET", "/v1/school")).body).toMatchObject({ name: "S", paused: false });
  });

  test("refuses with 422 what goes with no end of a pause, and a dry run of anything else", async () => {
    const refused = async (change: Record<string, unknown>, query = "") => {
      const { status, body } = await pause(change, query);
      return [status, body.errors?.[0].path];
    };
    expect(await refused({ held: "exit" })).toEqual([422, "/held"]);
    expect(await refused({ paused: true, held: "exit" })).toEqual([422, "/held"]);
    expect(await refused({ paused: false, held: "keep" })).toEqual([422, "/held"]);
    expect(await refused({ paused: "yes" })).toEqual([422, "/paused"]);
    expect(await refused({ name: "Other" }, "?dry_run=true")).toEqual([422, "/paused"]);
    expect((await school.ask("GET", "/v1/school")).body).toMatchObject({ name: "S", paused: false });
  });

  test("twice is as once, and stands in the audit with the end that it had", async () => {
    for (const paused of [true, true]) expect((await pause({ paused })).status).toBe(200);
    for (const held of ["exit", "exit"]) expect((await pause({ paused: false, held })).status).toBe(200);
    const { results } = await env.DB.prepare("select after from audit where school = ? and what = 'school.changed'")
      .bind(school.id)
      .all<{ after: string }>();
    expect(results.map(({ after }) => JSON.parse(after))).toEqual([
      { paused: true },
      {},
      { paused: false, held: "exit" },
      {},
    ]);
  });
});

test("a test school's clock moves in a pause: waits that end are held", async () => {
  const other = await makeSchool("test");
  await other.automation(mailing);
  await other.event("user.signed_in", ANNA);
  await other.ask("POST", "/v1/test-clock", { advance: "PT0S" });
  await other.ask("PATCH", "/v1/school", { paused: true });
  await other.ask("POST", "/v1/test-clock", { advance: "P2D" });
  const first = (await other.ask("GET", "/v1/runs")).body.data[0];
  expect(first).toMatchObject({ status: "held", reason: "paused" });
  await other.ask("PATCH", "/v1/school", { paused: false });
  expect((await other.ask("GET", "/v1/runs")).body.data).toMatchObject([{ status: "completed" }]);
});
