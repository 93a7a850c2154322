import { beforeEach, describe, expect, test } from "vitest";
import { createApp } from "../http/app";
import { routes } from "../http/routes";
import { call, newSchool } from "../http/test-client";

const app = createApp(routes);

let key: string;
const api = (method: string, path: string, body?: unknown) => call(app, method, path, body, { token: key });
const automation = async (more: Record<string, unknown>, active = true) => {
  const body = { name: "Names it", when: [{ type: "user.signed_up" }], then: [], reentry: "once", active, ...more };
  return (await api("POST", "/v1/automations", body)).body;
};
const warned = async (id: string): Promise<string[]> =>
  (await api("GET", `/v1/automations/${id}`)).body.warnings.flatMap(
    ({ code, message }: { code: string; message: string }) => (code === "unknown_reference" ? [message] : []),
  );

beforeEach(async () => {
  ({ key } = await newSchool(app));
  await api("POST", "/v1/segments", { id: "vips", name: "VIPs" });
  await api("POST", "/v1/profile-fields", { key: "ends", name: "Ends", type: "date" });
});

const not = { type: "segment.is_not_member", segments: ["vips"] };
const mail = { type: "email.user", subject: "Hi", body: "Hi" };
const match = { type: "match", on: "fields.ends", cases: [{ is: ["2026-01-31"], steps: [mail] }], else: [] };
const isSet = { type: "user.field_is", field: "ends", op: "is_not_empty" };

describe("what an active automation names is not deleted", () => {
  test.each<[string, string, Record<string, unknown>]>([
    ["a segment, a trigger", "segments/vips", { when: [{ type: "segment.joined", segments: ["vips"] }] }],
    ["a segment, a condition within others", "segments/vips", { only_if: { all: [{ any: [{ not: not }] }] } }],
    ["a segment, an exit", "segments/vips", { exit_if: not }],
    ["a segment, an action", "segments/vips", { then: [{ type: "segment.add", segments: ["vips"] }] }],
    ["a segment, a step inside", "segments/vips", { then: [{ type: "branch", if: not, yes: [mail], no: [] }] }],
    ["a field, a wait", "profile-fields/ends", { then: [{ type: "wait", until_field: "ends" }] }],
    ["a field, a condition", "profile-fields/ends", { only_if: isSet }],
    ["a field, an action", "profile-fields/ends", { then: [{ type: "user.set_field", field: "ends", value: "x" }] }],
    ["a field, a match", "profile-fields/ends", { then: [match] }],
    ["a field, a match inside", "profile-fields/ends", { then: [{ type: "repeat", times: 2, steps: [match] }] }],
    ["a field, its date", "profile-fields/ends", { when: [{ type: "date.reached", field: "ends" }] }],
    ["a field, a trigger", "profile-fields/ends", { when: [{ type: "user.updated", fields: ["fields.ends"] }] }],
  ])("%s", async (_, what, more) => {
    await automation(more);
    const refused = await api("DELETE", `/v1/${what}`);
    expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining('"Names it"')]);
  });
});

test("one without a list names none, a mention in a text is none, and an inactive one only tells", async () => {
  await automation({ when: [{ type: "segment.joined" }] });
  await automation({ then: [{ ...mail, subject: 'Hi "vips" of {{ user.fields.ends }}' }] });
  const { id } = await automation({ only_if: { all: [not, isSet] } }, false);
  expect(await warned(id)).toEqual([]);
  expect((await api("DELETE", "/v1/segments/vips")).status).toBeLessThan(300);
  expect((await api("DELETE", "/v1/profile-fields/ends")).status).toBeLessThan(300);
  expect(await warned(id)).toEqual(['There is no segment "vips".', 'The field "ends" was deleted.']);
  await api("POST", "/v1/profile-fields", { key: "ends", name: "Ends", type: "date" });
  expect(await warned(id)).toEqual(['There is no segment "vips".']);
});

test("a segment that was never there is told at save, and a field that nobody declared is a field like any other", async () => {
  const { id, warnings } = await automation({
    when: [{ type: "segment.joined", segments: ["vipz"] }],
    only_if: { ...isSet, field: "undeclared" },
  });
  expect(warnings).toContainEqual(expect.objectContaining({ code: "unknown_reference" }));
  expect(await warned(id)).toEqual(['There is no segment "vipz".']);
});
