import { expect, test } from "vitest";
import { signedIn } from "../test-signed-in";

/* Pages offer what works, and say why where something would not. */

test("in a test school nothing is asked before switching on: the question leads to the automation", async () => {
  const { ask, at, get } = await signedIn("editor");
  const then = [{ type: "email.user", subject: "Hi", body: "Hello." }];
  const made = await ask("POST", "/v1/automations", {
    name: "Letters",
    active: false,
    when: [{ type: "user.signed_up" }],
    then,
  });
  const { status, headers } = await get(`/switch-on?id=${made.body.id}`);
  expect([status, headers.get("location")]).toEqual([303, at(`/automations/${made.body.id}`)]);
});

test("moments that the audit log kept are shown by clocks of the school, never as the API writes them", async () => {
  const { ask, get } = await signedIn("owner");
  await ask("PUT", "/v1/products/course/js-101", { name: "JavaScript", starts_at: "2026-03-01T09:00:00.000Z" });
  const { text } = await get("/settings/audit");
  expect(text).toContain("1 Mar 2026");
  expect(text.replaceAll(/datetime="[^"]*"/g, "")).not.toMatch(/\d\dT\d\d:\d\d/);
});

test("deleting what holds courses says how many are in them", async () => {
  const { ask, get } = await signedIn("editor");
  await ask("PUT", "/v1/products/bundle/all", { name: "All", courses: ["js-101"] });
  await ask("POST", "/v1/events", { type: "course.enrolled", user: { id: "anna" }, data: { course: "js-101" } });
  expect((await get("/products/bundle/all")).text).toContain("Enrolled in its courses now: 1.");
});
