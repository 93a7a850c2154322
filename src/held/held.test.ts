import { beforeEach, describe, expect, test } from "vitest";
import { type Furnished, furnishedSchool, PATHS, SALES, START } from "../../test/workers/furnished";
import { HELD_KINDS, type HeldKind } from "../db/deleting/held";

/* Deletes that are put off: what is held is there, gives nothing, and comes back whole, or ends at its moment. */

let school: Furnished;
beforeEach(async () => {
  school = await furnishedSchool();
});

const deleteAt = "2026-01-05T10:00:00.000Z";
const KINDS: readonly HeldKind[] = HELD_KINDS;

describe("what is held", () => {
  test.each(KINDS)("stands in no list of its kind but that of what is deleted, and says when: %s", async (kind) => {
    const before = await school.listed(kind);
    expect(await school.hold(kind)).toMatchObject({ status: 202, body: { at: deleteAt } });
    expect(await school.listed(kind)).toEqual(before.filter((id) => id !== school.ids[kind]));
    expect(await school.listed(kind, "&deleted=true")).toEqual([school.ids[kind]]);
    expect((await school.ask("GET", school.at(kind))).body.delete_at).toBe(deleteAt);
    const exported = (await school.ask("GET", "/v1/export")).text;
    expect(exported).not.toContain(JSON.stringify(school.ids[kind]));
  });

  test.each(KINDS)("comes back as it was, once: %s", async (kind) => {
    const before = (await school.ask("GET", school.at(kind))).body;
    const exported = (await school.ask("GET", "/v1/export")).body;
    await school.hold(kind);
    const restored = await school.restore(kind);
    expect(restored).toMatchObject({ status: 200, body: { created_at: before.created_at } });
    const { job_id: _, ...body } = restored.body;
    expect(body).toEqual(before);
    expect((await school.ask("GET", "/v1/export")).body).toEqual(exported);
    expect((await school.restore(kind)).status).toBe(409);
    expect((await school.school()).deletesAt).toBeNull();
  });

  test.each(KINDS)("is not changed, and holding it again is refused: %s", async (kind) => {
    await school.hold(kind);
    const body =
      kind === "segment_rule" ? { match: "any" } : kind === "auto_group" ? { active: false } : { name: "Other" };
    const refused = await school.ask("PATCH", school.at(kind), body);
    expect(refused.status).toBe(409);
    expect(refused.body.detail).toContain("to be deleted at 2026-01-05T10:00:00.000Z");
    expect(await school.hold(kind, "P1D")).toMatchObject({ status: 409 });
    expect((await school.ask("GET", school.at(kind))).body.delete_at).toBe(deleteAt);
  });

  test.each(KINDS)("is deleted at once by DELETE: %s", async (kind) => {
    await school.hold(kind, "P7D");
    expect((await school.ask("DELETE", school.at(kind))).status).toBeOneOf([202, 204]);
    expect((await school.ask("GET", school.at(kind))).status).toBe(404);
    expect((await school.school()).deletesAt).toBeNull();
  });

  test("keeps its id or key, and what it is about, taken", async () => {
    for (const kind of KINDS) await school.hold(kind);
    const makes: [HeldKind, unknown][] = [
      ["segment", { id: "chosen", name: "Again" }],
      ["profile_field", { key: "spare", name: "Again", type: "text" }],
      ["segment_sync", { name: "Again", segment: "sellers", course: "c1" }],
      ["auto_group", { course: "c1", field: "department" }],
    ];
    for (const [kind, body] of makes) {
      const refused = await school.ask("POST", PATHS[kind], body);
      expect([refused.status, refused.body.detail], kind).toEqual([
        409,
        expect.stringContaining("is to be deleted at"),
      ]);
    }
  });
});

test("it can be held for seven days and no longer, for a time that is one", async () => {
  for (const hold of ["P8D", "PT0S", "soon", "P7DT1S"]) {
    const refused = await school.hold("automation", hold);
    expect([refused.status, refused.body.errors?.[0]?.path], hold).toEqual([422, "/hold"]);
  }
  expect((await school.hold("automation", "P7D")).status).toBe(202);
});

describe("at its moment", () => {
  test.each(KINDS)("it is gone as by DELETE, and what came behind it is later: %s", async (kind) => {
    const other = await furnishedSchool();
    await school.hold(kind);
    await school.advance("P1D");
    await other.ask("DELETE", other.at(kind));
    await other.advance("P1D");
    expect((await school.ask("GET", school.at(kind))).status).toBe(404);
    for (const user of ["anna", "ben"])
      expect(withoutIds(await school.user(user))).toEqual(withoutIds(await other.user(user)));
    expect((await school.school()).deletesAt).toBeNull();
    const [last] = (await school.ask("GET", `/v1/audit?order=desc&what=${kind}.deleted`)).body.data;
    expect(last).toMatchObject({ who: "system", subject: school.ids[kind] });
  });

  test("a live run ends then, and not before", async () => {
    await school.event("tag.added", "anna", { tag: ["vip"] });
    expect(await school.hold("automation", "P1D")).toMatchObject({ body: { runs: 1, users: 1, at_least: [] } });
    expect(await school.advance("P3D")).toBe("2026-01-08T09:00:00.000Z");
    const [run] = (await school.ask("GET", "/v1/runs?user=anna")).body.data;
    expect(run).toMatchObject({ status: "exited", reason: "deleted", ended_at: "2026-01-06T09:00:00.000Z" });
  });

  test("several end in their order, each at its own", async () => {
    for (const [index, kind] of KINDS.entries()) await school.hold(kind, `PT${KINDS.length - index}H`);
    await school.advance("PT1H");
    expect((await school.ask("GET", school.at("profile_field"))).status).toBe(404);
    expect((await school.ask("GET", school.at("segment_rule"))).status).toBe(200);
    await school.advance("PT5H");
    for (const kind of KINDS) expect((await school.ask("GET", school.at(kind))).status, kind).toBe(404);
  });
});

/** What was made in another school has other ids. */
const withoutIds = (user: { givers?: unknown }): unknown =>
  JSON.parse(JSON.stringify({ ...user, givers: null }).replaceAll(/(sync|auto):\w+/g, "$1"));

describe("while it is held", () => {
  test("an automation starts nothing and its runs wait; restored they go on, and nothing missed is started", async () => {
    await school.event("tag.added", "anna", { tag: ["vip"] });
    await school.advance("PT0S");
    await school.hold("automation", "P7D");
    await school.event("tag.added", "ben", { tag: ["vip"] });
    await school.advance("P3D");
    const runs = async () => (await school.ask("GET", `${school.at("automation")}/runs`)).body.data;
    expect(await runs()).toMatchObject([{ user_id: "anna", status: "held" }]);
    expect(await school.restore("automation")).toMatchObject({ status: 200, body: { active: true, run_count: 1 } });
    await school.advance("PT0S");
    expect(await runs()).toMatchObject([{ user_id: "anna", status: "completed" }]);
    expect((await school.user("anna")).tags).toEqual(["vip", "warm"]);
  });

  test("runs exit as ever, and nobody is enrolled by hand", async () => {
    await school.event("tag.added", "anna", { tag: ["vip"] });
    await school.hold("automation");
    await school.event("tag.added", "anna", { tag: ["stop"] });
    expect((await school.ask("GET", "/v1/runs?user=anna")).body.data).toMatchObject([
      { status: "exited", reason: "exit_when" },
    ]);
    expect((await school.ask("POST", `${school.at("automation")}/enrol`, { all: true })).status).toBe(409);
  });

  test("a rule takes in and takes out nobody", async () => {
    await school.hold("segment_rule");
    await school.put("anna", "IT");
    await school.put("ben", "Sales");
    const segments = async (user: string) => (await school.user(user)).segments.toSorted();
    expect([await segments("anna"), await segments("ben")]).toEqual([["chosen", "sellers"], []]);
    await school.restore("segment_rule");
    await school.advance("PT0S");
    expect([await segments("anna"), await segments("ben")]).toEqual([["chosen"], ["sellers"]]);
  });

  test("a sync enrols nobody and keeps who is enrolled, but for who leaves the segment", async () => {
    const courses = async (user: string) =>
      (await school.user(user)).enrolments.map((one: { product: string }) => one.product);
    await school.put("carl", "Sales");
    await school.hold("segment_sync");
    await school.put("ben", "Sales");
    await school.put("carl", "IT");
    expect([await courses("anna"), await courses("ben"), await courses("carl")]).toEqual([["c1"], [], []]);
    await school.restore("segment_sync");
    await school.advance("PT0S");
    expect([await courses("anna"), await courses("ben")]).toEqual([["c1"], ["c1"]]);
  });

  test("nobody joins a segment that is kept by hand, by hand or by an action; who leaves, leaves", async () => {
    await school.hold("segment");
    expect((await school.ask("PUT", "/v1/segments/chosen/members/ben")).status).toBe(409);
    expect((await school.ask("DELETE", "/v1/segments/chosen/members/anna")).status).toBe(204);
    expect((await school.user("anna")).segments).toEqual(["sellers"]);
  });
});

describe("what is to be deleted is named by nobody anew", () => {
  const namesChosen = (then: unknown[]) => ({ name: "N", when: [{ type: "tag.added", tags: ["new"] }], then });
  const adds = [{ type: "segment.add", segments: ["chosen"] }];

  test("by an automation", async () => {
    const off = await school.automation({ ...namesChosen(adds), active: false });
    const on = await school.automation({ ...namesChosen([]) });
    const held = await school.hold("segment");
    expect(held).toMatchObject({ status: 202, body: { users: 1, automations: [{ id: off, name: "N" }] } });
    const refusals = [
      await school.ask("POST", "/v1/automations", namesChosen(adds)),
      await school.ask("PATCH", `/v1/automations/${on}`, { then: adds }),
      await school.ask("PATCH", `/v1/automations/${off}`, { active: true }),
      await school.ask("POST", `/v1/automations/${off}/duplicate`),
    ];
    for (const { status, body } of refusals)
      expect([status, body.errors]).toEqual([
        422,
        [{ path: "/then/0/segments", message: expect.stringContaining('segment "chosen" is to be deleted') }],
      ]);
    const goal = { type: "segment.joined", segments: ["chosen"] };
    const aimed = await school.ask("POST", "/v1/automations", { ...namesChosen([]), goal });
    expect([aimed.status, aimed.body.errors?.[0]?.path]).toEqual([422, "/goal/segments"]);
    expect((await school.ask("PATCH", `/v1/automations/${off}`, { name: "Still" })).status).toBe(200);
  });

  test("by a rule, a sync or an auto group", async () => {
    await school.hold("segment");
    await school.hold("profile_field");
    const spare = { field: "spare", op: "is", value: "x" };
    const asked: [string, unknown, string][] = [
      ["/v1/segment-rules", { segment: "chosen", match: "all", where: [SALES] }, "/segment"],
      ["/v1/segment-rules", { segment: "sellers", match: "all", where: [SALES, spare] }, "/where/1/field"],
      ["/v1/segment-syncs", { name: "N", segment: "chosen", course: "c2" }, "/segment"],
      ["/v1/auto-groups", { course: "c2", field: "spare" }, "/field"],
    ];
    for (const [path, body, place] of asked) {
      const refused = await school.ask("POST", path, body);
      expect([refused.status, refused.body.errors?.[0]?.path, refused.body.detail], place).toEqual([
        422,
        place,
        expect.stringContaining("is to be deleted at"),
      ]);
    }
  });

  test("what is in use is not held, but by what goes no later", async () => {
    const sellers = "/v1/segments/sellers";
    expect((await school.ask("DELETE", `${sellers}?hold=PT1H`)).status).toBe(409);
    expect((await school.ask("DELETE", `${sellers}?dry_run=true`)).status).toBe(409);
    await school.hold("segment_sync", "PT2H");
    expect((await school.ask("DELETE", `${sellers}?hold=PT1H`)).status).toBe(409);
    expect(await school.ask("DELETE", `${sellers}?hold=PT2H`)).toMatchObject({
      status: 202,
      body: { rules: 1, users: 1 },
    });
    const refused = await school.restore("segment_sync");
    expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining('segment "sellers"')]);
    await school.advance("PT2H");
    for (const path of [sellers, school.at("segment_sync"), school.at("segment_rule")])
      expect((await school.ask("GET", path)).status, path).toBe(404);
    expect(await school.user("anna")).toMatchObject({ segments: ["chosen"], enrolments: [] });
  });

  test("a segment takes its rules along, both ways", async () => {
    await school.ask("DELETE", school.at("segment_sync"));
    expect((await school.ask("DELETE", "/v1/segments/sellers?hold=PT1H")).status).toBe(202);
    expect(await school.listed("segment_rule")).toEqual([]);
    expect((await school.restore("segment_rule")).status).toBe(409);
    await school.put("ben", "Sales");
    expect((await school.ask("POST", "/v1/segments/sellers/restore")).status).toBe(200);
    expect(await school.listed("segment_rule")).toEqual([school.ids.segment_rule]);
    await school.advance("PT0S");
    expect((await school.user("ben")).segments).toEqual(["sellers"]);
  });
});

describe("a dry run", () => {
  test.each(KINDS)("tells what would follow, and changes nothing: %s", async (kind) => {
    const now = await school.ask("DELETE", `${school.at(kind)}?dry_run=true`);
    expect(now).toMatchObject({ status: 200, body: { at: START } });
    const later = await school.ask("DELETE", `${school.at(kind)}?dry_run=true&hold=PT1H`);
    expect(later.body).toEqual({ ...now.body, at: deleteAt });
    expect(await school.listed(kind)).toContain(school.ids[kind]);
    expect((await school.hold(kind)).body).toEqual(later.body);
  });

  test("counts whom a rule, a sync and an auto group would take something from", async () => {
    const figures = async (kind: HeldKind) => (await school.ask("DELETE", `${school.at(kind)}?dry_run=true`)).body;
    expect(await figures("segment_rule")).toMatchObject({ users: 1, enrolments: 1, groups: 2, estimated: false });
    expect(await figures("segment_sync")).toMatchObject({ users: 1, enrolments: 1, groups: 2 });
    expect(await figures("auto_group")).toMatchObject({ users: 1, enrolments: 0, groups: 1 });
    expect(await figures("segment")).toMatchObject({ users: 1, rules: 0 });
    expect(await figures("profile_field")).toMatchObject({ users: 0 });
  });
});
