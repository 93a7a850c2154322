import { expect, test } from "vitest";
import { createApp } from "../../../http/app";
import { routes } from "../../../http/routes";
import { call, env, newSchool } from "../../../http/test-client";
import { startSession } from "../../../schools/sign-in/sessions";
import { addressIn } from "../../address";
import { mountAdmin } from "../../app";
import { formOf } from "../../test-forms";

const app = createApp(routes);
mountAdmin(app, routes);

async function schoolWithRun(role: "editor" | "viewer") {
  const email = `${role}@school.com`;
  const school = await newSchool(app, { collaborators: [{ email, role }] });
  const send = async (path: string, body: unknown) =>
    (await call(app, "POST", `/v1${path}`, body, { token: school.key })).body;
  const automation = await send("/automations", {
    name: "Welcome",
    synchronous: true,
    when: [{ type: "tag.added", tags: ["new"] }],
    then: [{ type: "tags.add", tags: ["vip"] }],
  });
  const { runs } = await send("/events", { type: "tag.added", user: { id: "anna" }, data: { tag: "new" } });
  const headers = { cookie: `__Host-schoolbell=${await startSession(env, email)}` };
  const page = (path: string) => call(app, "GET", addressIn(school.id, path), undefined, { headers });
  const post = (path: string, fields: Record<string, string>) => {
    const at = addressIn(school.id, path);
    return call(app, "POST", at, formOf(at, fields), {
      headers: { ...headers, origin: "https://schoolbell.test", "content-type": "application/x-www-form-urlencoded" },
    });
  };
  return { school, automation: automation.id as string, run: runs[0].id as string, page, post };
}

test("a run is undone after it was said what that takes back", async () => {
  const { school, run, page, post } = await schoolWithRun("editor");
  expect((await page(`/runs/${run}`)).text).toContain(`/runs/${run}/undo"`);
  const asked = await page(`/runs/${run}/undo`);
  expect(asked.text).toContain("Undo: take back 1 thing");
  expect(asked.text).toMatch(/tag\s*<b>vip<\/b>/);
  const done = await post(`/runs/${run}/undo`, { chain: "false" });
  const job = /\/jobs\/(job_[^?]+)/.exec(done.headers.get("location") ?? "")?.[1];
  const shown = await page(`/jobs/${job}`);
  expect(shown.text).toContain("Taken back");
  expect(shown.text).toMatch(/tag\s*<b>vip<\/b>/);
  expect((await call(app, "GET", "/v1/users/anna", undefined, { token: school.key })).body.tags).toEqual(["new"]);
  // It is not offered again, and where it was asked for all the same, it says that it was done.
  expect((await page(`/runs/${run}`)).text).not.toContain(`/runs/${run}/undo"`);
  const again = await page(`/runs/${run}/undo`);
  expect(again.text).toContain("This run was undone by");
  expect(again.text).not.toContain(`action="${addressIn(school.id, `/runs/${run}/undo`)}"`);
  const [head = "", line = ""] = (await page("/executions.csv")).text.split("\r\n");
  const cells = Object.fromEntries(head.split(",").map((name, at) => [name, line.split(",")[at]]));
  expect(cells).toMatchObject({ undone: expect.stringMatching(/^20/), "undone by": "editor@school.com" });
});

test("what is taken back is called by its name, before it and after", async () => {
  const { school, page, post } = await schoolWithRun("editor");
  const send = async (method: string, path: string, body: unknown) =>
    (await call(app, method, `/v1${path}`, body, { token: school.key })).body;
  await send("PUT", "/products/course/7", { name: "Databases" });
  const then = [{ type: "course.enroll", courses: ["7"] }];
  await send("POST", "/automations", { name: "Go", synchronous: true, when: [{ type: "custom", name: "go" }], then });
  const { runs } = await send("POST", "/events", { type: "custom.go", user: { id: "anna" } });
  expect((await page(`/runs/${runs[0].id}/undo`)).text).toMatch(/course\s*<b>Databases<\/b>/);
  const done = await post(`/runs/${runs[0].id}/undo`, { chain: "false" });
  const [job = ""] = /\/jobs\/job_[^?]+/.exec(done.headers.get("location") ?? "") ?? [];
  expect((await page(job)).text).toMatch(/course\s*<b>Databases<\/b>/);
});

test("an enrolment's end that it becomes again is said as one, by the school's clock", async () => {
  const { school, page } = await schoolWithRun("editor");
  const send = async (method: string, path: string, body: unknown) =>
    (await call(app, method, `/v1${path}`, body, { token: school.key })).body;
  await send("PATCH", "/school", { settings: { timezone: "Europe/Berlin" } });
  const then = [{ type: "course.enroll", courses: ["js", "css"] }];
  await send("POST", "/automations", { name: "Go", synchronous: true, when: [{ type: "custom", name: "go" }], then });
  const enrolled = (course: string, more = {}) =>
    send("POST", "/events", { type: "course.enrolled", user: { id: "ben" }, data: { course, ...more } });
  await enrolled("js", { expires_at: "2099-01-31T23:30:00.000Z" });
  const { runs } = await send("POST", "/events", { type: "custom.go", user: { id: "ben" } });
  const { text } = await page(`/runs/${runs[0].id}/undo`);
  expect(text.replaceAll(/<[^>]+>/g, "")).toMatch(/course\s*js ends again on 1 Feb 2099, 00:30:00/);
  expect(text).not.toContain('becomes "2099');
});

test.each([
  ["unenrol", { to: null }, /course\s*js has no end again/],
  ["suspend", { to: "resumed" }, /course\s*js goes on again/],
])(
  "an enrolment that is given back is said as it is then, where a sync would %s: %o",
  async (on_leave, to, english) => {
    const { school, page, post } = await schoolWithRun("editor");
    const send = async (method: string, path: string, body?: unknown) =>
      (await call(app, method, `/v1${path}`, body, { token: school.key })).body;
    await send("POST", "/segments", { id: "open", name: "Open", managed: true });
    await send("POST", "/segment-rules", {
      segment: "open",
      match: "all",
      where: [{ field: "tags", op: "is_not", value: "paused" }],
    });
    await send("POST", "/segment-syncs", {
      name: "Open",
      active: true,
      segment: "open",
      course: "js",
      role: "student",
      on_leave,
    });
    const then = [{ type: "tags.add", tags: ["paused"] }];
    await send("POST", "/automations", { name: "Go", synchronous: true, when: [{ type: "custom", name: "go" }], then });
    await send("PUT", "/users/ben", {});
    const ends = { course: "js", expires_at: "2099-01-31T23:30:00.000Z" };
    const event = (type: string, data = {}) => send("POST", "/events", { type, user: { id: "ben" }, data });
    if (on_leave === "unenrol") await event("course.enrolled", ends);
    const enrolment = async () => (await send("GET", "/users/ben")).enrolments[0];
    const before = await enrolment();
    expect(before).toMatchObject({ product: "js", expires_at: null });
    const { runs } = await event("custom.go");
    expect(await enrolment()).toMatchObject(
      on_leave === "unenrol" ? { expires_at: ends.expires_at } : { suspended: true },
    );
    const { text } = await page(`/runs/${runs[0].id}/undo`);
    expect(text.replaceAll(/<[^>]+>/g, "")).toMatch(english);
    const done = await post(`/runs/${runs[0].id}/undo`, { chain: "false" });
    const [job = ""] = /job_[^?]+/.exec(done.headers.get("location") ?? "") ?? [];
    expect((await page(`/jobs/${job}`)).text.replaceAll(/<[^>]+>/g, "")).toMatch(english);
    expect((await send("GET", `/jobs/${job}`)).result.takes).toContainEqual({ kind: "course", id: "js", ...to });
    expect({ ...(await enrolment()), sources: [] }).toEqual({ ...before, sources: [] });
  },
);

test("what a deleted automation did is undone by way of its runs", async () => {
  const { school, automation, run, page } = await schoolWithRun("editor");
  await call(app, "DELETE", `/v1/automations/${automation}`, undefined, { token: school.key });
  expect((await page(`/runs/${run}`)).text).toContain(`/automations/${automation}/undo">deleted automation</a>`);
  const asked = await page(`/automations/${automation}/undo?since=2001-01-01T00:00`);
  expect(asked.text).toContain("Undo what a deleted automation did");
});

test("what an automation did is asked by a moment, and a viewer only looks", async () => {
  const { automation, run, page, post } = await schoolWithRun("viewer");
  const form = await page(`/automations/${automation}/undo`);
  expect(form.text).toContain('name="since"');
  const ahead = await page(`/automations/${automation}/undo?since=2100-01-01T00:00`);
  expect(ahead.text).toContain("It is still ahead");
  expect((await page(`/runs/${run}/undo`)).text).toContain("Only editors and owners may undo it.");
  expect((await post(`/runs/${run}/undo`, { chain: "false" })).status).toBe(403);
});
