import { beforeEach, describe, expect, test } from "vitest";
import { makeSchool, type TestSchool } from "../../test/workers/live";
import { overtakeOnce } from "../../test/workers/overtaken";
import { env } from "../http/test-client";

let school: TestSchool;
let id: string;
let etag: string;

const giving = (tag: string) => ({
  name: "A",
  when: [{ type: "custom", name: "go" }],
  then: [{ type: "tags.add", tags: [tag] }],
});

/** All that a change leaves beside the automation itself. */
const traces = async () => {
  const of = async (sql: string) => (await env.DB.prepare(sql).bind(school.id).all()).results;
  return {
    versions: await of("select version, definition from automation_versions where school = ?"),
    audit: (await of("select what from audit where school = ?")).length,
    words: await of("select value from vocabulary where school = ? and kind = 'tag'"),
  };
};

beforeEach(async () => {
  school = await makeSchool();
  const made = await school.ask("POST", "/v1/automations", giving("first"));
  id = made.body.id;
  etag = made.headers.get("etag") ?? "";
});

test.each([
  ["its tag", 200, (tag: string) => tag],
  ["its tag made weak on its way", 200, (tag: string) => `W/${tag}`],
  ["its tag among others", 200, (tag: string) => `"77", W/${tag}`],
  ["any", 200, () => "*"],
  ["another", 412, () => '"77"'],
  ["several others", 412, () => '"77", W/"78"'],
])("If-Match that names %s is answered %i", async (_, status, header) => {
  const put = await school.ask("PUT", `/v1/automations/${id}`, giving("next"), { "if-match": header(etag) });
  expect(put.status).toBe(status);
});

describe("DELETE honours If-Match", () => {
  const remove = (query: string, tag: string) =>
    school.ask("DELETE", `/v1/automations/${id}${query}`, undefined, { "if-match": tag });

  test.each(["", "?hold=PT1H", "?dry_run=true"])(
    "an older tag is a 412 and deletes nothing: DELETE …%s",
    async (query) => {
      expect((await remove(query, '"77"')).status).toBe(412);
      const { status, body } = await school.ask("GET", `/v1/automations/${id}`);
      expect([status, body.delete_at]).toEqual([200, undefined]);
    },
  );

  test("its own tag deletes it", async () => {
    expect((await remove("", etag)).status).toBe(204);
    expect((await school.ask("GET", `/v1/automations/${id}`)).status).toBe(404);
  });

  test("a change that comes between is not deleted unseen", async () => {
    overtakeOnce(() => school.ask("PATCH", `/v1/automations/${id}`, { description: "renamed" }));
    expect((await remove("", etag)).status).toBe(412);
    expect((await school.ask("GET", `/v1/automations/${id}`)).body.description).toBe("renamed");
  });
});

describe("a change that another overtakes", () => {
  const rename = () => school.ask("PATCH", `/v1/automations/${id}`, { description: "renamed" });

  test("and that If-Match then refuses leaves no version, no word and no word in the audit", async () => {
    overtakeOnce(rename);
    const put = await school.ask("PUT", `/v1/automations/${id}`, giving("refused"), { "if-match": etag });
    expect(put.status).toBe(412);
    const { versions, audit, words } = await traces();
    expect(versions).toHaveLength(1);
    expect(words).toEqual([{ value: "first" }]);
    // The school's key, the automation, the renaming.
    expect(audit).toBe(3);
  });

  test("begins anew without If-Match, and keeps the other's", async () => {
    overtakeOnce(rename);
    const patched = await school.ask("PATCH", `/v1/automations/${id}`, { name: "B" });
    expect(patched.body).toMatchObject({ name: "B", description: "renamed", version: 1 });
  });

  test("is the version that is stored, and the one that runs", async () => {
    overtakeOnce(() => school.ask("PUT", `/v1/automations/${id}`, giving("second")));
    expect((await school.ask("PUT", `/v1/automations/${id}`, giving("third"))).body.version).toBe(3);
    const { versions } = await traces();
    expect(versions.map(({ definition }) => JSON.parse(String(definition)).then[0].tags[0])).toEqual([
      "first",
      "second",
      "third",
    ]);
  });

  test("is a 404 where the other deleted it, and deletes it no second time", async () => {
    overtakeOnce(() => school.ask("DELETE", `/v1/automations/${id}`));
    expect((await rename()).status).toBe(404);
    expect((await traces()).audit).toBe(3);
  });
});
