import { describe, expect, test } from "vitest";
import { signedIn } from "../../test-signed-in";

/** The pages of one learner. */
async function annaFor(role: "editor" | "viewer") {
  const { ask, at, get, post } = await signedIn(role);
  await ask("PUT", "/v1/users/anna", { username: "Anna" });
  const of = (end: string) => `/learners/anna${end}`;
  return {
    ask,
    at: (end: string) => at(of(end)),
    get: (end: string) => get(of(end)),
    post: (end: string, fields: Record<string, string>) => post(of(end), fields),
    anna: async () => (await ask("GET", "/v1/users/anna")).body,
  };
}

describe("acting on a learner", () => {
  test("gives and takes tags, courses and groups, and says what was done", async () => {
    const { at, post, get, anna } = await annaFor("editor");
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
    const { ask, at, post, get } = await annaFor("editor");
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

  test("writes a mail, once however often the form is sent, and shows what is wrong at its field", async () => {
    const { ask, at, get, post } = await annaFor("editor");
    expect((await get("/act")).text).toContain("Anna has no email address.");
    await ask("PUT", "/v1/users/anna", { email: "anna@acme.com" });
    expect((await get("/act")).text).toContain(at("/write"));
    const form = await get("/write");
    const id = /name="id" value="([^"]+)"/.exec(form.text)?.[1] ?? "";
    expect([form.status, id]).toEqual([200, expect.stringMatching(/./)]);
    const refused = await post("/write", { id, subject: "Hi", body: "{{ user.username " });
    expect(refused.status).toBe(422);
    expect(refused.text).toMatch(/id="f-body-says"[\s\S]*✕/);
    const written = { id, subject: "Hi {{ user.username }}", body: "Hello." };
    const first = await post("/write", written);
    const place = first.headers.get("location");
    expect(place).toMatch(/\/deliveries\/dlv_\w+\?done=written$/);
    expect((await post("/write", written)).headers.get("location")).toBe(place);
    expect((await get("/messages")).text).toMatch(/Hi Anna[\s\S]*by hand/);
    expect((await get("/timeline")).text).toContain("“Hi Anna”");
  });

  test("offers no variable that only an event gives a value, and refuses one at its field, in words", async () => {
    const { ask, get, post } = await annaFor("editor");
    await ask("PUT", "/v1/users/anna", { email: "anna@acme.com" });
    const mail_pieces = [
      { id: "bye", name: "Bye", body: "See you" },
      { id: "about", name: "About it", body: "About {{ course.name }}" },
    ];
    await ask("PATCH", "/v1/school", { settings: { mail_pieces } });
    const data = /id="write-data">([^<]+)</.exec((await get("/write")).text)?.[1] ?? "";
    const offered: string[] = JSON.parse(data).variables.map(({ type }: { type: string }) => type);
    expect(offered).toEqual(expect.arrayContaining(["user.username", "school.name", "pieces.bye"]));
    expect(offered.filter((name) => /^(?:event|course|bundle|pieces\.about)\b/.test(name))).toEqual([]);
    const refused = await post("/write", { id: "m1", subject: "{{ event.course }}", body: "Hello" });
    expect(refused.text).toMatch(/id="f-subject-says"[\s\S]*No event starts this mail, so nothing is known of/);
    const { data: sent } = (await ask("GET", "/v1/deliveries")).body;
    expect(sent).toEqual([]);
  });

  test("says of a mail that its kind is gone, though no field of the form is it any more", async () => {
    const { ask, post } = await annaFor("editor");
    await ask("PUT", "/v1/users/anna", { email: "anna@acme.com" });
    const refused = await post("/write", { id: "m1", subject: "Hi", body: "Hello", topic: "news" });
    const page = refused.text.split("write-data")[0];
    expect([refused.status, page]).toEqual([422, expect.stringMatching(/here is no kind of mail .{0,6}news/)]);
  });

  test("shows why something was not done", async () => {
    const { post, anna } = await annaFor("editor");
    const refused = await post("/act", { deed: "tag", value: "\u200b" });
    expect(refused.status).toBe(422);
    expect((await anna()).tags).toEqual([]);
  });

  test("is not for viewers", async () => {
    const { get, post } = await annaFor("viewer");
    for (const end of ["/act", "/change", "/write"]) {
      const shown = await get(end);
      expect([
        shown.status,
        shown.text.includes("takes an editor"),
        /name="(deed|username|subject)"/.test(shown.text),
      ]).toEqual([200, true, false]);
    }
    expect((await post("/act", { deed: "tag", value: "vip" })).status).toBe(403);
    expect((await get("")).text).not.toContain("/learners/anna/act");
  });
});

describe("changing a learner", () => {
  test("writes what differs, with values of the fields' types, and empties what is left empty", async () => {
    const { ask, at, post, get, anna } = await annaFor("editor");
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
    const { ask, post } = await annaFor("editor");
    await ask("POST", "/v1/profile-fields", { key: "age", name: "Age", type: "number" });
    const refused = await post("/change", { username: "Anna", "field.age": "forty" });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('value="forty"');
    expect(refused.text).toMatch(/id="f-field\.age-says"/);
  });
});
