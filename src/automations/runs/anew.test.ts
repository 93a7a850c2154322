import { expect, test } from "vitest";
import { call, PLATFORM } from "../../../test/workers/live";

test("runs of an earlier automation of the same id are listed by status, also where one was made anew in the same moment", async () => {
  const made = { name: "S", mode: "test", now: "2026-01-05T09:00:00.000Z" };
  const key: string = (await call("POST", "/v1/schools", made, PLATFORM)).body.api_key;
  const ask = (method: string, path: string, body?: unknown) => call(method, path, body, key);
  const tagged = { when: [{ type: "tag.added", tags: ["go"] }], then: [], synchronous: true, active: true };
  const automations = [{ id: "a", name: "A", ...tagged }];
  const tag = (user: string) =>
    ask("POST", "/v1/events", { type: "tag.added", user: { id: user }, data: { tag: "go" } });
  const completed = async () => {
    const { data, next_cursor: next } = (await ask("GET", "/v1/runs?automation=a&status=completed")).body;
    return [data.map((run: { user_id: string }) => run.user_id).toSorted(), next];
  };
  expect((await ask("PUT", "/v1/import", { automations })).status).toBe(200);
  for (const user of ["anna", "ben"]) await tag(user);
  expect(await completed()).toEqual([["anna", "ben"], null]);
  expect((await ask("DELETE", "/v1/automations/a")).status).toBeLessThan(300);
  expect((await ask("PUT", "/v1/import", { automations })).status).toBe(200);
  expect(await completed()).toEqual([["anna", "ben"], null]);
  await tag("cleo");
  expect(await completed()).toEqual([["anna", "ben", "cleo"], null]);
});
