import { beforeAll, expect, test } from "vitest";
import { createApp } from "../../http/app";
import { routes } from "../../http/routes";
import { call, env, newSchool } from "../../http/test-client";
import { startSession } from "../../schools/sign-in/sessions";
import { addressIn } from "../address";
import { mountAdmin } from "../app";
import { formOf } from "../test-forms";

/* What pages show is for people: days as they are written, things by their names, no pointer and no code of ours. */

const app = createApp(routes);
mountAdmin(app, routes);

let school: Awaited<ReturnType<typeof newSchool>>;
let headers: Record<string, string>;
const at = (path: string) => addressIn(school.id, path);
const send = async (method: string, path: string, body?: unknown) =>
  (await call(app, method, `/v1${path}`, body, { token: school.key })).body;
const page = async (path: string) => (await call(app, "GET", at(path), undefined, { headers })).text;
const post = (path: string, fields: Record<string, string>) =>
  call(app, "POST", at(path), formOf(at(path), fields), {
    headers: { ...headers, origin: "https://schoolbell.test", "content-type": "application/x-www-form-urlencoded" },
  });

beforeAll(async () => {
  const email = "owner@school.com";
  school = await newSchool(app, { timezone: "Europe/Berlin", collaborators: [{ email, role: "owner" }] });
  headers = { cookie: `__Host-schoolbell=${await startSession(env, email)}` };
  await send("PUT", "/products/course/js-101", { name: "JavaScript 101" });
});

test("a product's dates are picked by the school's clock, and what nobody touches stays as it was kept", async () => {
  const dates = { starts_at: "2026-03-01T08:00:30Z", ends_at: "2026-06-30", due_at: "2026-06-01T12:00" };
  await send("PUT", "/products/course/dated", { name: "Dated", ...dates });
  const shown = await page("/products/course/dated");
  expect(shown).toMatch(
    /name="starts_at" type="date" value="2026-03-01"[\s\S]*name="starts_at_hour" type="time" value="09:00"/,
  );
  expect(shown).toMatch(/name="ends_at" type="date" value="2026-06-30"[\s\S]*name="ends_at_hour" type="time" value=""/);
  expect(shown).not.toContain("2026-03-01T");
  const form = {
    name: "Dated still",
    starts_at: "2026-03-01",
    starts_at_hour: "09:00",
    ends_at: "2026-07-31",
    ends_at_hour: "18:30",
    due_at: "2026-06-01",
    due_at_hour: "",
  };
  await post("/products/course/dated", form);
  expect(await send("GET", "/products/course/dated")).toMatchObject({
    starts_at: dates.starts_at,
    ends_at: "2026-07-31T18:30",
    due_at: "2026-06-01",
  });
});

test("the courses of a bundle, and what a product is part of, are said by names", async () => {
  await send("PUT", "/products/course/js-201", { name: "JavaScript 201" });
  await post("/products/bundle/all", {
    name: "All",
    courses: "javascript 101\njs-201\nnew-one",
    parent: "JavaScript 101",
  });
  const kept = { parent: "js-101", courses: ["js-101", "js-201", "new-one"] };
  expect(await send("GET", "/products/bundle/all")).toMatchObject(kept);
  const shown = await page("/products/bundle/all");
  const lines = "JavaScript 101 (js-101)\nJavaScript 201 (js-201)\nnew-one";
  expect(shown).toContain(lines);
  expect(shown).toMatch(/name="parent"[^>]*value="JavaScript 101"/);
  await post("/products/bundle/all", { name: "All", courses: lines, parent: "JavaScript 101" });
  expect(await send("GET", "/products/bundle/all")).toMatchObject(kept);
});

test("a key of a course says up to which day as people write it", async () => {
  const ends_at = "2026-12-24T23:00:00.000Z";
  await send("POST", "/courses/js-101/enrolment-methods", { key: "welcome", ends_at });
  const shown = await page("/courses/js-101");
  expect(shown).toContain("24 Dec 2026");
  expect(shown).toContain("Nobody can enrol with it any more; nobody did yet.");
  expect(shown).not.toContain("2026-12-24");
});

test("what a message said amiss is told by its place in words, and not once more in the message's name", async () => {
  const traits = { email: "nobody" };
  await send("POST", "/identify", { messageId: "m-1", type: "identify", userId: "anna", traits });
  const shown = await page("/settings/unused");
  expect(shown).toContain("<code>traits › email</code>");
  expect(shown).toContain("not an email address");
  expect(shown).not.toContain("/traits/email");
});

test("the audit log says a rule as its segment does: fields and courses by name, joined by what it matches", async () => {
  await send("POST", "/profile-fields", { key: "team", name: "Team", type: "text" });
  await send("POST", "/segments", { id: "sales", name: "Sales people", managed: true });
  const where = [
    { field: "team", op: "is", value: "sales" },
    { field: "completed", op: "is", value: "js-101" },
  ];
  await send("POST", "/segment-rules", { segment: "sales", match: "any", where });
  expect(await page("/settings/audit")).toContain("Team is sales or courses completed is JavaScript 101");
});

test("the audit log says in words why an address is suppressed, and shows one person's doings from a day on", async () => {
  await post("/suppressions", { address: "gone@school.com" });
  const shown = await page("/settings/audit");
  expect(shown).toContain("by hand");
  expect(shown).not.toContain("by_hand");
  const own = await page("/settings/audit?who=admin:owner@school.com");
  expect(own).toContain("Only what owner@school.com did is shown.");
  expect(own).toContain("suppression created");
  expect(await page("/settings/audit?since=2099-01-01")).not.toContain("panel-box");
  expect(await page("/settings/audit?since=2020-01-01")).toContain("panel-box");
});
