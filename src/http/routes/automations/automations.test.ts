import { expect, test } from "vitest";
import { createApp } from "../../app";
import { call, newSchool } from "../../test-client";
import { routes } from "../index";

const app = createApp(routes);

test("a list of a hundred automations is answered", async () => {
  const { key } = await newSchool(app);
  const automations = Array.from({ length: 101 }, (_, n) => ({
    id: `aut_${n}`,
    name: "One of many",
    when: [{ type: "user.signed_up" }],
    then: [],
  }));
  await call(app, "PUT", "/v1/import", { automations }, { token: key });
  const { status, body } = await call(app, "GET", "/v1/automations?limit=100", undefined, { token: key });
  expect(status).toBe(200);
  expect(body.data).toHaveLength(100);
});
