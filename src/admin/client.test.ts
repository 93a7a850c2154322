import { createExecutionContext } from "cloudflare:test";
import { describe, expect, test, vi } from "vitest";
import type { Role } from "../http/access/credentials";
import { createApp } from "../http/app";
import { routes } from "../http/routes";
import { call, env, newSchool } from "../http/test-client";
import { startSession } from "../schools/sign-in/sessions";
import { loadSchool } from "../world/snapshot";
import { addressIn } from "./address";
import { mountAdmin } from "./app";
import { apiFor, platformApi, type SchoolApi } from "./client";
import { credentialOf } from "./door/session";

const app = createApp(routes);
mountAdmin(app, routes);
const door = () => ({ app, env, context: createExecutionContext() });

async function apiAs(role: Role): Promise<SchoolApi> {
  const school = await loadSchool(env, (await newSchool(app)).id);
  if (!school) throw new Error("no school");
  const credential = credentialOf(school.id, "anna@school.com", role);
  return apiFor(door(), { credential, school });
}

const segment = (api: SchoolApi, id: string) => api.call("POST /v1/segments", { body: { id, name: `Name of ${id}` } });

describe("a route called by its name", () => {
  test("answers what it answers from outside", async () => {
    const api = await apiAs("editor");
    await segment(api, "sales");
    const found = await api.call("GET /v1/segments/:id", { params: { id: "sales" } });
    expect(found).toMatchObject({ id: "sales", name: "Name of sales", managed: false });
    expect(await api.call("DELETE /v1/segments/:id", { params: { id: "sales" } })).toBeNull();
  });

  test.each(["a/b", "a?b=c#d", "ä %2F", "..a"])("takes the parameter %s as it is", async (id) => {
    const api = await apiAs("editor");
    await segment(api, id);
    expect((await api.call("GET /v1/segments/:id", { params: { id } })).id).toBe(id);
  });

  test.each(["", ".", ".."])("is no other route for the parameter “%s”", async (id) => {
    const api = await apiAs("editor");
    // As an address, the last would be that of all runs.
    await expect(api.call("GET /v1/automations/:id/runs", { params: { id } })).rejects.toMatchObject({
      kind: "not_found",
    });
  });

  test("throws its refusal, with the places of what was wrong", async () => {
    const api = await apiAs("editor");
    const made = api.call("POST /v1/segments", { body: { name: "" } });
    await expect(made).rejects.toMatchObject({ kind: "invalid", faults: [{ path: "/name" }] });
  });

  test("says when to come again where there is too much at once, and so does the page", async () => {
    const { id } = await newSchool(app, { collaborators: [{ email: "anna@school.com", role: "viewer" }] });
    const headers = { cookie: `__Host-schoolbell=${await startSession(env, "anna@school.com")}` };
    const busy = vi.spyOn(env.USERS, "getByName").mockImplementation(() => {
      throw Object.assign(new Error("planted"), { overloaded: true });
    });
    const shown = await call(app, "GET", addressIn(id, "/learners/anna"), undefined, { headers });
    busy.mockRestore();
    expect([shown.status, shown.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(shown.text).toContain("Too much at once. Try again later.");
  });

  test("asks for the role that it declares", async () => {
    const viewer = await apiAs("viewer");
    await expect(segment(viewer, "x")).rejects.toMatchObject({ kind: "forbidden" });
    const editor = await apiAs("editor");
    const renamed = editor.call("PATCH /v1/school", { body: { name: "Mine" } });
    await expect(renamed).rejects.toMatchObject({ kind: "forbidden" });
  });

  test("is null where what is sought is not there, and is refused all the same where it must not be asked", async () => {
    const api = await apiAs("viewer");
    expect(await api.find("GET /v1/segments/:id", { params: { id: "none" } })).toBeNull();
    await expect(api.find("DELETE /v1/segments/:id", { params: { id: "none" } })).rejects.toMatchObject({
      kind: "forbidden",
    });
  });
});

describe("a list", () => {
  const ids = Array.from({ length: 103 }, (_, n) => `s${String(n).padStart(3, "0")}`);
  const withMany = async () => {
    const api = await apiAs("editor");
    const segments = ids.map((id) => ({ id, name: id }));
    await api.call("PUT /v1/import", { body: { segments } });
    return api;
  };

  test("comes whole, over its pages", async () => {
    const api = await withMany();
    expect((await api.all("GET /v1/segments")).map(({ id }) => id)).toEqual(ids);
    expect(await api.all("GET /v1/segments", {}, 100)).toHaveLength(100);
  });

  test("is gathered by what is kept of it, and goes on where it stopped", async () => {
    const api = await withMany();
    const gathered = async (cursor: string) => {
      const keep = ({ id }: { id: string }) => id.endsWith("2");
      return api.gather("GET /v1/segments", { query: { cursor } }, { most: 4, asks: 20, keep });
    };
    const first = await gathered("");
    expect(first.data.map(({ id }) => id)).toEqual(["s002", "s012", "s022", "s032"]);
    const second = await gathered(first.next_cursor ?? "");
    expect(second.data.map(({ id }) => id)).toEqual(["s042", "s052", "s062", "s072"]);
    const few = await api.gather("GET /v1/segments", {}, { most: 4, asks: 1, keep: () => false });
    expect(few.data).toEqual([]);
    expect(few.next_cursor).not.toBeNull();
  });
});

test("the platform's routes are called with its token, and nothing else of a school", async () => {
  const platform = platformApi(door());
  const made = await platform.call("POST /v1/schools", { body: { name: "S", mode: "test" } });
  expect(await platform.call("GET /v1/schools/:id", { params: { id: made.school.id } })).toEqual(made.school);
  // @ts-expect-error a school's routes are none of the platform's
  await expect(platform.call("GET /v1/segments")).rejects.toMatchObject({ kind: "forbidden" });
});
