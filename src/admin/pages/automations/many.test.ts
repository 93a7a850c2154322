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

async function signedIn(role: "editor" | "viewer") {
  const email = `${role}@school.com`;
  const school = await newSchool(app, { collaborators: [{ email, role }] });
  const ask = (method: string, path: string, body?: unknown) => call(app, method, path, body, { token: school.key });
  const ids: string[] = [];
  for (const name of ["One", "Two"])
    ids.push(
      (await ask("POST", "/v1/automations", { name, when: [{ type: "custom", name: "go" }], then: [] })).body.id,
    );
  const headers = { cookie: `__Host-schoolbell=${await startSession(env, email)}` };
  const at = addressIn(school.id, "/automations/many");
  const post = (fields: Record<string, string>, picked: readonly string[]) => {
    const form = new URLSearchParams(formOf(at, fields));
    for (const id of picked) form.append("id", id);
    return call(app, "POST", at, form.toString(), {
      headers: { ...headers, origin: "https://schoolbell.test", "content-type": "application/x-www-form-urlencoded" },
    });
  };
  const list = addressIn(school.id, "/automations");
  const shown = async () => (await call(app, "GET", list, undefined, { headers })).text;
  return { ask, ids, post, shown, list };
}

test("those that are picked are switched, labelled and deleted together, the latter for an hour not for good", async () => {
  const { ask, ids, post, shown, list } = await signedIn("editor");
  expect(await shown()).toContain('aria-label="Pick One"');
  const location = (answer: { headers: Headers }) => answer.headers.get("location");
  expect(location(await post({ do: "deactivate" }, ids))).toBe(`${list}?done=many`);
  expect((await ask("GET", "/v1/automations?active=true")).body.data).toEqual([]);
  await post({ do: "label", label: "Q3" }, ids);
  expect((await ask("GET", "/v1/automations?label=q3")).body.data).toHaveLength(2);
  expect(location(await post({ do: "delete" }, [...ids, "aut_none"]))).toBe(`${list}?done=many_but_some`);
  expect((await ask("GET", "/v1/automations?deleted=true")).body.data).toHaveLength(2);
  expect(location(await post({ do: "activate" }, []))).toBe(`${list}?done=none_picked`);
  expect((await post({ do: "label", label: "" }, ids)).status).toBe(422);
});

test("viewers pick nothing", async () => {
  const { ids, post, shown } = await signedIn("viewer");
  expect(await shown()).not.toContain("Pick One");
  expect((await post({ do: "delete" }, ids)).status).toBe(403);
});
