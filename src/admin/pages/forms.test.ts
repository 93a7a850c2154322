import { createExecutionContext } from "cloudflare:test";
import { expect, test } from "vitest";
import { zipOf } from "../../../test/workers/oneroster";
import { createApp } from "../../http/app";
import { routes } from "../../http/routes";
import { call, env, newSchool } from "../../http/test-client";
import { startSession } from "../../schools/sign-in/sessions";
import { addressIn } from "../address";
import { mountAdmin } from "../app";
import { formOf } from "../test-forms";

const app = createApp(routes);
mountAdmin(app, routes);

/* What forms bring about, where it is more than the route's own doing: where they lead, and what is told before. */

const EMAIL = "editor@school.com";

async function editor() {
  const school = await newSchool(app, { collaborators: [{ email: EMAIL, role: "editor" }] });
  const at = (path: string) => addressIn(school.id, path);
  const headers = { cookie: `__Host-schoolbell=${await startSession(env, EMAIL)}` };
  const api = async (method: string, path: string, body?: unknown) =>
    (await call(app, method, `/v1${path}`, body, { token: school.key })).body;
  /** Sends a form: where it leads, and what it says. */
  const send = async (path: string, fields: Record<string, string>) => {
    const answer = await call(app, "POST", at(path), formOf(at(path), fields), {
      headers: {
        ...headers,
        origin: "https://schoolbell.test",
        "content-type": "application/x-www-form-urlencoded",
      },
    });
    return { status: answer.status, text: answer.text, to: answer.headers.get("location") ?? "" };
  };
  return { ...school, at, headers, api, send };
}

const automation = { name: "Welcome", when: [{ type: "user.signed_up" }], then: [{ id: "end", type: "exit" }] };

test("an automation is switched, copied and deleted, and what was deleted can be had back", async () => {
  const { at, api, send } = await editor();
  const { id } = await api("POST", "/automations", automation);
  const back = at("/automations?q=welcome");
  expect((await send(`/automations/${id}/active`, { active: "false", back })).to).toBe(`${back}&done=off`);
  expect((await api("GET", `/automations/${id}`)).active).toBe(false);
  expect((await send(`/automations/${id}/active`, { active: "true", back: "https://evil.com" })).to).toBe(
    at(`/automations/${id}?done=on`),
  );
  const copied = /\/automations\/(aut_\w+)\?done=duplicated$/.exec((await send(`/automations/${id}/duplicate`, {})).to);
  expect((await api("GET", `/automations/${copied?.[1]}`)).then).toEqual(automation.then);

  const before = await api("GET", `/automations/${id}`);
  expect((await send(`/automations/${id}/delete`, {})).to).toBe(
    at(`/automations?done=held&undo=${encodeURIComponent(`automation:${id}`)}`),
  );
  expect((await api("GET", "/automations")).data.map((one: { id: string }) => one.id)).toEqual([copied?.[1]]);
  expect((await send(`/automations/${id}/restore`, {})).to).toBe(at(`/automations/${id}?done=restored`));
  expect(await api("GET", `/automations/${id}`)).toEqual(before);
  await send(`/automations/${id}/delete`, {});
  expect((await send(`/automations/${id}/delete-now`, {})).to).toBe(at("/automations?done=deleted"));
  expect((await api("GET", `/automations/${id}`)).status).toBe(404);
});

test("who is put into a segment in the UI is put there by who is signed in", async () => {
  const { api, send } = await editor();
  await api("POST", "/segments", { id: "friends", name: "Friends" });
  await api("PUT", "/users/anna", {});
  await send("/segments/friends/members", { user: "anna" });
  expect((await api("GET", "/users/anna")).givers.segments).toMatchObject({ friends: { by: "hand", id: EMAIL } });
});

test("many learners are put into a segment by their addresses, and taken out, by a job", async () => {
  const { api, send } = await editor();
  await api("POST", "/segments", { id: "friends, all", name: "Friends" });
  await api("PUT", "/users/anna", { email: "anna@acme.com" });
  const many = async (text: string, by: string, action: string) => {
    const { to } = await send("/segments/friends%2C%20all/members/many", { many: text, by, action });
    const job = /\/jobs\/(job_\w+)/.exec(to)?.[1];
    const { segments } = await api("GET", "/users/anna");
    return [(await api("GET", `/jobs/${job}`)).errors, segments];
  };
  expect(await many("anna@acme.com\r\n ben@acme.com \r\n", "email", "add")).toEqual([
    [{ line: 3, message: "email: no user has this address" }],
    ["friends, all"],
  ]);
  expect(await many("anna", "user", "remove")).toEqual([[], []]);
  expect(
    (await send("/segments/friends%2C%20all/members/many", { many: "  ", by: "user", action: "add" })).status,
  ).toBe(422);
});

test("a rule tells who would come before it is saved, and its job is shown after", async () => {
  const { at, api, send } = await editor();
  await api("POST", "/profile-fields", { key: "department", name: "Department", type: "text" });
  await api("PUT", "/users/anna", { fields: { department: "Sales" } });
  const { id } = await api("POST", "/segments", { name: "Sales", managed: true });
  const rule = { match: "all", "field-0": "department", "op-0": "is", "value-0": "Sales" };
  const preview = await send(`/segments/${id}/rules/new`, { ...rule, do: "preview" });
  expect(preview.text).toContain("1 learner would join, 0 learners would leave.");
  expect((await api("GET", "/segment-rules")).data).toEqual([]);
  expect((await send(`/segments/${id}/rules/new`, { ...rule, do: "save" })).to).toMatch(
    /^\/admin\/s\/sch_\w+\/jobs\/job_\w+\?done=started$/,
  );
  const [made] = (await api("GET", "/segment-rules")).data;
  expect((await send(`/rules/${made.id}`, { ...rule, "value-0": "", "op-0": "nonsense", do: "save" })).status).toBe(
    422,
  );
  expect((await send(`/rules/${made.id}/delete`, {})).to).toBe(
    at(`/segments/${encodeURIComponent(id)}?done=held&undo=segment_rule%3A${made.id}`),
  );
});

test("a sync leads to the job that brings its members in line; one switched off to its page", async () => {
  const { at, api, send } = await editor();
  const segment = await api("POST", "/segments", { name: "Sales" });
  const fields = { name: "To js", segment: segment.id, course: "js-101", role: "", group: "", on_leave: "unenrol" };
  expect((await send("/syncs", { ...fields, active: "true" })).to).toMatch(/^\/admin\/s\/sch_\w+\/jobs\/job_/);
  const [sync] = (await api("GET", "/segment-syncs")).data;
  expect(sync).toMatchObject({ role: "student", group: null, active: true });
  expect((await send(`/syncs/${sync.id}/active`, { active: "false" })).to).toBe(at(`/syncs/${sync.id}?done=saved`));
  const edited = { ...fields, group: "g1", enrol: "true" };
  const preview = await send(`/syncs/${sync.id}`, { ...edited, do: "preview" });
  expect(preview.text).toContain("Nobody would be moved.");
  expect((await send(`/syncs/${sync.id}`, { ...edited, do: "save" })).to).toBe(at(`/syncs/${sync.id}?done=saved`));
  expect((await api("GET", `/segment-syncs/${sync.id}`)).group).toBe("g1");
  const faulty = await send(`/syncs/${sync.id}`, { ...edited, group: "", enrol: "false", do: "save" });
  expect([faulty.status, faulty.text.includes("name it")]).toEqual([422, true]);
  const refused = await send("/syncs", { ...fields, course: "" });
  expect(refused.status).toBe(422);
  expect(refused.text).toContain('value="To js"');
});

test("a ring of rules and syncs is told at the segment and at the sync", async () => {
  const { at, api, headers } = await editor();
  await api("POST", "/segments", { id: "seg", name: "Seg", managed: true });
  const sync = await api("POST", "/segment-syncs", { name: "To c", segment: "seg", course: "c", role: "student" });
  const where = [{ field: "enrolled", op: "is_not", value: "c" }];
  const page = async (path: string) => (await call(app, "GET", at(path), undefined, { headers })).text;
  expect(await page("/segments/seg")).not.toContain("A ring");
  await api("POST", "/segment-rules", { segment: "seg", match: "all", where });
  for (const path of ["/segments/seg", `/syncs/${sync.id}`]) expect(await page(path)).toContain("A ring");
});

test("fields stand under their categories, in the settings and at a learner", async () => {
  const { at, api, send, headers } = await editor();
  const field = { name: "Department", key: "department", type: "text", choices: "" };
  expect((await send("/settings/fields", { ...field, category: "Work" })).to).toBe(at("/settings/fields?done=added"));
  await api("PUT", "/users/anna", { fields: { department: "Sales", nickname: "Ann" } });
  const page = async (path: string) => (await call(app, "GET", at(path), undefined, { headers })).text;
  expect(await page("/settings/fields")).toContain('<h2 class="part">Work</h2>');
  const learner = await page("/learners/anna");
  const byLms = '<small class="soft">by <a href="';
  for (const said of [`<dt>nickname</dt><dd>Ann ${byLms}`, "<h3>Work</h3>", `<dt>Department</dt><dd>Sales ${byLms}`])
    expect(learner).toContain(said);
  await send("/settings/fields/department", { ...field, category: "" });
  expect((await api("GET", "/profile-fields/department")).category).toBe(null);
});

test("a field may be a list with choices, shown part by part; choices left standing hinder nothing", async () => {
  const { at, api, send, headers } = await editor();
  const field = { name: "Teams", key: "teams", type: "list", choices: "Red\nBlue", category: "" };
  expect((await send("/settings/fields", field)).to).toBe(at("/settings/fields?done=added"));
  await api("PUT", "/users/anna", { fields: { teams: ["Red", "Blue"] } });
  const { text } = await call(app, "GET", at("/learners/anna"), undefined, { headers });
  expect(text).toMatch(/<dt>Teams<\/dt><dd><span class="tags"><span[^>]*>Red<\/span><span[^>]*>Blue<\/span>/);
  await send("/settings/fields/teams", { ...field, type: "choice" });
  expect(await api("GET", "/profile-fields/teams")).toMatchObject({ type: "choice", choices: ["Red", "Blue"] });
  await send("/settings/fields/teams", { ...field, type: "text" });
  expect(await api("GET", "/profile-fields/teams")).toMatchObject({ type: "text", choices: null });
});

test("a course is given a key, which an editor changes without seeing it, and loses it", async () => {
  const { at, api, send, headers } = await editor();
  const form = { key: "open", group: "g1", role: "", limit: "30", until: "2026-06-30", active: "true" };
  expect((await send("/courses/js%20101", form)).to).toBe(at("/courses/js%20101?done=added"));
  const methods = async () => (await api("GET", "/courses/js%20101/enrolment-methods")).data;
  const [made] = await methods();
  const ends = "2026-07-01T00:00:00.000Z";
  expect(made).toMatchObject({ key: "open", group: "g1", role: "student", limit: 30, ends_at: ends, active: true });
  const { text } = await call(app, "GET", at(`/courses/js%20101?change=${made.id}`), undefined, { headers });
  expect([text.includes("shown to owners"), text.includes("open"), text.includes('value="2026-06-30"')]).toEqual([
    true,
    false,
    true,
  ]);
  await send("/courses/js%20101", { ...form, method: made.id, key: "", limit: "" });
  expect(await methods()).toEqual([{ ...made, limit: null }]);
  const refused = await send("/courses/js%20101", { ...form, limit: "0" });
  expect([refused.status, refused.text.includes('value="g1"')]).toEqual([422, true]);
  await send("/courses/js%20101/delete", { method: made.id });
  expect(await methods()).toEqual([]);
});

test("an import is told before it is done", async () => {
  const { api, send } = await editor();
  await api("POST", "/segments", { id: "s1", name: "Sales" });
  const text = JSON.stringify({
    segments: [
      { id: "s1", name: "Sales and more" },
      { id: "s2", name: "Teachers" },
    ],
    automations: [{ id: "a1", ...automation }],
  });
  const preview = await send("/import/definitions", { text, do: "preview" });
  expect(preview.text).toContain("Nothing is done yet.");
  for (const said of ["<b>Teachers</b>", "<b>Sales and more</b>", "<b>Welcome</b>"])
    expect(preview.text).toContain(said);
  expect((await api("GET", "/segments")).data).toHaveLength(1);
  expect((await send("/import/definitions", { text, do: "import" })).to).toMatch(/\?done=imported$/);
  expect((await api("GET", "/segments")).data.map(({ name }: { name: string }) => name)).toEqual([
    "Sales and more",
    "Teachers",
  ]);
});

/** Sends the form by which learners are imported, with a file: where it leads, and what it says. */
const sendingFile =
  ({ at, headers }: Pick<Awaited<ReturnType<typeof editor>>, "at" | "headers">, called = "learners.csv") =>
  async (fields: Record<string, string>, file?: Blob) => {
    const form = new FormData();
    for (const [name, value] of new URLSearchParams(formOf(at("/import/users"), fields))) form.set(name, value);
    if (file) form.set("file", file, called);
    const request = new Request(`https://schoolbell.test${at("/import/users")}`, {
      method: "POST",
      headers: { ...headers, origin: "https://schoolbell.test" },
      body: form,
    });
    const answer = await app.fetch(request, env, createExecutionContext());
    return { status: answer.status, text: await answer.text(), to: answer.headers.get("location") ?? "" };
  };

test("a file of learners is shown as it would be taken before it is brought in", async () => {
  const { at, api, headers } = await editor();
  await api("POST", "/profile-fields", { key: "born", name: "Born", type: "date" });
  const sendFile = sendingFile({ at, headers });
  const latin1 = Uint8Array.from("id,username,fields.born\nanna,J\u00fcrg,31/01/1990\nbo,,soon\n", (c) =>
    c.charCodeAt(0),
  );
  const first = await sendFile({ do: "preview", charset: "windows-1252", fire: "true" }, new Blob([latin1]));
  expect(first.status).toBe(200);
  for (const said of ["Nothing is done yet.", "J\u00fcrg", "1990-01-31", "Line 3 is left out: "])
    expect(first.text).toContain(said);
  expect((await api("GET", "/users")).data).toEqual([]);
  const held = / name="held" value="([^"]*)"/.exec(first.text)?.[1] ?? "";
  expect(first.text).toMatch(/ name="fire" [^>]*checked/);
  // Another file beside the one that was shown is shown first.
  const other = await sendFile({ do: "import", held }, new Blob(["id\nother\n"]));
  expect([other.status, other.text.includes("other")]).toEqual([200, true]);
  const { to } = await sendFile({ do: "import", charset: "windows-1252", held, name: "learners.csv" });
  expect(to).toContain(at("/jobs/job_"));
  expect((await api("GET", "/users")).data).toMatchObject([{ id: "anna", username: "J\u00fcrg" }]);
  expect((await sendFile({ do: "preview" })).text).toContain("Choose a file.");
  expect((await sendFile({ do: "import", held: "%" })).status).toBe(400);
  // What no rule could name is said while the field can still be declared.
  expect(first.text).not.toContain("Not declared yet");
  const strange = await sendFile({ do: "preview" }, new Blob(["id,fields.born,fields.team\nanna,1990-01-31,Red\n"]));
  expect(strange.text).toContain("Not declared yet: team.");
  expect(strange.text).toContain(at("/settings/fields"));
});

test("a set of OneRoster is brought in by the same form, and not before it is asked for", async () => {
  const { at, api, headers } = await editor();
  const sendFile = sendingFile({ at, headers }, "Autumn.ZIP");
  const set = zipOf({
    "users.csv": [{ sourcedId: "anna", enabledUser: "true", givenName: "Anna", familyName: "Lee" }],
  });
  const first = await sendFile({ do: "preview" }, new Blob([set]));
  expect([first.status, first.text.includes("The OneRoster set Autumn.ZIP")]).toEqual([200, true]);
  const held = / name="held" value="([^"]*)"/.exec(first.text)?.[1] ?? "";
  expect((await api("GET", "/jobs")).data).toEqual([]);
  const { to } = await sendFile({ do: "import", held, name: "Autumn.ZIP" });
  expect(to).toContain(at("/jobs/job_"));
  expect((await api("GET", "/jobs")).data).toMatchObject([{ kind: "roster_import" }]);
  const broken = await sendFile({ do: "import" }, new Blob(["id\nanna\n"]));
  expect([broken.status, broken.text.includes("job_")]).toEqual([422, false]);
});

test("an automation as text is saved over what it was read from, and over nothing newer", async () => {
  const { at, api, send, headers } = await editor();
  const { id } = await api("POST", "/automations", automation);
  const { text } = await call(app, "GET", at(`/automations/${id}/edit`), undefined, { headers });
  const etag = /name="etag" value="([^"]*)"/.exec(text)?.[1]?.replaceAll("&quot;", '"') ?? "";
  const written = (name: string) => ({ etag, definition: JSON.stringify({ ...automation, name }) });
  expect((await send(`/automations/${id}/edit`, written("First"))).to).toBe(at(`/automations/${id}?done=saved`));
  expect((await send(`/automations/${id}/edit`, written("Second"))).status).toBe(412);
  expect((await api("GET", `/automations/${id}`)).name).toBe("First");
});

test("starting an automation by hand leads to its job", async () => {
  const { at, api, send, headers } = await editor();
  await api("PUT", "/users/anna", {});
  const { id } = await api("POST", "/automations", { ...automation, active: true });
  const { text } = await call(app, "GET", at(`/automations/${id}/enrol?whom=all`), undefined, { headers });
  expect(text).toContain("Start it for 1 learner now");
  expect((await send(`/automations/${id}/enrol`, { whom: "all", value: "" })).to).toMatch(
    /^\/admin\/s\/sch_\w+\/jobs\/job_/,
  );
});

test("what a bundle holds changes by a job that the page leads to, and forgetting it says whom that un-enrols", async () => {
  const { api, at, headers, send } = await editor();
  const to = expect.stringContaining("/jobs/job_");
  expect((await send("/products/bundle/b", { name: "Both", courses: "x\ny" })).to).toEqual(to);
  expect((await send("/products/bundle/b", { name: "Two", courses: "x\ny" })).to).toBe(
    at("/products/bundle/b?done=saved"),
  );
  const page = await call(app, "GET", at("/products/bundle/b"), undefined, { headers });
  expect(page.text).toContain("by nothing but the bundle is un-enrolled");
  expect((await send("/products/bundle/b/delete", {})).to).toEqual(to);
  await api("PUT", "/products/course/c", { name: "C" });
  expect((await send("/products/course/c/delete", {})).to).toBe(at("/products?type=course&done=removed"));
});

test("courses, segments and learners are chosen by their names, and what was meant is said where several are called so", async () => {
  const { api, at, headers, send } = await editor();
  await api("PUT", "/products/course/js-101", { name: "JavaScript 101" });
  for (const id of ["u1", "u2", "u3"]) await api("PUT", `/users/${id}`, { username: id === "u3" ? "Ben" : "Anna" });
  const sales = await api("POST", "/segments", { name: "Sales people" });
  await send("/syncs", {
    name: "To js",
    segment: sales.id,
    course: "javascript 101",
    role: "",
    group: "",
    on_leave: "unenrol",
  });
  expect((await api("GET", "/segment-syncs")).data[0].course).toBe("js-101");
  const { to } = await send("/templates/onboarding-drip", { name: "Drip", courses: "JavaScript 101" });
  const made = await api("GET", `/automations/${/automations\/(aut_\w+)/.exec(to)?.[1]}`);
  expect(made.when).toMatchObject([{ courses: ["js-101"] }]);

  await send(`/segments/${sales.id}/members`, { user: "Ben" });
  expect((await api("GET", `/segments/${sales.id}/members`)).data.map(({ id }: { id: string }) => id)).toEqual(["u3"]);
  const several = await send(`/segments/${sales.id}/members`, { user: "Anna" });
  expect([several.status, several.text.includes("Several learners are called “Anna”")]).toEqual([422, true]);

  const page = await call(app, "GET", at("/executions?user=Ben"), undefined, { headers });
  expect(page.text).not.toContain("Nobody is called");
  expect((await call(app, "GET", at("/executions?user=Nobody"), undefined, { headers })).text).toContain(
    "Nobody is called “Nobody”.",
  );
});

test("a rule on a field of choices offers them, and says of a value that is none", async () => {
  const { api, at, headers, send } = await editor();
  const choices = ["Sales", "Support"];
  await api("POST", "/profile-fields", { key: "department", name: "Department", type: "choice", choices });
  const { id } = await api("POST", "/segments", { name: "Sales", managed: true });
  const page = await call(app, "GET", at(`/segments/${id}/rules/new`), undefined, { headers });
  expect(page.text).toContain('<datalist id="offers-department"><option value="Sales">');
  const rule = { match: "all", "field-0": "department", "op-0": "is", "value-0": "Saless", do: "preview" };
  expect((await send(`/segments/${id}/rules/new`, rule)).text).toContain(
    "One of &quot;Sales&quot;, &quot;Support&quot;",
  );
});
