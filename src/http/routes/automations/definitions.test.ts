import { describe, expect, test } from "vitest";
import { createApp } from "../../app";
import { call, env, newSchool } from "../../test-client";
import { routes } from "../index";

const app = createApp(routes);

const school = async () => {
  const { id, key } = await newSchool(app);
  const api = (method: string, path: string, body?: unknown) => call(app, method, path, body, { token: key });
  return {
    id,
    api,
    put: (body: unknown, query = "") => api("PUT", `/v1/import${query}`, body),
    exported: async () => (await api("GET", "/v1/export")).body,
  };
};

const everything = {
  schoolbell: 1,
  profile_fields: [
    { key: "department", name: "Department", type: "text", choices: null },
    { key: "size", name: "Size", type: "choice", choices: ["S", "L"] },
  ],
  segments: [{ id: "sales", name: "Sales", managed: true }],
  segment_rules: [
    { id: "rul_1", segment: "sales", match: "all", where: [{ field: "department", op: "is", value: "Sales" }] },
  ],
  segment_syncs: [
    {
      id: "syn_1",
      name: "Training",
      active: true,
      segment: "sales",
      course: "training",
      role: "student",
      group: null,
      on_leave: "unenrol",
    },
  ],
  auto_groups: [{ id: "agr_1", course: "training", field: "department", active: true }],
  automations: [
    {
      id: "aut_1",
      name: "Welcome",
      active: true,
      when: [{ type: "segment.joined", segments: ["sales"] }],
      then: [{ type: "tags.add", tags: ["new"] }],
    },
  ],
};
const KINDS = ["profile_fields", "segments", "segment_rules", "segment_syncs", "auto_groups", "automations"];
const byKind = <T>(of: (kind: string) => T) => Object.fromEntries(KINDS.map((kind) => [kind, of(kind)]));
const places = (answer: { body: { errors?: { path: string }[] } }) => answer.body.errors?.map((one) => one.path).sort();

test("what is imported is exported, and again is no change", async () => {
  const { put, exported } = await school();
  const first = await put(everything);
  expect(first.status).toBe(200);
  expect(first.body).toMatchObject({ dry_run: false, job_id: expect.stringMatching(/^job_/), same: byKind(() => 0) });
  expect(first.body.create).toMatchObject({ profile_fields: ["department", "size"], automations: ["aut_1"] });
  const document = await exported();
  expect(document).toMatchObject(everything);
  const again = await put(document);
  expect(again.body).toMatchObject({
    create: byKind(() => []),
    change: byKind(() => []),
    same: { ...byKind(() => 1), profile_fields: 2 },
  });
  expect(again.body.job_id).toBeUndefined();
  expect(await exported()).toEqual(document);
});

test("users who were there are brought in line by the job, without starting automations", async () => {
  const { api, put } = await school();
  await api("PUT", "/v1/users/anna", { fields: { department: "Sales" } });
  const { job_id: job } = (await put(everything)).body;
  for (let tries = 0; tries < 50 && (await api("GET", `/v1/jobs/${job}`)).body.status !== "done"; tries++);
  const { body: anna } = await api("GET", "/v1/users/anna");
  expect([anna.segments, anna.groups, anna.tags]).toEqual([["sales"], ["training:Sales"], []]);
  expect(anna.enrolments[0]).toMatchObject({ product: "training", sources: ["sync:syn_1"] });
});

test("a dry run tells the difference and writes nothing", async () => {
  const { put, exported } = await school();
  await put({ ...everything, automations: [] });
  const before = await exported();
  const [segment] = everything.segments;
  const told = await put(
    { automations: everything.automations, segments: [{ ...segment, name: "Seller" }] },
    "?dry_run=true",
  );
  expect(told.body).toMatchObject({
    dry_run: true,
    create: { automations: ["aut_1"] },
    change: { segments: ["sales"] },
  });
  expect(await exported()).toEqual(before);
});

test("what is changed makes a version only where its definition is another; being made active counts from now", async () => {
  const { api, put } = await school();
  const [automation] = everything.automations;
  await put({ ...everything, automations: [{ ...automation, active: false }] });
  const version = async () => (await api("GET", "/v1/automations/aut_1")).body;
  await put({ automations: [{ ...automation, name: "Renamed" }] });
  expect(await version()).toMatchObject({ name: "Renamed", active: true, version: 1 });
  await put({ automations: [{ ...automation, then: [] }] });
  expect(await version()).toMatchObject({ name: "Welcome", version: 2 });
  expect((await api("GET", "/v1/automations/aut_1/versions")).body.data).toHaveLength(2);
});

test("every fault has its place, and nothing is written", async () => {
  const { put, exported } = await school();
  const [rule] = everything.segment_rules;
  const [sync] = everything.segment_syncs;
  const [automation] = everything.automations;
  const broken = {
    ...everything,
    profile_fields: [
      { key: "email", name: "Email", type: "text" },
      { key: "size", name: "Size", type: "choice" },
    ],
    segment_rules: [rule, { ...rule, id: "rul_2", segment: "nowhere" }],
    segments: [...everything.segments, ...everything.segments],
    segment_syncs: [sync, { ...sync, id: "syn_2" }],
    automations: [automation, { ...automation, id: "aut_2", then: [{ type: "tags.ad" }] }],
  };
  expect(places(await put(broken))).toEqual([
    "/auto_groups/0/field",
    "/automations/1/then/0/type",
    "/profile_fields/0/key",
    "/profile_fields/1/choices",
    "/segment_rules/0/where/0/field",
    "/segment_rules/1/segment",
    "/segment_rules/1/where/0/field",
    "/segment_syncs/1",
    "/segments/1",
  ]);
  expect(places(await put({ automations: [{ name: "no id" }], segmnets: [] }))).toEqual([
    "/automations/0/id",
    "/segmnets",
  ]);
  expect(await exported()).toMatchObject(byKind(() => []));
});

test("a sync and an auto group keep what users were given by", async () => {
  const { put } = await school();
  await put(everything);
  const [sync] = everything.segment_syncs;
  const [group] = everything.auto_groups;
  const moved = { segment_syncs: [{ ...sync, course: "other" }], auto_groups: [{ ...group, field: "size" }] };
  expect(places(await put(moved))).toEqual(["/auto_groups/0/field", "/segment_syncs/0/course"]);
});

test("an automation that was deleted is made again by its export, with versions that go on", async () => {
  const { api, put, exported } = await school();
  await put(everything);
  const before = await exported();
  expect((await api("DELETE", "/v1/automations/aut_1")).status).toBe(204);
  expect(await put(before)).toMatchObject({ status: 200, body: { create: { automations: ["aut_1"] } } });
  expect((await exported()).automations).toEqual(before.automations);
  expect((await api("GET", "/v1/automations/aut_1")).body).toMatchObject({ version: 2, active: true, run_count: 0 });
});

test("a dry run shows each field that changes, the live runs it touches, what is warned of, and what a prune would take", async () => {
  const { api, put } = await school();
  await put(everything);
  const waiting = {
    id: "aut_2",
    name: "Waiting",
    when: [{ type: "user.signed_in" }],
    then: [{ id: "s1", type: "wait", for: "P2D" }],
  };
  await put({ automations: [waiting] });
  await api("POST", "/v1/events", { type: "user.signed_in", user: { id: "anna" } });
  await api("POST", "/v1/test-clock", { advance: "PT0S" });
  const exits = { ...waiting, then: [{ type: "exit" }, { id: "s1", type: "wait", for: "P3D" }] };
  const { body } = await put({ automations: [exits], segment_rules: [] }, "?dry_run=true");
  expect(body).toMatchObject({
    change: { automations: ["aut_2"] },
    remove: { ...byKind(() => []), automations: ["aut_1"], segment_rules: ["rul_1"] },
    plan: expect.stringMatching(/^plan_/),
    cut: false,
  });
  const [rule, changed, removed] = body.differences;
  expect(rule).toEqual({ kind: "segment_rules", id: "rul_1", name: "rul_1", does: "remove" });
  expect(changed).toMatchObject({ id: "aut_2", does: "change", live_runs: { total: 1, steps: { s1: 1 } } });
  expect(changed.fields).toEqual([
    { path: "/then/s1/for", before: "P2D", after: "P3D" },
    { path: "/then/s2", after: { id: "s2", type: "exit" } },
  ]);
  expect(removed).toMatchObject({ id: "aut_1", name: "Welcome", does: "remove", live_runs: { total: 0, steps: {} } });
  const [segment] = (await put({ segments: [] }, "?dry_run=true")).body.differences;
  expect(segment).toMatchObject({ kind: "segments", id: "sales", name: "Sales", does: "remove" });
  expect(body.warnings).toMatchObject([
    { id: "aut_2", code: "unreachable" },
    { id: "aut_2", code: "waits_without_reentry_limit" },
  ]);
});

describe("pruning", () => {
  const planned = async ({ put }: { put: (body: unknown, query: string) => ReturnType<typeof call> }, body: unknown) =>
    (await put(body, "?dry_run=true")).body.plan as string;

  test("takes a plan, and does just that or nothing", async () => {
    const it = await school();
    await it.put(everything);
    const [automation] = everything.automations;
    const given = { automations: [{ ...automation, id: "aut_2" }] };
    expect(places(await it.put(given, "?prune=true"))).toEqual(["/plan"]);
    const plan = await planned(it, given);
    expect((await it.put({ automations: [] }, `?prune=true&plan=${plan}`)).status).toBe(409);
    await it.put({ automations: [{ ...automation, name: "Meanwhile" }] });
    expect((await it.put(given, `?prune=true&plan=${plan}`)).status).toBe(409);
    expect((await it.put(given, `?plan=${plan}`)).status).toBe(409);
    expect((await it.exported()).automations).toMatchObject([{ id: "aut_1", name: "Meanwhile" }]);
    const done = await it.put(given, `?prune=true&plan=${await planned(it, given)}`);
    expect([done.status, done.body.remove.automations]).toEqual([202, ["aut_1"]]);
    expect(await it.exported()).toMatchObject({ ...everything, automations: [{ id: "aut_2" }] });
  });

  test("without it what is not named stays, and is not said to have gone", async () => {
    const it = await school();
    await it.put(everything);
    const done = await it.put({ automations: [] }, `?plan=${await planned(it, { automations: [] })}`);
    expect([done.status, done.body.remove]).toEqual([200, byKind(() => [])]);
    expect((await it.exported()).automations).toHaveLength(1);
  });

  test("what goes is held for seven days: it comes back whole, or ends as by DELETE", async () => {
    const it = await school();
    const [automation] = everything.automations;
    const waits = { ...automation, when: [{ type: "user.signed_in" }], then: [{ type: "wait", for: "P9D" }] };
    await it.put({ automations: [waits] });
    const { body: sent } = await it.api("POST", "/v1/events", { type: "user.signed_in", user: { id: "anna" } });
    await it.api("POST", "/v1/test-clock", { advance: "PT0S" });
    const prune = async () => it.put({ automations: [] }, `?prune=true&plan=${await planned(it, { automations: [] })}`);
    const exported = (await it.exported()).automations;
    expect(await prune()).toMatchObject({
      status: 202,
      body: { delete_at: expect.any(String), job_id: expect.any(String) },
    });
    expect((await it.exported()).automations).toEqual([]);
    expect((await it.api("POST", "/v1/automations/aut_1/restore")).status).toBe(200);
    expect((await it.exported()).automations).toEqual(exported);
    const { delete_at: ends, job_id: job } = (await prune()).body;
    expect((await it.api("GET", `/v1/jobs/${job}`)).body).toMatchObject({ status: "done", done: 1 });
    await it.api("POST", "/v1/test-clock", { advance: "P8D" });
    const run = (await it.api("GET", `/v1/runs/${sent.runs[0].id}`)).body;
    expect(run).toMatchObject({ status: "exited", reason: "deleted", ended_at: ends });
    const { results } = await env.DB.prepare(
      "select what, before from audit where school = ? and subject = 'aut_1' order by id",
    )
      .bind(it.id)
      .all<{ what: string; before: string }>();
    expect(results.map(({ what }) => what.replace("automation.", ""))).toEqual([
      "created",
      "held",
      "restored",
      "held",
      "deleted",
    ]);
    expect(JSON.parse(results.at(-1)?.before ?? "")).toMatchObject({ name: "Welcome", then: [{ type: "wait" }] });
  });

  test("what syncs, auto groups and segments gave stays until then, and is taken back", async () => {
    const it = await school();
    await it.put({ ...everything, automations: [] });
    await it.api("PUT", "/v1/users/anna", { fields: { department: "Sales" } });
    const anna = async () => {
      const { segments, groups, enrolments } = (await it.api("GET", "/v1/users/anna")).body;
      return [segments, groups, enrolments.length];
    };
    const given = [["sales"], ["training:Sales"], 1];
    expect(await anna()).toEqual(given);
    const nothing = { segments: [], segment_syncs: [], auto_groups: [] };
    const done = await it.put(nothing, `?prune=true&plan=${await planned(it, nothing)}`);
    // With a segment go its rules, though their list was not given.
    expect(done).toMatchObject({ status: 202, body: { remove: { segments: ["sales"], segment_rules: ["rul_1"] } } });
    expect(await anna()).toEqual(given);
    await it.api("POST", "/v1/test-clock", { advance: "P7D" });
    expect(await anna()).toEqual([[], [], 0]);
  });

  test("what is held is given no more, nor what is about the same, nor what names it", async () => {
    const it = await school();
    await it.put({ ...everything, automations: [] });
    const nothing = { segments: [], segment_syncs: [], auto_groups: [], segment_rules: [] };
    await it.put(nothing, `?prune=true&plan=${await planned(it, nothing)}`);
    const [segment] = everything.segments;
    const [rule] = everything.segment_rules;
    const [group] = everything.auto_groups;
    const taken = await it.put({ segments: [segment] });
    expect([taken.status, taken.body.detail]).toEqual([409, expect.stringContaining('the segment "sales"')]);
    const same = await it.put({ auto_groups: [{ ...group, id: "agr_2" }] });
    expect([same.status, same.body.detail]).toEqual([409, expect.stringContaining("the auto group")]);
    const named = await it.put({ segment_rules: [{ ...rule, id: "rul_2" }] });
    expect([named.status, places(named)]).toEqual([422, ["/segment_rules/0/segment"]]);
    const adds = [{ type: "segment.add", segments: ["sales"] }];
    const naming = await it.put({ automations: [{ ...everything.automations[0], id: "aut_9", then: adds }] });
    expect([naming.status, places(naming)]).toEqual([422, ["/automations/0/when/0/segments"]]);
  });

  test("of what is in use is refused, and names the use", async () => {
    const it = await school();
    await it.put(everything);
    for (const [given, use] of [
      [{ segments: [] }, "the sync"],
      [{ profile_fields: [] }, "the rule rul_1"],
      [{ segments: [], segment_syncs: [] }, 'the automation "Welcome" names the segment sales'],
    ] as const) {
      const refused = await it.put(given, `?prune=true&plan=${await planned(it, given)}`);
      expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining(use)]);
    }
    expect(await it.exported()).toMatchObject(everything);
  });

  test("the place of a sync that goes is taken until it is deleted", async () => {
    const it = await school();
    await it.put(everything);
    const given = { segment_syncs: everything.segment_syncs.map((one) => ({ ...one, id: "syn_2" })) };
    const refused = await it.put(given, "?dry_run=true&prune=true");
    expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining('the sync "syn_1"')]);
    await it.api("DELETE", "/v1/segment-syncs/syn_1");
    expect((await it.put(given)).status).toBe(200);
    expect((await it.exported()).segment_syncs).toMatchObject([{ id: "syn_2" }]);
  });
});
