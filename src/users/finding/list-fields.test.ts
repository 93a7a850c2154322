import { beforeEach, describe, expect, test } from "vitest";
import { call, makeSchool, type TestSchool } from "../../../test/workers/live";

/* Fields that are lists, by each way in, and what rules make of them. */

let school: TestSchool;
beforeEach(async () => {
  school = await makeSchool("test");
  await ask("POST", "/v1/profile-fields", { key: "skills", name: "Skills", type: "list" });
  await ask("POST", "/v1/profile-fields", { key: "teams", name: "Teams", type: "list", choices: ["Red", "Blue"] });
});

const ask = async (method: string, path: string, body?: unknown) => {
  const answered = await school.ask(method, path, body);
  expect(answered.status, JSON.stringify(answered.body)).toBeLessThan(300);
  return answered.body;
};
const fieldsOf = async (user: string) => (await ask("GET", `/v1/users/${user}`)).fields;
const members = async () =>
  (await ask("GET", "/v1/segments/seg/members")).data.map(({ id }: { id: string }) => id) as string[];
const ruled = async (clause: Record<string, unknown>) => {
  await ask("POST", "/v1/segments", { id: "seg", name: "Seg", managed: true });
  await ask("POST", "/v1/segment-rules", { segment: "seg", match: "all", where: [clause] });
};

describe("what comes in", () => {
  test("PUT and events take lists, and refuse what is none by its place", async () => {
    expect((await ask("PUT", "/v1/users/anna", { fields: { skills: ["js", "css"] } })).fields).toEqual({
      skills: ["js", "css"],
    });
    const user = { id: "anna", fields: { teams: ["Red"] } };
    expect((await ask("POST", "/v1/events", { type: "user.signed_in", user })).user.fields).toEqual({
      skills: ["js", "css"],
      teams: ["Red"],
    });
    const refused = await school.ask("PUT", "/v1/users/anna", {
      fields: { teams: ["Green"], skills: "js", other: ["x"] },
    });
    expect([refused.status, refused.body.errors.map(({ path }: { path: string }) => path).sort()]).toEqual([
      422,
      ["/fields/other", "/fields/skills", "/fields/teams"],
    ]);
  });

  test("a cell of a file has | between the texts, an empty one leaves the list", async () => {
    const csv = "id,fields.skills,fields.teams\nanna,js | css,Red\nben,,Green\n";
    const headers = { "content-type": "text/csv" };
    const shown = await call("POST", "/v1/users/import?dry_run=true", csv, school.key, headers);
    expect(shown.body).toMatchObject({
      rows: [
        ["anna", "js|css", "Red"],
        ["ben", "", "Green"],
      ],
      errors: [{ line: 3, message: 'fields.teams: "Green" is not a choice of Red, Blue' }],
    });
    await call("POST", "/v1/users/import", csv, school.key, headers);
    expect(await fieldsOf("anna")).toEqual({ skills: ["js", "css"], teams: ["Red"] });
    await call("POST", "/v1/users/import", "id,fields.skills\nanna,\n", school.key, headers);
    expect(await fieldsOf("anna")).toEqual({ skills: ["js", "css"], teams: ["Red"] });
  });

  test("another format's text is a list of one, and of a list what fits is taken and the rest told", async () => {
    const identify = (traits: Record<string, unknown>) =>
      ask("POST", "/v1/identify", { userId: "anna", messageId: crypto.randomUUID(), traits });
    await identify({ skills: "js", teams: ["red", "Green", "Blue"] });
    expect(await fieldsOf("anna")).toEqual({ skills: ["js"], teams: ["Red", "Blue"] });
    const { data } = await ask("GET", "/v1/unmapped");
    expect(data).toMatchObject([{ path: "/traits/teams/1", message: expect.stringContaining("Green") }]);
    // A text that is no choice leaves what is there.
    await identify({ teams: "Green" });
    expect((await fieldsOf("anna")).teams).toEqual(["Red", "Blue"]);
  });
});

describe("rules", () => {
  test("“is not” holds for whoever has nothing in the list, too", async () => {
    await ask("PUT", "/v1/users/anna", { fields: { skills: ["js"] } });
    await ask("PUT", "/v1/users/ben", {});
    await ruled({ field: "skills", op: "is_not", value: "js" });
    expect(await members()).toEqual(["ben"]);
    await ask("PUT", "/v1/users/anna", { fields: { skills: [] } });
    expect(await members()).toEqual(["anna", "ben"]);
  });

  test("a field that becomes a list, and one that is one no more, moves the members of its rules by a job", async () => {
    await ask("POST", "/v1/profile-fields", { key: "town", name: "Town", type: "text" });
    await ask("PUT", "/v1/users/anna", { fields: { town: "Athens" } });
    await ask("PUT", "/v1/users/ben", {});
    await ruled({ field: "town", op: "is_not", value: "Rome" });
    expect(await members()).toEqual(["anna"]);
    const { job_id: job } = await ask("PATCH", "/v1/profile-fields/town", { type: "list" });
    expect((await ask("GET", `/v1/jobs/${job}`)).status).toBe("done");
    // A text that is held stays what it is, and counts as a list of one.
    expect([await members(), await fieldsOf("anna")]).toEqual([["anna", "ben"], { town: "Athens" }]);
    await ask("PATCH", "/v1/profile-fields/town", { type: "text" });
    expect(await members()).toEqual(["anna"]);
    expect(await ask("PATCH", "/v1/profile-fields/town", { type: "choice", choices: ["Rome"] })).not.toHaveProperty(
      "job_id",
    );
  });

  test("definitions go out and come in with lists, and an import that makes one moves members", async () => {
    await ask("POST", "/v1/profile-fields", { key: "town", name: "Town", type: "text" });
    await ask("PUT", "/v1/users/ben", {});
    await ruled({ field: "town", op: "is_not", value: "Rome" });
    const document = await ask("GET", "/v1/export");
    expect(document.profile_fields).toContainEqual(expect.objectContaining({ key: "teams", choices: ["Red", "Blue"] }));
    const profile_fields = [{ key: "town", name: "Town", type: "list", choices: null }];
    await ask("PUT", "/v1/import", { profile_fields });
    expect(await members()).toEqual(["ben"]);
  });
});

test("a choice becomes a list of its choices, and keeps them", async () => {
  await ask("POST", "/v1/profile-fields", { key: "size", name: "Size", type: "choice", choices: ["S", "L"] });
  expect(await ask("PATCH", "/v1/profile-fields/size", { type: "list" })).toMatchObject({ choices: ["S", "L"] });
  expect(await ask("PATCH", "/v1/profile-fields/size", { choices: null })).toMatchObject({
    type: "list",
    choices: null,
  });
  expect((await school.ask("PATCH", "/v1/profile-fields/size", { type: "choice" })).status).toBe(422);
});
