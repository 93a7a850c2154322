import { beforeEach, describe, expect, test } from "vitest";
import { database } from "../../../src/db/client";
import { runs } from "../../../src/db/schema";
import { stopIfFailing } from "../../../src/queue/failures";
import { call, env, liveSchool, PLATFORM } from "../live";
import { overtakeOnce } from "../overtaken";
import { rowsOf } from "./rows";

/*
 * Wherever something is read, and then changed by what was read: another change that comes between is never lost, and
 * what is refused for it has changed nothing at all, in any table. Every change of definitions and settings is here.
 */

const { school } = liveSchool();

const automation = (tag: string) => ({
  name: "A",
  when: [{ type: "custom", name: "go" }],
  then: [{ type: "tags.add", tags: [tag] }],
});
const whereSpare = [{ field: "spare", op: "is", value: "red" }];
const where = (value: string) => [{ field: "team", op: "is", value }];

/** One of each, and what calls them. */
interface Things {
  automation: string;
  etag: string;
  rule: string;
  sync: string;
  group: string;
}
let it: Things;

const api = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  school.ask(method, `/v1${path}`, body, headers);

beforeEach(async () => {
  await api("POST", "/profile-fields", { key: "team", name: "Team", type: "text" });
  await api("POST", "/profile-fields", { key: "spare", name: "Spare", type: "text" });
  await api("POST", "/segments", { id: "seg", name: "Seg", managed: true });
  await api("POST", "/segments", { id: "spare", name: "Spare", managed: true });
  const made = await api("POST", "/automations", automation("first"));
  const rule = await api("POST", "/segment-rules", { segment: "seg", match: "all", where: where("red") });
  const sync = await api("POST", "/segment-syncs", { name: "S", active: false, segment: "seg", course: "c" });
  const group = await api("POST", "/auto-groups", { course: "c", field: "team", active: false });
  it = {
    automation: made.body.id,
    etag: made.headers.get("etag") ?? "",
    rule: rule.body.id,
    sync: sync.body.id,
    group: group.body.id,
  };
});

interface Place {
  /** Reads, and changes by it. */
  change: () => ReturnType<typeof api>;
  /** What comes between: after it the change cannot be. */
  meddle: () => Promise<unknown>;
  status: number;
}

const ofAutomation = () => `/automations/${it.automation}`;
const removeAutomation = () => api("DELETE", ofAutomation());
const describeAutomation = () => api("PATCH", ofAutomation(), { description: "meanwhile" });
const ifMatch = () => ({ "if-match": it.etag });
const import_ = (body: object) => api("PUT", "/import", body);

const PLACES: Record<string, Place> = {
  "an automation is replaced with its ETag": {
    change: () => api("PUT", ofAutomation(), automation("next"), ifMatch()),
    meddle: describeAutomation,
    status: 412,
  },
  "an automation is changed with its ETag": {
    change: () => api("PATCH", ofAutomation(), automation("next"), ifMatch()),
    meddle: describeAutomation,
    status: 412,
  },
  "an automation is replaced": {
    change: () => api("PUT", ofAutomation(), automation("next")),
    meddle: removeAutomation,
    status: 404,
  },
  "an automation is changed": {
    change: () => api("PATCH", ofAutomation(), { name: "B", active: true }),
    meddle: removeAutomation,
    status: 404,
  },
  "an automation is deleted": { change: removeAutomation, meddle: removeAutomation, status: 404 },
  "definitions are imported": {
    change: () => import_({ segment_rules: [{ id: "rul_1", segment: "seg", match: "all", where: whereSpare }] }),
    meddle: () => api("DELETE", "/profile-fields/spare"),
    status: 422,
  },
  "definitions are imported whose segment goes": {
    change: () =>
      import_({
        segment_rules: [{ id: "rul_1", segment: "spare", match: "all", where: where("red") }],
        automations: [{ id: "aut_1", ...automation("imported") }],
      }),
    meddle: () => api("DELETE", "/segments/spare"),
    status: 422,
  },
  "a segment is made": {
    change: () => api("POST", "/segments", { id: "new", name: "New" }),
    meddle: () => api("POST", "/segments", { id: "new", name: "Another" }),
    status: 409,
  },
  "a segment is changed": {
    change: () => api("PATCH", "/segments/spare", { name: "Renamed" }),
    meddle: () => api("DELETE", "/segments/spare"),
    status: 404,
  },
  "a segment is deleted": {
    change: () => api("DELETE", "/segments/spare"),
    meddle: () => api("DELETE", "/segments/spare"),
    status: 404,
  },
  "a segment is deleted that a sync comes to use": {
    change: () => api("DELETE", "/segments/spare"),
    meddle: () => api("POST", "/segment-syncs", { name: "T", active: false, segment: "spare", course: "d" }),
    status: 409,
  },
  "a rule is made": {
    change: () => api("POST", "/segment-rules", { segment: "seg", match: "all", where: whereSpare }),
    meddle: () => api("DELETE", "/profile-fields/spare"),
    status: 422,
  },
  "a rule is changed": {
    change: () => api("PATCH", `/segment-rules/${it.rule}`, { where: whereSpare }),
    meddle: () => api("DELETE", "/profile-fields/spare"),
    status: 422,
  },
  "a rule is changed that goes": {
    change: () => api("PATCH", `/segment-rules/${it.rule}`, { match: "any" }),
    meddle: () => api("DELETE", `/segment-rules/${it.rule}`),
    status: 404,
  },
  "a rule is deleted": {
    change: () => api("DELETE", `/segment-rules/${it.rule}`),
    meddle: () => api("DELETE", `/segment-rules/${it.rule}`),
    status: 404,
  },
  "a sync is made": {
    change: () => api("POST", "/segment-syncs", { name: "T", active: false, segment: "spare", course: "d" }),
    meddle: () => api("DELETE", "/segments/spare"),
    status: 422,
  },
  "a sync is changed": {
    change: () => api("PATCH", `/segment-syncs/${it.sync}`, { active: true }),
    meddle: () => api("DELETE", `/segment-syncs/${it.sync}`),
    status: 404,
  },
  "a sync is deleted": {
    change: () => api("DELETE", `/segment-syncs/${it.sync}`),
    meddle: () => api("DELETE", `/segment-syncs/${it.sync}`),
    status: 404,
  },
  "a field is made": {
    change: () => api("POST", "/profile-fields", { key: "new", name: "New", type: "text" }),
    meddle: () => api("POST", "/profile-fields", { key: "new", name: "Another", type: "number" }),
    status: 409,
  },
  "a field is changed": {
    change: () => api("PATCH", "/profile-fields/spare", { name: "Renamed" }),
    meddle: () => api("DELETE", "/profile-fields/spare"),
    status: 404,
  },
  "a field is deleted that a rule comes to use": {
    change: () => api("DELETE", "/profile-fields/spare"),
    meddle: () => api("POST", "/segment-rules", { segment: "seg", match: "all", where: whereSpare }),
    status: 409,
  },
  "an auto group is made": {
    change: () => api("POST", "/auto-groups", { course: "d", field: "spare", active: false }),
    meddle: () => api("DELETE", "/profile-fields/spare"),
    status: 422,
  },
  "an auto group is changed": {
    change: () => api("PATCH", `/auto-groups/${it.group}`, { active: true }),
    meddle: () => api("DELETE", `/auto-groups/${it.group}`),
    status: 404,
  },
  "an auto group is deleted": {
    change: () => api("DELETE", `/auto-groups/${it.group}`),
    meddle: () => api("DELETE", `/auto-groups/${it.group}`),
    status: 404,
  },
};

describe("what another change makes impossible changes nothing at all", () => {
  test.each(Object.entries(PLACES))("%s", async (_, { change, meddle, status }) => {
    let between: unknown;
    overtakeOnce(async () => {
      await meddle();
      between = await rowsOf(school.id);
    });
    expect((await change()).status).toBe(status);
    expect(between).toBeDefined();
    expect(await rowsOf(school.id)).toEqual(between);
  });

  test("an outdated ETag, sent long after", async () => {
    await describeAutomation();
    const before = await rowsOf(school.id);
    expect((await PLACES["an automation is replaced with its ETag"]?.change())?.status).toBe(412);
    expect((await PLACES["an automation is changed with its ETag"]?.change())?.status).toBe(412);
    expect(await rowsOf(school.id)).toEqual(before);
  });
});

test("a school that is deleted twice at once is said to be once, and the second time is not there", async () => {
  const remove = () => call("DELETE", `/v1/schools/${school.id}`, undefined, PLATFORM);
  const audit = () => env.DB.prepare("select * from audit where school = '' and subject = ?").bind(school.id).all();
  let between: unknown;
  overtakeOnce(async () => {
    await remove();
    between = (await audit()).results;
  });
  expect((await remove()).status).toBe(404);
  expect((await audit()).results).toEqual(between);
});

interface Pair {
  path: () => string;
  first: Record<string, unknown>;
  second: Record<string, unknown>;
  /** Where the audit keeps it. */
  what: string;
}

const PAIRS: Record<string, Pair> = {
  "an automation": {
    path: ofAutomation,
    first: { description: "x" },
    second: { name: "B" },
    what: "automation.changed",
  },
  "a segment": {
    path: () => "/segments/seg",
    first: { name: "Renamed" },
    second: { name: "Renamed again" },
    what: "segment.changed",
  },
  "a rule": {
    path: () => `/segment-rules/${it.rule}`,
    first: { match: "any" },
    second: { where: where("blue") },
    what: "segment_rule.changed",
  },
  "a sync": {
    path: () => `/segment-syncs/${it.sync}`,
    first: { active: true },
    second: { name: "T" },
    what: "segment_sync.changed",
  },
  "a field": {
    path: () => "/profile-fields/team",
    first: { name: "Teams" },
    second: { name: "Crew" },
    what: "profile_field.changed",
  },
  "an auto group": {
    path: () => `/auto-groups/${it.group}`,
    first: { active: true },
    second: { active: false },
    what: "auto_group.changed",
  },
  "the school's settings": {
    path: () => "/school",
    first: { settings: { description: "x" } },
    second: { settings: { timezone: "Europe/Athens" } },
    what: "school.changed",
  },
};

describe("of two changes at once both stand, each upon the one before", () => {
  test.each(Object.entries(PAIRS))("%s", async (_, { path, first, second, what }) => {
    overtakeOnce(() => api("PATCH", path(), first));
    const answer = await api("PATCH", path(), second);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ ...first, ...second });
    const { results } = await env.DB.prepare(
      "select before, after from audit where school = ? and what = ? order by id",
    )
      .bind(school.id, what)
      .all<{ before: string; after: string }>();
    expect(results).toHaveLength(2);
    const [earlier, later] = results;
    expect(JSON.parse(later?.before ?? "")).toMatchObject(pick(JSON.parse(earlier?.after ?? ""), later?.before));
  });
});

/** Of one record, what another names too. */
const pick = (record: Record<string, unknown>, names = "{}") =>
  Object.fromEntries(Object.keys(JSON.parse(names)).flatMap((name) => (name in record ? [[name, record[name]]] : [])));

describe("an automation of which too much has failed", () => {
  const failing = () => stopIfFailing(env, { school: school.id, automation: it.automation, at: Date.now() });

  beforeEach(async () => {
    await api("PATCH", ofAutomation(), { active: true });
    const now = Date.now();
    const steps = Array.from({ length: 30 }, (_, n) => ({ id: `s${n}`, at: now + 1, status: "failed" }));
    await database(env.DB)
      .insert(runs)
      .values({
        school: school.id,
        id: "run_1",
        automation: it.automation,
        version: 1,
        user: "anna",
        status: "completed",
        synchronous: false,
        trigger: "{}",
        startedAt: now,
        steps: JSON.stringify(steps),
        failedSteps: steps.length,
        loggedAt: now,
        seq: 1,
        unkept: null,
      });
  });

  test("is stopped", async () => {
    await failing();
    expect((await api("GET", ofAutomation())).body).toMatchObject({ active: false, stopped_by: "failures" });
  });

  test("is not stopped, nor said to be, where somebody did so meanwhile", async () => {
    let between: unknown;
    overtakeOnce(async () => {
      await api("PATCH", ofAutomation(), { active: false });
      between = await rowsOf(school.id);
    });
    await failing();
    expect(between).toBeDefined();
    expect(await rowsOf(school.id)).toEqual(between);
  });
});
