import { expect, test } from "vitest";
import { signedIn } from "../../test-signed-in";

/** A school with two learners, and the page on which another is merged into the first. */
async function mergingFor(role: "editor" | "viewer") {
  const { ask, at, get, post } = await signedIn(role);
  await ask("PUT", "/v1/users/anna", { username: "Anna" });
  await ask("PUT", "/v1/users/anna-2", { username: "Anna Smith" });
  const page = "/learners/anna/merge";
  return { ask, at: at(page), get: (query: string) => get(page + query), post: (from: string) => post(page, { from }) };
}

test("a learner is merged after it was searched for, and what follows was said", async () => {
  const { ask, at, get, post } = await mergingFor("editor");
  const found = await get("?q=anna");
  expect(found.text).toContain(`${at}?from=anna-2`);
  expect(found.text).not.toContain(`${at}?from=anna"`);
  const asked = await get("?from=anna-2");
  expect(asked.text).toContain("Merge for good");
  expect(asked.text).toContain("This cannot be undone");
  expect((await ask("GET", "/v1/users/anna-2")).status).toBe(200);
  const done = await post("anna-2");
  expect(done.headers.get("location")).toBe(`${at.replace(/\/merge$/, "")}?done=merged`);
  expect((await ask("GET", "/v1/users/anna-2")).status).toBe(404);
});

test("a learner who is not there, or the same, is not merged, and the page says why", async () => {
  const { get, post } = await mergingFor("editor");
  expect((await get("?from=nobody")).text).not.toContain("Merge for good");
  expect((await get("?from=anna")).text).not.toContain("Merge for good");
  const refused = await post("anna");
  expect([refused.status, refused.text]).toEqual([422, expect.stringContaining("cannot be merged into itself")]);
  expect((await post("nobody")).text).toContain("Not merged");
});

test("a viewer merges nobody", async () => {
  const { post } = await mergingFor("viewer");
  expect((await post("anna-2")).status).toBe(403);
});
