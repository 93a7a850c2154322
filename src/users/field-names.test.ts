import { beforeAll, expect, test } from "vitest";
import { call, makeSchool, type TestSchool } from "../../test/workers/live";

/* No field is called __proto__: it would be taken and lost. Everywhere fields come in it is refused by its place. */

let school: TestSchool;

beforeAll(async () => {
  school = await makeSchool("test");
});

const user = (extra = "") => JSON.parse(`{"id": "anna", "fields": {"town": "Athens", "__proto__": "x"}${extra}}`);
const { id: _, ...attributes } = user();
const setting = (field: string) => ({
  name: "A",
  when: [{ type: "user.signed_in" }],
  then: [{ type: "user.set_field", field, value: "x" }],
});
const automation = setting("__proto__");

test.each([
  ["PUT", "/v1/users/anna", attributes, "/fields/__proto__"],
  ["POST", "/v1/events", { type: "user.signed_in", user: user() }, "/user/fields/__proto__"],
  ["POST", "/v1/automations", automation, "/then/0/field"],
  // What stands before a field's key is taken away before it is kept.
  ["POST", "/v1/automations", setting("fields.__proto__"), "/then/0/field"],
  ["POST", "/v1/automations", setting("user.fields.__proto__"), "/then/0/field"],
  ["PUT", "/v1/import", { automations: [{ id: "a1", ...automation }] }, "/automations/0/then/0/field"],
  ["POST", "/v1/profile-fields", { key: "__proto__", name: "F", type: "text" }, "/key"],
])("%s %s refuses it", async (method, path, body, place) => {
  const refused = await call(method, path, body, school.key);
  expect([refused.status, refused.body.errors]).toEqual([422, [{ path: place, message: expect.any(String) }]]);
  expect((await call("GET", "/v1/users/anna", undefined, school.key)).status).toBe(404);
});

test("in a batch it refuses the one event", async () => {
  const events = [
    { type: "user.signed_in", user: user() },
    { type: "user.signed_in", user: { id: "ben" } },
  ];
  const { body } = await call("POST", "/v1/events/batch", { events }, school.key);
  expect(body.results).toMatchObject([
    { status: 422, errors: [{ path: "/user/fields/__proto__" }] },
    { user: { id: "ben" } },
  ]);
});

test("an identify goes without it, which is told", async () => {
  const identify = { userId: "cleo", traits: attributes.fields, messageId: "m1" };
  expect((await call("POST", "/v1/identify", identify, school.key)).status).toBe(200);
  expect((await call("GET", "/v1/users/cleo", undefined, school.key)).body.fields).toEqual({ town: "Athens" });
  const { data } = (await call("GET", "/v1/unmapped", undefined, school.key)).body;
  expect(data).toMatchObject([{ format: "segment", path: "/traits/__proto__", message: expect.any(String) }]);
});

test("a webhook of LearnWorlds goes without it: refused, it would come again for days", async () => {
  const { hook_key: hookKey } = (await call("GET", "/v1/school", undefined, school.key)).body;
  const webhook = { version: 2, type: "userUpdated", trigger: "x", data: { user: { ...user(), username: "Anna" } } };
  expect((await call("POST", `/hooks/learnworlds/${hookKey}`, webhook)).status).toBe(200);
  expect((await call("GET", "/v1/users/anna", undefined, school.key)).body.fields).toEqual({ town: "Athens" });
});
