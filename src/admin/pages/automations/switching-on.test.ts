import { expect, test, vi } from "vitest";
import { consume, env, flushLog, liveSchool } from "../../../../test/workers/live";
import { createApp } from "../../../http/app";
import { routes } from "../../../http/routes";
import { call } from "../../../http/test-client";
import { startSession } from "../../../schools/sign-in/sessions";
import { addressIn } from "../../address";
import { mountAdmin } from "../../app";
import { formOf } from "../../test-forms";

const app = createApp(routes);
mountAdmin(app, routes);

const EMAIL = "editor@school.com";
const { school, queues } = liveSchool("live", {
  collaborators: [{ email: EMAIL, role: "editor" }],
  connectors: { email: null },
});

const LETTER = { type: "email.user", subject: "Welcome", body: "Hello" };
const cookie = async () => ({ cookie: `__Host-schoolbell=${await startSession(env, EMAIL)}` });
const at = (path: string) => addressIn(school.id, path);

async function get(path: string): Promise<string> {
  const { text } = await call(app, "GET", at(path), undefined, { headers: await cookie() });
  return text.replaceAll(/\s+/g, " ");
}
async function post(path: string, fields: Record<string, string>) {
  const { headers } = await call(app, "POST", at(path), formOf(at(path), fields), {
    headers: {
      ...(await cookie()),
      origin: "https://schoolbell.test",
      "content-type": "application/x-www-form-urlencoded",
    },
  });
  return headers.get("location") ?? "";
}
const isActive = async (id: string) => (await school.ask("GET", `/v1/automations/${id}`)).body.active;
async function happens(type: string, user: Record<string, unknown>, data: Record<string, unknown>): Promise<void> {
  await school.ask("POST", "/v1/events", { type, user, data });
  while (queues.actions.length) await consume("schoolbell-actions", queues.actions.splice(0));
  await flushLog(school.id, String(user.id));
}

test("what mails in a live school without mail is switched on after a question, and by the API at once", async () => {
  const id = await school.automation({
    ...{ name: "Letters", active: false, when: [{ type: "user.signed_up" }], then: [LETTER] },
  });
  const question = await post(`/automations/${id}/active`, { active: "true", back: at("/automations") });
  expect(question).toContain("/switch-on?");
  expect(await isActive(id)).toBe(false);
  const asked = await get(question.slice(at("").length));
  expect(asked).toContain("Email is not set up");
  expect(asked).toContain("Switch on all the same");
  expect(await post("/automations/many", { id, do: "activate" })).toContain("/switch-on?");
  await post(`/automations/${id}/active`, { active: "true", asked: "yes" });
  expect(await isActive(id)).toBe(true);
  await school.patch(id, { active: false });
  await school.patch(id, { active: true });
  expect(await isActive(id)).toBe(true);
});

test("before it is switched on it says for whom it is so already, and starts for them when asked to", async () => {
  for (const user of ["anna", "ben"]) await happens("course.enrolled", { id: user }, { course: "js-101" });
  await school.ask("PUT", "/v1/products/course/js-101", { name: "JavaScript 101" });
  const id = await school.automation({
    ...{ name: "Tips", active: false, when: [{ type: "course.enrolled", courses: ["js-101"] }] },
    then: [{ type: "tags.add", tags: ["tipped"] }],
  });
  const shown = await get(`/automations/${id}`);
  expect(shown).toMatch(/2 learners are enrolled in <em>JavaScript 101<\/em> already/);
  const job = await post(`/automations/${id}/active`, { active: "true", start: "yes" });
  expect(job).toContain("/jobs/");
  while (queues.actions.length) await consume("schoolbell-actions", queues.actions.splice(0));
  for (const user of ["anna", "ben"])
    expect((await school.ask("GET", `/v1/users/${user}`)).body.tags, user).toEqual(["tipped"]);
});

test("whom it starts for at once is not forgotten where it is asked first, as mail is not set up", async () => {
  await happens("tag.added", { id: "carla", email: "carla@acme.com" }, { tag: "vip" });
  const id = await school.automation({
    ...{ name: "For them", active: false, when: [{ type: "tag.added", tags: ["vip"] }], then: [LETTER] },
  });
  const question = await post(`/automations/${id}/active`, { active: "true", start: "yes" });
  const asked = await get(question.slice(at("").length));
  expect(asked).toContain("It starts at once for the learners for whom it is so already");
  expect(asked).toContain('name="start" value="yes"');
  const job = await post(`/automations/${id}/active`, { active: "true", asked: "yes", start: "yes" });
  expect(job).toContain("/jobs/");
});

test("what does not get through is marked on the row of its automation and on the way to deliveries", async () => {
  vi.spyOn(console, "error").mockReturnValue();
  vi.spyOn(globalThis, "fetch").mockImplementation(async (url) =>
    String(url).includes("gone") ? new Response(null, { status: 410 }) : new Response(null, { status: 503 }),
  );
  for (const name of ["gone", "slow"])
    await school.automation({
      ...{ name, when: [{ type: "custom", name }] },
      then: [{ type: "webhook.send", url: `https://${name}.acme.com/in` }],
    });
  expect(await get("/automations")).not.toContain("since yesterday");
  await happens("custom.gone", { id: "anna" }, {});
  await happens("custom.slow", { id: "anna" }, {});
  const list = await get("/automations");
  expect(list).toContain("1 message failed since yesterday");
  expect(list).toMatch(/1 message is being tried again/);
  expect(list).toMatch(/Deliveries <span class="top-mark"[^>]*><span aria-hidden="true">⚠<\/span> 2/);
});
