import { beforeEach, describe, expect, test } from "vitest";
import { makeSchool, type TestSchool } from "../../../test/workers/live";
import worker from "../../index";
import { call, env } from "../test-client";

let school: TestSchool;

/** With an Idempotency-Key of its own for each path, so that a second call is a copy of the first. */
const send = (method: string, path: string, body?: unknown) =>
  call({ fetch: worker.fetch } as Parameters<typeof call>[0], method, `/v1${path}`, body, {
    token: school.key,
    headers: { "idempotency-key": `key of ${method} ${path}` },
  });

/** Leaves every request as if it had been cut off between its writing and the keeping of its answer. */
const cutOff = () =>
  env.DB.prepare("update idempotency set status = null, headers = null, answer = null, claimed_at = 0 where school = ?")
    .bind(school.id)
    .run();

const count = async (table: string) =>
  (await env.DB.prepare(`select count(*) as n from ${table} where school = ?`).bind(school.id).first<{ n: number }>())
    ?.n;

const automation = { name: "A", when: [{ type: "user.signed_in" }], then: [{ type: "tags.add", tags: ["seen"] }] };

beforeEach(async () => {
  school = await makeSchool();
});

describe("a request that was cut off after it was written", () => {
  const first = async (method: string, path: string, body?: unknown) => {
    const answer = await send(method, path, body);
    const audit = await count("audit");
    await cutOff();
    const again = await send(method, path, body);
    expect(await count("audit")).toBe(audit);
    return { answer, again };
  };

  test("makes nothing twice, and is answered by what it made", async () => {
    const { answer, again } = await first("POST", "/automations", automation);
    expect(again).toMatchObject({ status: 201, body: answer.body });
    expect(await count("automations")).toBe(1);
  });

  test("is answered with its job", async () => {
    await send("POST", "/segments", { id: "seg", name: "Seg", managed: false });
    const { answer, again } = await first("POST", "/segment-syncs", { name: "S", segment: "seg", course: "c" });
    expect(again).toMatchObject({ status: 201, body: answer.body });
    expect(again.body.job_id).toMatch(/^job_/);
  });

  test("changes nothing twice", async () => {
    const { id } = (await send("POST", "/automations", automation)).body;
    const { answer, again } = await first("PATCH", `/automations/${id}`, { name: "B" });
    expect([again.status, again.body.name, again.headers.get("etag")]).toEqual([200, "B", answer.headers.get("etag")]);
  });

  test("deletes once", async () => {
    const { id } = (await send("POST", "/automations", automation)).body;
    expect((await first("DELETE", `/automations/${id}`)).again.status).toBe(204);
  });

  test("puts a delete off once, and has it looked at, for its figures were of then", async () => {
    const { id } = (await send("POST", "/automations", automation)).body;
    const { answer, again } = await first("DELETE", `/automations/${id}?hold=PT1H`);
    expect([answer.status, again.status]).toEqual([202, 409]);
    expect((await first("POST", `/automations/${id}/restore`)).again).toMatchObject({ status: 200, body: { id } });
  });

  test("tells that a secret is lost, and makes no second one", async () => {
    const { again } = await first("POST", "/api-keys", { name: "k", scopes: ["read"] });
    expect(again.status).toBe(409);
    expect(await count("api_keys")).toBe(2);
  });

  test("is one event, though its sender gave it no id", async () => {
    const { answer, again } = await first("POST", "/events", { type: "custom.click", user: { id: "anna" } });
    expect(again.body).toMatchObject({ id: answer.body.id, duplicate: true });
  });
});

test("a request that was cut off before it wrote anything is done", async () => {
  await send("POST", "/automations", automation);
  await env.DB.prepare("delete from automations where school = ?").bind(school.id).run();
  await env.DB.prepare("delete from audit where school = ?").bind(school.id).run();
  await env.DB.prepare("delete from automation_versions where school = ?").bind(school.id).run();
  await cutOff();
  expect((await send("POST", "/automations", automation)).status).toBe(201);
  expect(await count("automations")).toBe(1);
});
