import { describe, expect, test } from "vitest";
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
  await ask("PUT", "/v1/users/anna", { username: "Anna" });
  const headers = { cookie: `__Host-schoolbell=${await startSession(env, email)}` };
  const at = (end: string) => addressIn(school.id, `/learners/anna${end}`);
  const post = (end: string, fields: Record<string, string>) =>
    call(app, "POST", at(end), formOf(at(end), fields), {
      headers: {
        ...headers,
        origin: "https://schoolbell.test",
        "content-type": "application/x-www-form-urlencoded",
      },
    });
  const get = (end: string) => call(app, "GET", at(end), undefined, { headers });
  const anna = async () => (await ask("GET", "/v1/users/anna")).body;
  return { ask, at, post, get, anna };
}

describe("acting on a learner", () => {
  test("gives and takes tags, courses and groups, and says what was done", async () => {
    const { at, post, get, anna } = await signedIn("editor");
    const done = await post("/act", { deed: "tag", value: "vip" });
    expect(done.headers.get("location")).toBe(at("/act?done=acted"));
    await post("/act", { deed: "enrol", value: "js-101" });
    await post("/act", { deed: "join", value: "mornings" });
    expect(await anna()).toMatchObject({
      tags: ["vip"],
      enrolments: [{ product: "js-101" }],
      groups: ["mornings"],
      givers: { tags: { vip: { by: "hand", id: "editor@school.com" } } },
    });
    expect((await get("/act")).text).toContain("js-101");
    await post("/act", { deed: "untag", value: "vip" });
    await post("/act", { deed: "leave", value: "mornings" });
    await post("/act", { deed: "unenrol", value: "js-101" });
    expect(await anna()).toMatchObject({ tags: [], enrolments: [], groups: [] });
  });

  test("starts an automation, and says where it is kept out; what is under way is ended", async () => {
    const { ask, at, post, get } = await signedIn("editor");
    const waits = { name: "Waits", when: [{ type: "user.signed_up" }], then: [{ type: "wait", for: "P2D" }] };
    const begin = async (more: object) => {
      const made = (await ask("POST", "/v1/automations", { ...waits, synchronous: true, ...more })).body;
      return (await post("/act/start", { automation: made.id })).headers.get("location");
    };
    expect(await begin({ only_if: { type: "user.is_paying" } })).toBe(at("/act?done=kept_out"));
    expect(await begin({})).toBe(at("/act?done=begun"));
    await ask("POST", "/v1/events", { type: "user.signed_up", user: { id: "anna" } });
    expect((await get("/act")).text).toContain("End the execution");
    await post("/act/end", {});
    const { data } = (await ask("GET", "/v1/runs?user=anna")).body;
    expect(data.map(({ status }: { status: string }) => status)).toEqual(["cancelled"]);
  });

  test("shows why something was not done", async () => {
    const { post, anna } = await signedIn("editor");
    const refused = await post("/act", { deed: "tag", value: "\u200b" });
    expect(refused.status).toBe(422);
    expect((await anna()).tags).toEqual([]);
  });

  test("is not for viewers", async () => {
    const { get, post } = await signedIn("viewer");
    for (const end of ["/act", "/change"]) {
      const shown = await get(end);
      expect([shown.status, shown.text.includes("takes an editor"), /name="(deed|username)"/.test(shown.text)]).toEqual(
        [200, true, false],
      );
    }
    expect((await post("/act", { deed: "tag", value: "vip" })).status).toBe(403);
    expect((await get("")).text).not.toContain("/learners/anna/act");
  });
});

describe("changing a learner", () => {
  test("writes what differs, with values of the fields' types, and empties what is left empty", async () => {
    const { ask, at, post, get, anna } = await signedIn("editor");
    const fields = [
      { key: "age", name: "Age", type: "number" },
      { key: "team", name: "Team", type: "choice", choices: ["North", "South"] },
      { key: "likes", name: "Likes", type: "list" },
      { key: "ends", name: "Ends", type: "date" },
    ];
    for (const field of fields) expect((await ask("POST", "/v1/profile-fields", field)).status).toBe(201);
    await ask("PUT", "/v1/users/anna", { email: "anna@acme.com" });
    const form = await get("/change");
    expect(form.text).toContain('value="anna@acme.com"');
    const written = {
      username: "Anna Adler",
      email: "",
      "field.age": "41,5",
      "field.team": "South",
      "field.likes": "chess, tea",
      "field.ends": "2027-01-31",
    };
    expect((await post("/change", written)).headers.get("location")).toBe(at("?done=saved"));
    expect(await anna()).toMatchObject({
      username: "Anna Adler",
      email: null,
      marketing_consent: false,
      fields: { age: 41.5, team: "South", likes: ["chess", "tea"] },
    });
  });

  test("shows the form again with what is wrong at its field", async () => {
    const { ask, post } = await signedIn("editor");
    await ask("POST", "/v1/profile-fields", { key: "age", name: "Age", type: "number" });
    const refused = await post("/change", { username: "Anna", "field.age": "forty" });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('value="forty"');
    expect(refused.text).toMatch(/id="f-field\.age-says"/);
  });
});
