import { expect, test } from "vitest";
import { createApp } from "../app";
import { call, newSchool } from "../test-client";
import { routes } from "./index";

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
