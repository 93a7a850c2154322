import { afterEach, expect, test, vi } from "vitest";
import { createApp } from "../http/app";
import { routes } from "../http/routes";
import { call, env, newSchool } from "../http/test-client";
import { deletedBy, deletionOf } from "./deleted";

const app = createApp(routes);

afterEach(() => void vi.useRealTimers());

async function deleted() {
  const school = await newSchool(app);
  const definition = { name: "Onboarding", when: [{ type: "user.signed_up" }], then: [{ type: "exit", id: "s1" }] };
  const { body } = await call(app, "POST", "/v1/automations", definition, { token: school.key });
  expect(await deletionOf(env, school.id, body.id)).toBeNull();
  await call(app, "DELETE", `/v1/automations/${body.id}`, undefined, { token: school.key });
  return { ...school, definition, entry: (await deletionOf(env, school.id, body.id)) ?? "" };
}

test("what a deletion took can be made again for an hour", async () => {
  const { id, entry, definition } = await deleted();
  expect(await deletedBy(env, id, entry)).toMatchObject(definition);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_600_001 });
  await expect(deletedBy(env, id, entry)).rejects.toMatchObject({ kind: "conflict" });
});

test("nothing else can be made again: no other entry, and no other school's", async () => {
  const [{ entry }, { id }] = [await deleted(), await newSchool(app)];
  await expect(deletedBy(env, id, entry)).rejects.toMatchObject({ kind: "not_found" });
  const { id: own } = await newSchool(app);
  await expect(deletedBy(env, own, "aud_none")).rejects.toMatchObject({ kind: "not_found" });
});
