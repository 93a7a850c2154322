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

async function schoolThatMissed(role: "editor" | "viewer") {
  const email = `${role}@school.com`;
  const school = await newSchool(app, { collaborators: [{ email, role }] });
  const send = async (method: string, path: string, body?: unknown) =>
    (await call(app, method, `/v1${path}`, body, { token: school.key })).body;
  const automation = await send("POST", "/automations", {
    name: "Welcome",
    active: false,
    when: [{ type: "tag.added", tags: ["new"] }],
    then: [],
  });
  await send("POST", "/events", { type: "tag.added", user: { id: "anna" }, data: { tag: "new" } });
  await send("PATCH", `/automations/${automation.id}`, { active: true });
  const headers = { cookie: `__Host-schoolbell=${await startSession(env, email)}` };
  const page = (path: string) => call(app, "GET", addressIn(school.id, path), undefined, { headers });
  const post = (path: string, fields: Record<string, string>) => {
    const at = addressIn(school.id, path);
    return call(app, "POST", at, formOf(at, fields), {
      headers: { ...headers, origin: "https://schoolbell.test", "content-type": "application/x-www-form-urlencoded" },
    });
  };
  const found = async () => {
    const asked = await post("/catch-up/missed", { automation: automation.id, days: "7" });
    expect(asked.status).toBe(303);
    return page(`/catch-up${/\?.*/.exec(asked.headers.get("location") ?? "")?.[0]}`);
  };
  return { automation: automation.id as string, send, page, post, found };
}

test("who was missed is shown with why, and it is started for them", async () => {
  const { automation, send, post, found } = await schoolThatMissed("editor");
  const shown = await found();
  expect(shown.text).toContain("it was off");
  expect(shown.text).toContain("Start it for 1 learner now");
  const start = { automation, days: "7", count: "2" };
  expect((await post("/catch-up/start", start)).status).toBe(409);
  expect((await post("/catch-up/start", { ...start, count: "1" })).status).toBe(303);
  expect((await send("GET", `/automations/${automation}/why?user=anna`)).data[0]).toMatchObject({ fired: true });
  expect((await found()).text).toContain("Nobody was missed");
});

test("a segment is compared with its rules before it is mended, and a viewer only looks", async () => {
  const { automation, send, page, post, found } = await schoolThatMissed("viewer");
  await send("POST", "/segments", { id: "s1", name: "Sales", managed: true });
  expect((await page("/catch-up?segment=s1")).text).toContain("Nobody differs");
  const shown = await found();
  expect(shown.text).toContain("it was off");
  expect(shown.text).not.toContain("Start it for");
  expect((await post("/catch-up/start", { automation, days: "7", count: "1" })).status).toBe(403);
  expect((await post("/catch-up/segment", { segment: "s1" })).status).toBe(403);
});
