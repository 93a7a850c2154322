import { expect, test } from "vitest";
import { call, PLATFORM } from "../../test/workers/live";

test("a learner nobody has heard of since is reached when an automation that waits for a date is made active", async () => {
  const asked = { name: "S", mode: "test", now: "2026-01-05T09:00:00.000Z" };
  const key: string = (await call("POST", "/v1/schools", asked, PLATFORM)).body.api_key;
  await call("PUT", "/v1/users/anna", { fields: { due: "2026-02-10" } }, key);
  await call("PUT", "/v1/users/eve", { fields: { due: "2026-01-04" } }, key);
  const made = { name: "Due", when: [{ type: "date.reached", field: "due", at: "09:00" }], then: [] };
  const { body: automation } = await call("POST", "/v1/automations", { ...made, active: false }, key);
  await call("PATCH", `/v1/automations/${automation.id}`, { active: true }, key);
  for (let more: unknown = true; more; )
    more = (await call("POST", "/v1/test-clock", { to: "2026-03-01T09:00:00.000Z" }, key)).body.more;
  const { body } = await call("GET", "/v1/runs", undefined, key);
  expect(body.data.map((run: Record<string, unknown>) => [run.user_id, run.started_at])).toEqual([
    ["anna", "2026-02-10T09:00:00.000Z"],
  ]);
});

test.each(["fields.due.on", "user.fields.due.on", "event.due", "user.event.due", ""])(
  "a trigger that waits for %j is refused: there is no such field, so it would never start",
  async (field) => {
    const asked = { name: "S", mode: "test", now: "2026-01-05T09:00:00.000Z" };
    const key: string = (await call("POST", "/v1/schools", asked, PLATFORM)).body.api_key;
    const body = { name: "Due", when: [{ type: "date.reached", field }], then: [] };
    const { status, body: problem } = await call("POST", "/v1/automations", body, key);
    expect([status, problem.errors]).toEqual([422, [{ path: "/when/0/field", message: "not the name of a field" }]]);
  },
);
