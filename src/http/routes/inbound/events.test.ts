import { SignJWT } from "jose";
import { expect, test } from "vitest";
import { createApp } from "../../app";
import { call, newSchool } from "../../test-client";
import { routes } from "../index";

const app = createApp(routes);

async function school() {
  const { key } = await newSchool(app);
  const api = (method: string, path: string, body?: unknown) => call(app, method, path, body, { token: key });
  return {
    api,
    /** Sends an event and answers with the user after it. */
    send: async (user: string, type: string, data: Record<string, unknown>) =>
      (await api("POST", "/v1/events", { type, user: { id: user }, data })).body.user,
  };
}

test("tags are spelled as first written in the school, by whoever wrote them", async () => {
  const { api, send } = await school();
  expect((await send("anna", "tag.added", { tag: ["VIP", "Ürün"] })).tags).toEqual(["VIP", "Ürün"]);
  expect((await send("bob", "tag.added", { tag: "vip" })).tags).toEqual(["VIP"]);
  expect((await send("cara", "tag.added", { tag: ["One", "ONE", " one "] })).tags).toEqual(["One"]);
  const gives = { name: "A", when: [{ type: "user.signed_in" }], then: [{ type: "tags.add", tags: ["Gold"] }] };
  expect((await api("POST", "/v1/automations", gives)).status).toBe(201);
  expect((await send("bob", "tag.added", { tag: ["gold"] })).tags).toEqual(["VIP", "Gold"]);
});

test("the school learns which courses a bundle holds from the event that names them", async () => {
  const { send } = await school();
  const products = (user: { enrolments: { product: string }[] }) => user.enrolments.map(({ product }) => product);
  expect(products(await send("anna", "bundle.enrolled", { bundle: "all" }))).toEqual(["all"]);
  await send("bob", "bundle.enrolled", { bundle: "all", courses: ["js", "css"] });
  expect(products(await send("eve", "bundle.enrolled", { bundle: "all" }))).toEqual(["all", "js", "css"]);
});

test("a learner's token is answered by what the event itself did, and shown what the school shows", async () => {
  const { id, key } = await newSchool(app, { visible: { tags: ["^level:"], segments: true } });
  const api = (method: string, path: string, body?: unknown, token = key) => call(app, method, path, body, { token });
  const { secret } = (await api("POST", "/v1/signing-secret")).body;
  const token = await new SignJWT({ school: id })
    .setProtectedHeader({ alg: "HS256" })
    .setSubject("anna")
    .setAudience("schoolbell")
    .setExpirationTime("1h")
    .sign(new TextEncoder().encode(secret));
  const then = [{ type: "tags.add", tags: ["level:1", "owes money"] }];
  const when = [{ type: "form.submitted" }];
  expect((await api("POST", "/v1/automations", { name: "A", synchronous: true, when, then })).status).toBe(201);
  const event = { id: "e1", type: "form.submitted", data: { form: "f" } };
  const { body } = await api("POST", "/v1/events", event, token);
  expect(body.facts).toEqual([{ type: "form.submitted", data: { form: "f" } }]);
  expect(body.runs).toEqual([]);
  const shown = { id: "anna", username: null, enrolments: [], courses: {}, tags: ["level:1"], segments: [] };
  expect(body.user).toEqual(shown);
  expect((await api("POST", "/v1/events", event, token)).body).toEqual({ ...body, duplicate: true });
  expect((await api("GET", "/v1/me", undefined, token)).body).toEqual(shown);
  expect((await api("GET", "/v1/users/anna")).body.tags).toEqual(["level:1", "owes money"]);
});

test("who prefers a minimal answer gets it without the user, and the same else: a copy's and a batch's too", async () => {
  const { key } = await newSchool(app);
  const send = (path: string, body: unknown, prefer?: string) =>
    call(app, "POST", path, body, { token: key, headers: prefer === undefined ? {} : { prefer } });
  const event = { id: "e1", type: "tag.added", user: { id: "anna" }, data: { tag: "vip" } };
  const answer = { id: "e1", duplicate: false, facts: [{ type: "tag.added", data: { tag: "vip" } }], runs: [] };
  const first = await send("/v1/events", event, "return=minimal, wait=1");
  expect(first.body).toEqual(answer);
  expect(first.headers.get("preference-applied")).toBe("return=minimal");
  expect((await send("/v1/events", event, "return=minimal")).body).toEqual({ ...answer, duplicate: true });
  const batch = await send("/v1/events/batch", { events: [event] }, "return=minimal");
  expect(batch.body.results).toEqual([{ ...answer, duplicate: true }]);
  expect(batch.headers.get("preference-applied")).toBe("return=minimal");
  const whole = await send("/v1/events", event, "return=representation");
  expect(whole.body.user.tags).toEqual(["vip"]);
  expect(whole.headers.has("preference-applied")).toBe(false);
});
