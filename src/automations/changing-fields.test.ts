import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { liveSchool } from "../../test/workers/live";

/* Fields as schools name them, where a trigger or an action names one: as facts do, or bare. */

const { school } = liveSchool("test");

const asked = (body: Record<string, unknown>) =>
  school.ask("POST", "/v1/automations", {
    ...{ name: "A", active: true, synchronous: true, when: [{ type: "custom", name: "go" }], then: [] },
    ...body,
  });

test("a trigger means a field of the school that it names bare, wherever it stands", async () => {
  await school.ask("POST", "/v1/profile-fields", { key: "lvl", name: "Level", type: "text" });
  const trigger = { type: "user.updated", fields: ["lvl", "user.email", "user.lvl", "fields.lvl", "fields.other"] };
  const meant = { type: "user.updated", fields: ["fields.lvl", "email", "fields.other"] };
  const { status, body } = await asked({
    when: [trigger],
    exit_when: [trigger],
    goal: trigger,
    then: [{ type: "wait_for", event: trigger, timeout: "P1D" }],
  });
  expect([status, body.errors]).toEqual([201, undefined]);
  expect(body).toMatchObject({ when: [meant], exit_when: [meant], goal: meant, then: [{ event: meant }] });
  const { body: set } = await asked({
    when: [{ type: "user.updated", fields: ["lvl"] }],
    then: [{ type: "tags.add", tags: ["up"], on_error: "stop" }],
  });
  await school.ask("PUT", "/v1/users/anna", { fields: { lvl: "1" } });
  await school.ask("PUT", "/v1/users/anna", { fields: { lvl: "2" } });
  expect((await school.ask("GET", `/v1/runs?automation=${set.id}`)).body.data).toHaveLength(1);
});

test("a name of neither is refused, by its place", async () => {
  const { status, body } = await asked({ when: [{ type: "user.updated", fields: ["email", "emial"] }] });
  expect([status, body.errors]).toEqual([
    422,
    [{ path: "/when/0/fields/1", message: expect.stringMatching(/^"emial" is no attribute, and no field/) }],
  ]);
});

test("a goal is changed and brought in as it is meant too, and what stood there stays", async () => {
  await school.ask("POST", "/v1/profile-fields", { key: "dept", name: "Department", type: "text" });
  const goal = (...fields: string[]) => ({ goal: { type: "user.updated", fields } });
  const { body: made } = await asked(goal("fields.dept"));
  const path = `/v1/automations/${made.id}`;
  expect((await school.ask("PATCH", path, goal("dept"))).body).toMatchObject(goal("fields.dept"));
  const refused = await school.ask("PATCH", path, goal("qq"));
  expect([refused.status, refused.body.errors]).toMatchObject([422, [{ path: "/goal/fields/0" }]]);
  const written = (await school.ask("GET", "/v1/export")).body;
  const index = written.automations.findIndex(({ id }: { id: string }) => id === made.id);
  const brought = (...fields: string[]) => {
    Object.assign(written.automations[index], goal(...fields));
    return school.ask("PUT", "/v1/import", written);
  };
  expect((await brought("qq")).body.errors).toMatchObject([{ path: `/automations/${index}/goal/fields/0` }]);
  expect((await brought("user.dept", "email")).status).toBe(200);
  expect((await school.ask("GET", path)).body).toMatchObject(goal("fields.dept", "email"));
  const old = JSON.stringify(goal("long_gone").goal);
  await env.DB.prepare("update automations set goal = ? where id = ?").bind(old, made.id).run();
  expect((await school.ask("PATCH", path, { note: "Mine" })).body).toMatchObject({
    note: "Mine",
    ...goal("long_gone"),
  });
});

test("a declared field may have only user. before it, in actions and conditions too", async () => {
  await school.ask("POST", "/v1/profile-fields", { key: "dept", name: "Department", type: "text" });
  const { body } = await asked({
    only_if: { not: { type: "user.field_is", field: "user.dept", op: "is", value: "Sales" } },
    then: ["user.dept", "user.undeclared"].map((field) => ({ type: "user.set_field", field, value: "Sales" })),
  });
  expect(body).toMatchObject({
    only_if: { not: { field: "dept" } },
    then: [{ field: "dept" }, { field: "user.undeclared" }],
  });
});

test("an action writes the field that it names as facts do", async () => {
  const { body } = await asked({
    then: [{ type: "user.set_field", field: "user.fields.lvl", value: "9", on_error: "stop" }],
  });
  expect(body.then).toMatchObject([{ field: "lvl", on_error: "stop" }]);
  await school.event("custom.go", "anna");
  expect((await school.ask("GET", "/v1/users/anna")).body.fields).toEqual({ lvl: "9" });
});

test("a date that is waited for, and what members are grouped by, are the field that is named as facts do", async () => {
  const { body } = await asked({
    when: [{ type: "date.reached", field: "fields.due", at: "09:00" }],
    then: [
      {
        type: "branch",
        if: { type: "user.is_paying" },
        yes: [{ type: "wait", until_field: "user.fields.due" }],
        no: [],
      },
      { type: "wait", until_field: "event.due" },
    ],
  });
  expect(body).toMatchObject({
    when: [{ type: "date.reached", field: "due", at: "09:00" }],
    then: [{ yes: [{ until_field: "due" }] }, { until_field: "event.due" }],
  });
  await school.ask("POST", "/v1/profile-fields", { key: "team", name: "Team", type: "text" });
  const group = await school.ask("POST", "/v1/auto-groups", { course: "js", field: "fields.team" });
  expect([group.status, group.body.field]).toEqual([201, "team"]);
  expect((await school.ask("POST", "/v1/auto-groups", { course: "js", field: "team" })).status).toBe(409);
});
