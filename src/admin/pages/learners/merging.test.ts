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

/** A school with two learners, and somebody of a role signed in to it. */
async function signedIn(role: "editor" | "viewer") {
  const email = `${role}@school.com`;
  const school = await newSchool(app, { collaborators: [{ email, role }] });
  for (const [id, username] of [
    ["anna", "Anna"],
    ["anna-2", "Anna Smith"],
  ])
    await call(app, "PUT", `/v1/users/${id}`, { username }, { token: school.key });
  const headers = { cookie: `__Host-schoolbell=${await startSession(env, email)}` };
  const at = addressIn(school.id, "/learners/anna/merge");
  const post = (from: string) =>
    call(app, "POST", at, formOf(at, { from }), {
      headers: {
        ...headers,
        origin: "https://schoolbell.test",
        "content-type": "application/x-www-form-urlencoded",
      },
    });
  return { school, at, post, get: (query: string) => call(app, "GET", at + query, undefined, { headers }) };
}

test("a learner is merged after it was searched for, and what follows was said", async () => {
  const { school, at, get, post } = await signedIn("editor");
  const found = await get("?q=anna");
  expect(found.text).toContain(`${at}?from=anna-2`);
  expect(found.text).not.toContain(`${at}?from=anna"`);
  const asked = await get("?from=anna-2");
  expect(asked.text).toContain("Merge for good");
  expect(asked.text).toContain("This cannot be undone");
  expect((await call(app, "GET", "/v1/users/anna-2", undefined, { token: school.key })).status).toBe(200);
  const done = await post("anna-2");
  expect(done.headers.get("location")).toBe(addressIn(school.id, "/learners/anna?done=merged"));
  expect((await call(app, "GET", "/v1/users/anna-2", undefined, { token: school.key })).status).toBe(404);
});

test("a learner who is not there, or the same, is not merged, and the page says why", async () => {
  const { get, post } = await signedIn("editor");
  expect((await get("?from=nobody")).text).not.toContain("Merge for good");
  expect((await get("?from=anna")).text).not.toContain("Merge for good");
  const refused = await post("anna");
  expect([refused.status, refused.text]).toEqual([422, expect.stringContaining("cannot be merged into itself")]);
  expect((await post("nobody")).text).toContain("Not merged");
});

test("a viewer merges nobody", async () => {
  const { post } = await signedIn("viewer");
  expect((await post("anna-2")).status).toBe(403);
});
