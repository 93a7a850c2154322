import { beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../http/app";
import { routes } from "../http/routes";
import { call, env, newSchool } from "../http/test-client";
import { prepareJob } from "../jobs/start";
import { alignJob } from "../users/courses/align-job";
import { loadSchool } from "../world/snapshot";

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
    [{ key: "c", type: "lists" }, "/type"],
    [{ key: "c", type: "list", choices: ["a", "a"] }, "/choices"],
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

  test("have a category, which may be changed and taken away", async () => {
    const made = await api("POST", "/v1/profile-fields", { key: "team", name: "Team", type: "text", category: "Work" });
    expect([made.status, made.body.category]).toEqual([201, "Work"]);
    const changed = async (category: unknown) => {
      const { status, body } = await api("PATCH", "/v1/profile-fields/team", { category });
      return [status, body.category];
    };
    expect([await changed("Job"), await changed(null)]).toEqual([
      [200, "Job"],
      [200, null],
    ]);
    expect((await changed(""))[0]).toBe(422);
  });

  test("that rules use stay, and the refusal names the segments", async () => {
    await api("POST", "/v1/profile-fields", { key: "town", name: "Town", type: "text" });
    const where = [{ field: "town", op: "is", value: "Rome" }];
    const saidAfter = async (id: string, name: string) => {
      await api("POST", "/v1/segments", { id, name, managed: true });
      for (let n = 0; n < 2; n++) await api("POST", "/v1/segment-rules", { segment: id, match: "all", where });
      const { status, body } = await api("DELETE", "/v1/profile-fields/town");
      return [status, body.detail];
    };
    expect(await saidAfter("romans", "Romans")).toEqual([409, 'A rule of the segment "Romans" uses this field.']);
    expect(await saidAfter("locals", "Locals")).toEqual([409, 'Rules of segments use this field: "Locals", "Romans".']);
  });

  test("that an auto group uses stay, and the refusal names its course", async () => {
    await api("POST", "/v1/auto-groups", { course: "a", field: "city" });
    const refused = await api("DELETE", "/v1/profile-fields/city");
    expect([refused.status, refused.body.detail]).toEqual([409, 'The auto groups of the course "a" use this field.']);
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
    await env.DB.batch([
      env.DB.prepare("update schools set stamp = stamp + 1 where id = ?").bind(id),
      env.DB.prepare(
        "update segment_rules set clauses = replace(clauses, 'Athens', 'London') where school = ? and id = ?",
      ).bind(id, rule.id),
    ]);
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

describe("a sync", () => {
  const synced = async () => {
    const made = await school();
    const { api } = made;
    await api("POST", "/v1/segments", { id: "hand", name: "Hand" });
    for (const user of ["anna", "ben"]) {
      await api("PUT", `/v1/users/${user}`, {});
      await api("PUT", `/v1/segments/hand/members/${user}`);
    }
    const asked = { name: "S", segment: "hand", course: "c1", group: "g1" };
    const sync = (await api("POST", "/v1/segment-syncs", asked)).body;
    const anna = async () => {
      const { groups, enrolments } = (await api("GET", "/v1/users/anna")).body;
      return [groups, enrolments.map(({ product, role }: { product: string; role: string }) => [product, role])];
    };
    return { ...made, asked, sync, anna, path: `/v1/segment-syncs/${sync.id}` };
  };

  test("is edited, and its members move with it", async () => {
    const { api, sync, anna, path } = await synced();
    expect(await anna()).toEqual([["g1"], [["c1", "student"]]]);
    const edited = await api("PATCH", path, { group: "g2", role: "teacher", on_leave: "suspend" });
    expect([edited.status, edited.body]).toEqual([
      200,
      { ...sync, group: "g2", role: "teacher", on_leave: "suspend", job_id: expect.any(String) },
    ]);
    expect(await anna()).toEqual([["g2"], [["c1", "teacher"]]]);
    expect((await api("PATCH", path, { name: "T" })).body.job_id).toBeUndefined();
    expect((await api("PATCH", path, { course: "c2" })).status).toBe(422);
  });

  test("that enrols nobody keeps a group for those who are enrolled anyhow", async () => {
    const { api, anna, path } = await synced();
    expect((await api("PATCH", path, { enrol: false, group: null })).body.errors[0].path).toBe("/group");
    expect((await api("PATCH", path, { enrol: false })).body.enrol).toBe(false);
    expect(await anna()).toEqual([[], []]);
    await api("POST", "/v1/events", { type: "course.enrolled", user: { id: "anna" }, data: { course: "c1" } });
    expect(await anna()).toEqual([["g1"], [["c1", "student"]]]);
  });

  test("is there once: for a role where it enrols, for a group where it does not", async () => {
    const { api, asked, path } = await synced();
    expect((await api("POST", "/v1/segment-syncs", asked)).status).toBe(409);
    const other = await api("POST", "/v1/segment-syncs", { ...asked, role: "teacher" });
    expect([other.status, (await api("PATCH", path, { role: "teacher" })).status]).toEqual([201, 409]);
    const group = { ...asked, enrol: false };
    expect((await api("POST", "/v1/segment-syncs", group)).status).toBe(201);
    expect((await api("POST", "/v1/segment-syncs", { ...group, role: "teacher" })).status).toBe(409);
    expect((await api("POST", "/v1/segment-syncs", { ...group, group: "g2" })).status).toBe(201);
  });

  test("tells whom a change would move before it is made", async () => {
    const { api, path, anna } = await synced();
    const figures = {
      would_enrol: 0,
      would_unenrol: 0,
      would_change_role: 0,
      would_join_group: 0,
      would_leave_group: 0,
    };
    const preview = async (change: object) => (await api("PATCH", `${path}?dry_run=true`, change)).body;
    const expected = { ...figures, would_change_role: 2, would_join_group: 2, would_leave_group: 2, estimated: false };
    expect(await preview({ role: "teacher", group: "g2" })).toEqual(expected);
    expect(await preview({ enrol: false })).toMatchObject({ would_unenrol: 2, would_leave_group: 2 });
    expect(await anna()).toEqual([["g1"], [["c1", "student"]]]);
  });
});
