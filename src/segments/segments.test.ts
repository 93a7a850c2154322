import { beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../http/app";
import { routes } from "../http/routes";
import { call, env, newSchool } from "../http/test-client";
import { prepareJob } from "../jobs/start";
import { loadSchool } from "../world/snapshot";
import { alignJob } from "./align-job";

const app = createApp(routes);

type Api = (method: string, path: string, body?: unknown) => ReturnType<typeof call>;

const school = async () => {
  const { id, key } = await newSchool(app);
  const api: Api = (method, path, body) => call(app, method, path, body, { token: key });
  await api("POST", "/v1/profile-fields", { key: "city", name: "City", type: "text" });
  return { id, api };
};

const athens = [{ field: "city", op: "is", value: "Athens" }];

/** A managed segment of Athenians: anna is one, ben is not. */
const athenians = async () => {
  const made = await school();
  const { api } = made;
  await api("POST", "/v1/segments", { id: "seg", name: "Seg", managed: true });
  const rule = (await api("POST", "/v1/segment-rules", { segment: "seg", match: "all", where: athens })).body;
  await api("PUT", "/v1/users/anna", { fields: { city: "Athens" } });
  await api("PUT", "/v1/users/ben", { fields: { city: "London" } });
  const members = async () =>
    (await api("GET", "/v1/segments/seg/members")).body.data.map((user: { id: string }) => user.id);
  return { ...made, rule, members };
};

describe("profile fields", () => {
  let api: Api;
  beforeAll(async () => {
    ({ api } = await school());
  });

  test.each([
    [{ key: "__proto__", type: "text" }, "/key"],
    [{ key: "a b", type: "text" }, "/key"],
    [{ key: "email", type: "text" }, "/key"],
    [{ key: "c", type: "choice" }, "/choices"],
    [{ key: "c", type: "text", choices: ["a"] }, "/choices"],
    [{ key: "c", type: "choice", choices: ["a", "a"] }, "/choices"],
    [{ key: "c", type: "list" }, "/type"],
    [{ key: "c", type: "text", defualt: 1 }, "/defualt"],
  ])("%j is refused", async (field, path) => {
    const { status, body } = await api("POST", "/v1/profile-fields", { name: "N", ...field });
    expect([status, body.errors.map((fault: { path: string }) => fault.path)]).toEqual([422, [path]]);
  });

  test("are declared once, changed, and taken away", async () => {
    const made = await api("POST", "/v1/profile-fields", {
      key: "colour",
      name: "Colour",
      type: "choice",
      choices: ["red"],
    });
    expect([made.status, made.body.choices]).toEqual([201, ["red"]]);
    expect((await api("POST", "/v1/profile-fields", { key: "colour", name: "C", type: "text" })).status).toBe(409);
    const changed = await api("PATCH", "/v1/profile-fields/colour", { choices: ["red", "blue"] });
    expect(changed.body).toEqual({ ...made.body, choices: ["red", "blue"] });
    expect((await api("PUT", "/v1/users/anna", { fields: { colour: "blue" } })).status).toBe(200);
    expect((await api("PATCH", "/v1/profile-fields/colour", { type: "text" })).body).toMatchObject({
      type: "text",
      choices: null,
    });
    expect((await api("DELETE", "/v1/profile-fields/colour")).status).toBe(204);
    expect((await api("GET", "/v1/profile-fields/colour")).status).toBe(404);
  });

  test("that an auto group uses stay", async () => {
    await api("POST", "/v1/auto-groups", { course: "a", field: "city" });
    expect((await api("DELETE", "/v1/profile-fields/city")).status).toBe(409);
    expect((await api("POST", "/v1/auto-groups", { course: "a", field: "city" })).status).toBe(409);
    expect((await api("POST", "/v1/auto-groups", { course: "a", field: "nowhere" })).body.errors[0].path).toBe(
      "/field",
    );
  });
});

describe("rules", () => {
  test("say before they are saved who would join and leave", async () => {
    const { api, rule, members } = await athenians();
    const london = [{ field: "city", op: "is", value: "London" }];
    const asked = { segment: "seg", match: "all", where: london };
    const preview = await api("POST", "/v1/segment-rules?dry_run=true", asked);
    expect([preview.status, preview.body]).toEqual([200, { would_join: 1, would_leave: 0, estimated: false }]);
    const changed = await api("PATCH", `/v1/segment-rules/${rule.id}?dry_run=true`, { where: london });
    expect(changed.body).toEqual({ would_join: 1, would_leave: 1, estimated: false });
    expect(await members()).toEqual(["anna"]);
    expect((await api("GET", "/v1/segment-rules")).body.data).toHaveLength(1);
  });

  test("name every fault at its place", async () => {
    const { api } = await athenians();
    const where = [...athens, { field: "town", op: "is", value: "x" }, { field: "__proto__", op: "is", value: "x" }];
    const refused = await api("POST", "/v1/segment-rules", { segment: "seg", match: "all", where });
    expect(refused.body.errors.map((fault: { path: string }) => fault.path)).toEqual([
      "/where/1/field",
      "/where/2/field",
    ]);
    const nowhere = await api("POST", "/v1/segment-rules", { segment: "none", match: "all", where: athens });
    expect([nowhere.status, nowhere.body.errors[0].path]).toEqual([422, "/segment"]);
    expect((await api("POST", "/v1/segment-rules", { segment: "seg", match: "all", where: [] })).status).toBe(422);
  });

  test("start automations when told to fire", async () => {
    const { api, rule } = await athenians();
    const when = [{ type: "segment.left", segments: ["seg"] }];
    const { body } = await api("POST", "/v1/automations", {
      name: "a",
      when,
      then: [{ type: "tags.add", tags: ["left"] }],
      synchronous: true,
    });
    expect((await api("DELETE", `/v1/segment-rules/${rule.id}?fire=true`)).status).toBe(202);
    expect((await api("GET", `/v1/runs?automation=${body.id}`)).body.data).toHaveLength(1);
  });
});

describe("a managed segment", () => {
  test("shows where its members differ from its rules, and is mended", async () => {
    const { id, api, rule, members } = await athenians();
    // A rule that was changed behind the back of everybody.
    await env.DB.prepare(
      "update segment_rules set clauses = replace(clauses, 'Athens', 'London') where school = ? and id = ?",
    )
      .bind(id, rule.id)
      .run();
    await api("PATCH", "/v1/segments/seg", { name: "Londoners" });
    expect((await api("GET", "/v1/segments/seg/drift")).body).toEqual({
      missing: ["ben"],
      surplus: ["anna"],
      next_cursor: null,
    });
    expect((await api("POST", "/v1/segments/seg/reconcile")).status).toBe(202);
    expect([await members(), (await api("GET", "/v1/segments/seg/drift")).body]).toEqual([
      ["ben"],
      { missing: [], surplus: [], next_cursor: null },
    ]);
  });

  test("kept by hand has nothing to be mended by", async () => {
    const { api } = await school();
    await api("POST", "/v1/segments", { id: "hand", name: "Hand" });
    expect((await api("GET", "/v1/segments/hand/drift")).status).toBe(409);
    expect((await api("POST", "/v1/segments/hand/reconcile")).status).toBe(409);
    expect((await api("GET", "/v1/segments/none/drift")).status).toBe(404);
  });
});

describe("segments", () => {
  test("have an id of the school's or one of ours, once", async () => {
    const { api } = await school();
    const own = await api("POST", "/v1/segments", { id: "B2B / Sales", name: "Sales" });
    expect([own.status, own.body.id, own.body.managed]).toEqual([201, "B2B / Sales", false]);
    expect((await api("POST", "/v1/segments", { id: "B2B / Sales", name: "S" })).status).toBe(409);
    expect((await api("POST", "/v1/segments", { name: "S" })).body.id).toMatch(/^seg_/);
    expect((await api("GET", "/v1/segments/B2B%20%2F%20Sales")).body).toEqual(own.body);
  });

  test("take known users only by hand, and nobody twice", async () => {
    const { api } = await school();
    await api("POST", "/v1/segments", { id: "hand", name: "Hand" });
    expect((await api("PUT", "/v1/segments/hand/members/nobody")).status).toBe(404);
    expect((await api("PUT", "/v1/segments/none/members/anna")).status).toBe(404);
    await api("PUT", "/v1/users/anna", {});
    for (let time = 0; time < 2; time++) expect((await api("PUT", "/v1/segments/hand/members/anna")).status).toBe(204);
    expect((await api("GET", "/v1/segments/hand/members")).body.data).toHaveLength(1);
  });

  test("are made again only when the members of the one before are out", async () => {
    const { id, api } = await school();
    const found = await loadSchool(env, id);
    if (!found) throw new Error("no school");
    await (await prepareJob(env, found, alignJob, { dropSegment: "seg", fire: false })).statement;
    expect((await api("POST", "/v1/segments", { id: "seg", name: "S" })).status).toBe(409);
    expect((await api("POST", "/v1/segments", { id: "other", name: "S" })).status).toBe(201);
  });

  test("forget their members when they are deleted", async () => {
    const { api } = await school();
    await api("PUT", "/v1/users/anna", {});
    await api("POST", "/v1/segments", { id: "hand", name: "Hand" });
    await api("PUT", "/v1/segments/hand/members/anna");
    expect((await api("DELETE", "/v1/segments/hand")).status).toBe(204);
    expect((await api("POST", "/v1/segments", { id: "hand", name: "Hand" })).status).toBe(201);
    expect((await api("GET", "/v1/users/anna")).body.segments).toEqual([]);
    expect((await api("GET", "/v1/segments/hand/members")).body.data).toEqual([]);
  });

  test("leave a trace of who changed them", async () => {
    const { id, api } = await athenians();
    await api("PATCH", "/v1/segments/seg", { name: "T" });
    const { results } = await env.DB.prepare("select who, what from audit where school = ? order by id").bind(id).all();
    const whats = results.map((row) => row.what);
    expect(whats).toEqual(
      expect.arrayContaining(["profile_field.created", "segment.created", "segment_rule.created", "segment.changed"]),
    );
    expect(results.at(-1)?.who).toMatch(/^key:/);
  });
});
