import { expect, test } from "vitest";
import { createApp } from "../app";
import { call, newSchool } from "../test-client";
import { routes } from "./index";

const app = createApp(routes);

const school = async () => {
  const { key } = await newSchool(app);
  const api = (method: string, path: string, body?: unknown) => call(app, method, path, body, { token: key });
  return {
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
