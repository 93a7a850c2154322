import { beforeAll, expect, test } from "vitest";
import { createApp } from "../../../http/app";
import { routes } from "../../../http/routes";
import { call, env, newSchool } from "../../../http/test-client";
import { JOB_KINDS } from "../../../queue/kinds";
import { startSession } from "../../../schools/sign-in/sessions";
import { addressIn } from "../../address";
import { mountAdmin } from "../../app";
import { jobName } from "./jobs";

const app = createApp(routes);
mountAdmin(app, routes);

let school: Awaited<ReturnType<typeof newSchool>>;
let headers: Record<string, string>;
const send = async (method: string, path: string, body?: unknown) =>
  (await call(app, method, `/v1${path}`, body, { token: school.key })).body;
const page = async (path: string) => (await call(app, "GET", addressIn(school.id, path), undefined, { headers })).text;
const link = (path: string, text: string) => `<a href="${addressIn(school.id, path)}">${text}</a>`;

beforeAll(async () => {
  const email = "owner@school.com";
  school = await newSchool(app, { collaborators: [{ email, role: "owner" }] });
  headers = { cookie: `__Host-schoolbell=${await startSession(env, email)}` };
});

test("a job says what it is about, by its name and with the way there, in the list and on its page", async () => {
  await send("PUT", "/users/anna", { username: "Anna" });
  await send("PUT", "/products/course/js-101", { name: "JavaScript" });
  await send("POST", "/profile-fields", { key: "team", name: "Team", type: "text" });
  await send("POST", "/segments", { id: "sales", name: "Sales people", managed: true });
  const where = [{ field: "team", op: "is", value: "sales" }];
  const rule = await send("POST", "/segment-rules", { segment: "sales", match: "all", where });
  const sync = await send("POST", "/segment-syncs", { name: "Pitching", segment: "sales", course: "js-101" });
  const group = await send("POST", "/auto-groups", { course: "js-101", field: "team" });
  const when = [{ type: "user.signed_in" }];
  const automation = await send("POST", "/automations", { name: "Welcome", when, then: [{ type: "exit" }] });
  const enrol = await send("POST", `/automations/${automation.id}/enrol`, { users: ["anna"] });
  const about = [
    [rule.job_id, { kind: "segment", id: "sales" }, link("/segments/sales", "Sales people")],
    [sync.job_id, { kind: "sync", id: sync.id }, link(`/syncs/${sync.id}`, "Pitching")],
    [group.job_id, { kind: "auto_group", id: group.id }, link(`/auto-groups#row-${group.id}`, "JavaScript")],
    [enrol.job_id, { kind: "automation", id: automation.id }, link(`/automations/${automation.id}`, "Welcome")],
  ] as const;
  const list = await page("/jobs");
  for (const [job, what, shown] of about) {
    expect(await send("GET", `/jobs/${job}`)).toMatchObject({ about: what });
    expect(list).toContain(shown);
    expect(await page(`/jobs/${job}`)).toContain(shown);
  }
  await send("DELETE", `/automations/${automation.id}`);
  expect(await page("/jobs")).toContain(link(`/automations/${automation.id}`, "a deleted automation"));
});

test("a pack is told by the name and in days as people write them; one that failed says why", async () => {
  const when = [{ type: "user.signed_in" }];
  const { id } = await send("POST", "/automations", { name: "Hello there", when, then: [{ type: "exit" }] });
  const { now } = await send("POST", "/test-clock", { advance: "P3D" });
  const day = (text: string) =>
    new Date(text).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
  const midnight = (days: number) =>
    new Date(Math.floor(Date.parse(now) / 86_400_000 + days) * 86_400_000).toISOString();
  const [from, to] = [midnight(-6), midnight(0)];
  const pack = await send("POST", "/evidence", { automation: id, from, to });
  expect(pack).toMatchObject({ job_id: expect.any(String) });
  const list = await page("/settings/evidence");
  expect(list).toContain("Automation Hello there");
  expect(list).toContain(`${day(from)} to ${day(midnight(-1))}`);
  expect(list).not.toContain(`${from.slice(0, 10)} to`);
  const errors = JSON.stringify([{ message: "It failed for a fault of ours, again and again." }]);
  await env.DB.prepare("update jobs set status = 'failed', errors = ? where id = ?").bind(errors, pack.job_id).run();
  expect(await page("/settings/evidence")).toMatch(
    new RegExp(`href="${addressIn(school.id, `/jobs/${pack.job_id}`)}">\\s*What happened`),
  );
  const shown = await page(`/jobs/${pack.job_id}`);
  expect(shown).toMatch(/role="alert"[\s\S]*It failed for a fault of ours, again and again\./);
  expect(shown).not.toContain("Left out");
});

test("each kind of job is called something that people read, not by its name in the API", () => {
  for (const { name } of JOB_KINDS) expect(jobName(name), name).toMatch(/^[A-Z].* /);
});
