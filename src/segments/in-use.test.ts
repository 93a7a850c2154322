import { beforeEach, describe, expect, test } from "vitest";
import { fillNamed } from "../automations/finding/sought-fill";
import { createApp } from "../http/app";
import { routes } from "../http/routes";
import { call, env, newSchool } from "../http/test-client";

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
    ["a segment, a goal", "segments/vips", { goal: { type: "segment.joined", segments: ["vips"] } }],
    ["a field, a goal", "profile-fields/ends", { goal: { type: "user.updated", fields: ["fields.ends"] } }],
    ["a field, a trigger", "profile-fields/ends", { when: [{ type: "user.updated", fields: ["fields.ends"] }] }],
  ])("%s", async (_, what, more) => {
    await automation(more);
    const refused = await api("DELETE", `/v1/${what}`);
    expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining('"Names it"')]);
  });
});

describe("what a release before wrote", () => {
  const uses = async (id: string) =>
    (await env.DB.prepare("select kind, id from uses where by_id = ? order by kind").bind(id).all()).results;
  const refused = async (what: string) => (await api("DELETE", `/v1/${what}?dry_run=true`)).status;
  const named = (id: string) =>
    env.DB.prepare("select named from automations where id = ?").bind(id).first<string>("named");

  test("is looked through as it stands until the hour's round knows what it names", async () => {
    const goal = { type: "user.updated", fields: ["fields.ends"] };
    const { id } = await automation({ only_if: not, goal });
    const both = [
      { kind: "field", id: "ends" },
      { kind: "segment", id: "vips" },
    ];
    expect(await uses(id)).toEqual(both);
    await env.DB.prepare("update automations set named = null where id = ?").bind(id).run();
    expect(await uses(id)).toEqual([]);
    expect([await refused("segments/vips"), await refused("profile-fields/ends")]).toEqual([409, 409]);
    while ((await named(id)) === null) await fillNamed(env);
    expect(await uses(id)).toEqual(both);
    expect([await refused("segments/vips"), await refused("profile-fields/ends")]).toEqual([409, 409]);
  });

  test("over what is known makes that unknown, and what is written anew or gone names what it then does", async () => {
    const { id } = await automation({ only_if: not });
    await env.DB.prepare("update automations set definition = replace(definition, 'vips', 'others') where id = ?")
      .bind(id)
      .run();
    expect([await named(id), await uses(id)]).toEqual([null, []]);
    expect(await refused("segments/vips")).toBe(200);
    await api("PATCH", `/v1/automations/${id}`, { goal: { type: "segment.joined", segments: ["vips"] } });
    await env.DB.prepare("update automations set goal = null where id = ?").bind(id).run();
    expect([await named(id), await uses(id)]).toEqual([null, []]);
    await api("PATCH", `/v1/automations/${id}`, { only_if: isSet });
    expect(await uses(id)).toEqual([{ kind: "field", id: "ends" }]);
    await api("DELETE", `/v1/automations/${id}`);
    expect(await uses(id)).toEqual([]);
  });

  test("of rules is known by the rules themselves", async () => {
    const where = [
      { field: "ends", op: "is_not_empty" },
      { field: "email", op: "is_not_empty" },
    ];
    const { id } = (await api("POST", "/v1/segment-rules", { segment: "vips", match: "all", where })).body;
    expect(await uses(id)).toHaveLength(2);
    await env.DB.prepare("update segment_rules set clauses = json_remove(clauses, '$[1]') where id = ?").bind(id).run();
    expect(await uses(id)).toEqual([{ kind: "field", id: "ends" }]);
    expect(await refused("profile-fields/ends")).toBe(409);
    await env.DB.prepare("delete from segment_rules where id = ?").bind(id).run();
    expect([await uses(id), await refused("profile-fields/ends")]).toEqual([[], 200]);
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
