import { beforeEach, expect, test } from "vitest";
import { env, makeSchool, type TestSchool } from "../../test/workers/live";
import { overtakeOnce } from "../../test/workers/overtaken";

let school: TestSchool;

const api = (method: string, path: string, body?: unknown) => school.ask(method, `/v1${path}`, body);
const counted = async (table: "audit" | "jobs") =>
  (await env.DB.prepare(`select count(*) as n from ${table} where school = ?`).bind(school.id).first<{ n: number }>())
    ?.n;

beforeEach(async () => {
  school = await makeSchool();
  await api("POST", "/profile-fields", { key: "team", name: "Team", type: "text" });
  await api("POST", "/segments", { id: "seg", name: "Seg", managed: true });
});

test("a sync that is deleted while it is being changed is not there, and nothing tells of the change", async () => {
  const { body } = await api("POST", "/segment-syncs", { name: "S", active: false, segment: "seg", course: "c" });
  const before = { audit: await counted("audit"), jobs: await counted("jobs") };
  overtakeOnce(() => api("DELETE", `/segment-syncs/${body.id}`));
  expect((await api("PATCH", `/segment-syncs/${body.id}`, { active: true })).status).toBe(404);
  // The deletion, and its job.
  expect(await counted("audit")).toBe(Number(before.audit) + 1);
  expect(await counted("jobs")).toBe(Number(before.jobs) + 1);
});

test("a rule is not made of a field that is taken away meanwhile", async () => {
  overtakeOnce(() => api("DELETE", "/profile-fields/team"));
  const made = await api("POST", "/segment-rules", {
    segment: "seg",
    match: "all",
    where: [{ field: "team", op: "is", value: "red" }],
  });
  expect(made.body.errors).toEqual([{ path: "/where/0/field", message: 'there is no field "team"' }]);
});

test("an import that another change overtakes is planned anew", async () => {
  overtakeOnce(() => api("PATCH", "/segments/seg", { name: "Renamed" }));
  const imported = await api("PUT", "/import", { segments: [{ id: "seg", name: "Imported", managed: true }] });
  expect(imported.status).toBe(200);
  const { results } = await env.DB.prepare(
    `select before from audit where school = ? and what = 'segment.changed' order by id desc limit 1`,
  )
    .bind(school.id)
    .all<{ before: string }>();
  expect(JSON.parse(results[0]?.before ?? "")).toMatchObject({ name: "Renamed" });
});

test("as many as come at once are all made", async () => {
  const made = await Promise.all(
    Array.from({ length: 20 }, (_, n) => api("POST", "/segments", { id: `at-once-${n}`, name: `At once ${n}` })),
  );
  expect(made.map(({ status }) => status)).toEqual(Array(20).fill(201));
});
