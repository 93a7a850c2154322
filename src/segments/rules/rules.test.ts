import { describe, expect, test } from "vitest";
import { createApp } from "../../http/app";
import { routes } from "../../http/routes";
import { call, env, PLATFORM } from "../../http/test-client";

const app = createApp(routes);

/** A test school whose segment `seg` is managed. */
const school = async () => {
  const asked = { name: "S", mode: "test", now: "2026-01-05T09:00:00.000Z" };
  const made = (await call(app, "POST", "/v1/schools", asked, { token: PLATFORM })).body;
  const [id, key] = [made.school.id as string, made.api_key as string];
  const api = (method: string, path: string, body?: unknown) => call(app, method, path, body, { token: key });
  await api("POST", "/v1/segments", { id: "seg", name: "Seg", managed: true });
  const rule = (...where: object[]) => api("POST", "/v1/segment-rules", { segment: "seg", match: "all", where });
  const members = async (): Promise<string[]> =>
    (await api("GET", "/v1/segments/seg/members")).body.data.map((user: { id: string }) => user.id);
  const event = (type: string, user: string, data: object = {}) =>
    api("POST", "/v1/events", { type, user: { id: user }, data });
  return { id, api, rule, members, event };
};

describe("a rule on what users have", () => {
  test("takes in who is there, and follows what comes", async () => {
    const { rule, members, event, api } = await school();
    await event("tag.added", "anna", { tag: "VIP" });
    await event("tag.added", "ben", { tag: "b" });
    expect((await rule({ field: "tags", op: "is", value: "vip" })).status).toBe(201);
    expect(await members()).toEqual(["anna"]);
    const { facts, user } = (await event("tag.added", "ben", { tag: "vip" })).body;
    expect(facts.map((fact: { type: string }) => fact.type)).toEqual(["tag.added", "segment.joined"]);
    expect(user.segments).toEqual(["seg"]);
    await event("tag.removed", "anna", { tag: "vip" });
    expect(await members()).toEqual(["ben"]);
    expect((await api("GET", "/v1/segments/seg/drift")).body).toMatchObject({ missing: [], surplus: [] });
  });

  test("asks a list what it has, and nothing else", async () => {
    const { rule } = await school();
    const faults = async (clause: object) =>
      ((await rule(clause)).body.errors ?? []).map(({ path }: { path: string }) => path);
    expect(await faults({ field: "tags", op: "contains", value: "v" })).toEqual(["/where/0/op"]);
    expect(await faults({ field: "enrolled", op: "is", value: 7 })).toEqual(["/where/0/value"]);
    expect(await faults({ field: "completed", op: "in", value: "c" })).toEqual(["/where/0/value"]);
    expect(await faults({ field: "last_seen", op: "before", value: "P30X" })).toEqual(["/where/0/value"]);
    expect(await faults({ field: "completed", op: "is_not_empty" })).toEqual([]);
  });

  test("means a field of its name that the school had declared before there was such a rule", async () => {
    const { id, api, rule, members } = await school();
    expect((await api("POST", "/v1/profile-fields", { key: "tags", name: "T", type: "text" })).body.errors).toEqual([
      expect.objectContaining({ path: "/key" }),
    ]);
    await api("POST", "/v1/profile-fields", { key: "labels", name: "T", type: "text" });
    await env.DB.prepare("update profile_fields set key = 'tags' where school = ?").bind(id).run();
    await api("PUT", "/v1/users/anna", { fields: { tags: "vip" } });
    await rule({ field: "tags", op: "is", value: "vip" });
    expect(await members()).toEqual(["anna"]);
  });
});

test("a rule on what its own segment's sync gives is warned of", async () => {
  const { api, rule } = await school();
  await api("POST", "/v1/segment-syncs", { name: "S", segment: "seg", course: "c", role: "student" });
  const codes = ({ body }: { body: { warnings?: { code: string }[] } }) =>
    (body.warnings ?? []).map(({ code }) => code);
  const made = await rule({ field: "enrolled", op: "is_not", value: "c" });
  expect(codes(made)).toEqual(["cycle"]);
  const path = `/v1/segment-rules/${made.body.id}`;
  const other = { where: [{ field: "enrolled", op: "is", value: "other" }] };
  expect(codes(await api("PATCH", `${path}?dry_run=true`, other))).toEqual([]);
  expect(codes(await api("PATCH", path, { where: [{ field: "enrolled", op: "is_empty" }] }))).toEqual(["cycle"]);
});

test("a ring of syncs and rules is warned of with its path, at whichever of them is saved, and by dry runs", async () => {
  const { api, rule } = await school();
  const messages = ({ body }: { body: { warnings?: { message: string }[] } }) =>
    (body.warnings ?? []).map(({ message }) => message);
  await api("POST", "/v1/segments", { id: "b2b", name: "Firms", managed: true });
  const sync = (segment: string, course: string) =>
    api("POST", "/v1/segment-syncs", { name: `To ${course}`, segment, course, role: "student" });
  const made = await sync("seg", "c1");
  expect(messages(made)).toEqual([]);
  const asks = { segment: "b2b", match: "all", where: [{ field: "enrolled", op: "is", value: "c1" }] };
  expect(messages(await api("POST", "/v1/segment-rules", asks))).toEqual([]);
  expect(messages(await rule({ field: "enrolled", op: "in", value: ["c2", "c9"] }))).toEqual([]);
  // What closes it.
  const path =
    /ring: the segment "Firms" enrols in "c2" by the sync "To c2", asked for by a rule of ".*", which enrols in "c1" by the sync "To c1", asked for by a rule of "Firms"/;
  const closing = await sync("b2b", "c2");
  expect(messages(closing)).toEqual([expect.stringMatching(path)]);
  expect(messages(await api("PATCH", `/v1/segment-syncs/${closing.body.id}?dry_run=true`, {}))).toHaveLength(1);
  expect(messages(await api("PATCH", `/v1/segment-syncs/${made.body.id}`, { name: "Other" }))).toHaveLength(1);
  // One that enrols nobody opens it.
  const grouped = { enrol: false, group: "g" };
  expect(messages(await api("PATCH", `/v1/segment-syncs/${closing.body.id}?dry_run=true`, grouped))).toEqual([]);
  expect(messages(await api("PATCH", `/v1/segment-syncs/${closing.body.id}`, grouped))).toEqual([]);
  expect(messages(await api("POST", "/v1/segment-rules?dry_run=true", asks))).toEqual([]);
});

test("a rule that time turns reaches users of whom nothing is heard", async () => {
  const { api, rule, members, event } = await school();
  await event("school.visited", "anna");
  const asked = { segment: "seg", match: "all", where: [{ field: "last_seen", op: "before", value: "-P30D" }] };
  expect((await api("POST", "/v1/segment-rules?dry_run=true", asked)).body.would_join).toBe(0);
  await rule(...asked.where);
  const { body } = await api("POST", "/v1/automations", {
    name: "Away",
    when: [{ type: "segment.joined", segments: ["seg"] }],
    then: [{ type: "tags.add", tags: ["away"] }],
    synchronous: true,
  });
  await api("POST", "/v1/test-clock", { advance: "P29D" });
  expect(await members()).toEqual([]);
  await api("POST", "/v1/test-clock", { advance: "P2D" });
  expect(await members()).toEqual(["anna"]);
  const [run] = (await api("GET", `/v1/runs?automation=${body.id}`)).body.data;
  expect(run.started_at).toBe("2026-02-04T09:00:00.001Z");
  await event("school.visited", "anna");
  expect(await members()).toEqual([]);
});

test("an automation whose field brings learners back into its segment is warned of, until the rule asks for something else", async () => {
  const { api, rule } = await school();
  await api("POST", "/v1/profile-fields", { key: "lvl", name: "Level", type: "text" });
  const made = await rule({ field: "lvl", op: "is", value: "gold" });
  const when = [{ type: "segment.joined", segments: ["seg"] }];
  const then = ["silver", "gold"].map((value) => ({ type: "user.set_field", field: "lvl", value }));
  const automation = (await api("POST", "/v1/automations", { name: "A", when, then })).body;
  expect(automation.warnings).toMatchObject([{ code: "cycle", automations: [automation.id], segments: ["seg"] }]);
  await api("PATCH", `/v1/segment-rules/${made.body.id}`, { where: [{ field: "lvl", op: "is", value: "bronze" }] });
  expect((await api("GET", `/v1/automations/${automation.id}`)).body.warnings).toEqual([]);
});
