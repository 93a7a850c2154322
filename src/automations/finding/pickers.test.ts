import { expect, test } from "vitest";
import { fillSoughtOf } from "../../../test/workers/sought";
import { searchKey } from "../../base/text/text";
import { database } from "../../db/client";
import { segments, vocabulary } from "../../db/schema";
import { createApp } from "../../http/app";
import { routes } from "../../http/routes";
import { call, env, newSchool } from "../../http/test-client";
import { loadSchool, type School } from "../../world/snapshot";
import { wordsLike } from "./pickers";

const app = createApp(routes);

async function schoolWithWords(): Promise<School> {
  const collaborators = ["anna", "ben"].map((name) => ({ email: `${name}@school.com`, role: "owner" }));
  const { id, key } = await newSchool(app, { collaborators });
  const send = (path: string, body: unknown) => call(app, "POST", path, body, { token: key });
  await send("/v1/segments", { id: "p1", name: "Parents" });
  await send("/v1/segments", { id: "t1", name: "Teachers" });
  await send("/v1/profile-fields", { key: "department", name: "Department", type: "text" });
  for (const course of ["js-101", "css-1"])
    await send("/v1/events", { id: course, type: "course.enrolled", user: { id: "u" }, data: { course } });
  const school = await loadSchool(env, id);
  if (!school) throw new Error("no school");
  return school;
}

test("pickers find what has a name by the name and by the id", async () => {
  const school = await schoolWithWords();
  const parents = [{ value: "p1", label: "Parents" }];
  expect(await wordsLike(env, school, "segment", "PARENT")).toEqual(parents);
  expect(await wordsLike(env, school, "segment", "p1")).toEqual(parents);
  await database(env.DB)
    .insert(vocabulary)
    .values({ school: school.id, kind: "tag", value: "ΣΟΦΌΣΤΕΡΟΣ", key: "σοφόστερος" });
  for (const q of ["ΣΟΦΌΣ", "ΣΟΦΟΣ", "σοφος"])
    expect(await wordsLike(env, school, "tag", q), q).toEqual([{ value: "ΣΟΦΌΣΤΕΡΟΣ" }]);
  expect(await wordsLike(env, school, "field", "")).toEqual([{ value: "department", label: "Department" }]);
  expect(await wordsLike(env, school, "automation", "")).toEqual([]);
});

test("auto groups, which have no names, are offered by those of their courses", async () => {
  const { id, key } = await newSchool(app);
  const school = await loadSchool(env, id);
  if (!school) throw new Error("no school");
  for (const data of [{ group: "js-101:Sales" }, { group: "sellers" }])
    await call(app, "POST", "/v1/events", { type: "group.joined", user: { id: "u" }, data }, { token: key });
  await call(app, "PUT", "/v1/products/course/js-101", { name: "JavaScript 101" }, { token: key });
  expect(await wordsLike(env, school, "group", "s")).toEqual([
    { value: "js-101:Sales", label: "JavaScript 101: Sales" },
    { value: "sellers" },
  ]);
});

test("of products they find what events have told, and of collaborators each role once", async () => {
  const school = await schoolWithWords();
  expect(await wordsLike(env, school, "course", "JS")).toEqual([{ value: "js-101" }]);
  expect(await wordsLike(env, school, "collaborator", "")).toEqual(
    ["role:owner", "anna@school.com", "ben@school.com"].map((value) => ({ value })),
  );
});

test("pickers offer the words of their kind, a product of any kind sold, and nothing where facts name nothing", async () => {
  const school = await schoolWithWords();
  const words = [
    ["bundle", "js-all"],
    ["subscription", "gold"],
    ["tag", "js"],
    ["space", "js-lounge"],
  ] as const;
  await database(env.DB)
    .insert(vocabulary)
    .values(words.map(([kind, value]) => ({ school: school.id, kind, key: value, value })));
  const offered = async (kind: string, q = "") => (await wordsLike(env, school, kind, q)).map(({ value }) => value);
  expect(await offered("course", "js")).toEqual(["js-101"]);
  expect(await offered("product")).toEqual(["css-1", "js-101", "js-all", "gold"]);
  expect(await offered("product", "JS")).toEqual(["js-101", "js-all"]);
  expect(await offered("space")).toEqual([]);
});

test("of more than are looked through, one is found by the beginning of its name in any case, by several words too", async () => {
  const school = await schoolWithWords();
  const row = (name: string, n: number) => ({ school: school.id, id: `s${n}`, name, managed: false, createdAt: n });
  const many = Array.from({ length: 1_100 }, (_, n) => row(`Course ${1_000 + n}`, n));
  for (let from = 0; from < many.length; from += 10)
    await database(env.DB)
      .insert(segments)
      .values(many.slice(from, from + 10));
  await database(env.DB)
    .insert(segments)
    .values([row("Zeta Drip campaign", 2_000), row("Ängste ÜBEN", 2_001)]);
  const found = async (q: string) => (await wordsLike(env, school, "segment", q)).map(({ label }) => label);
  for (const q of ["zeta", "zeta drip", "ZETA DRIP C", "Zeta  drip campaign"])
    expect(await found(q), q).toEqual(["Zeta Drip campaign"]);
  expect(await found("ängste üben")).toEqual(["Ängste ÜBEN"]);
  expect(await found("course 2099")).toEqual(["Course 2099"]);
});

test("of more than are looked through, one is found by the beginning of any of its words, of each kind that has names", async () => {
  const school = await schoolWithWords();
  const fill = (table: string, columns: string, values: string) =>
    env.DB.prepare(
      `with recursive numbers(n) as (select 0 union all select n + 1 from numbers where n < 1099)
       insert into ${table} (school, ${columns}) select ?1, ${values} from numbers`,
    )
      .bind(school.id)
      .run();
  await fill("segments", "id, name, managed, created_at", "'s' || n, 'Course ' || n, 1, n");
  await fill("profile_fields", "key, name, type, created_at", "'f' || n, 'Course ' || n, 'text', n");
  await fill("products", "type, id, name, name_key, told", "'course', 'c' || n, 'Course ' || n, 'course ' || n, '{}'");
  const empty = { when: [], only_if: null, then: [], exit_when: [], exit_if: null, v: 1 };
  await fill(
    "automations",
    "id, name, description, active, definition, version, revision, created_at, updated_at",
    `'a' || n, 'Course ' || n, '', 0, '${JSON.stringify(empty)}', 1, 1, n, n`,
  );
  const named = (name: string) =>
    env.DB.batch([
      env.DB.prepare("update segments set name = ?2 where school = ?1 and id = 's1050'").bind(school.id, name),
      env.DB.prepare("update profile_fields set name = ?2 where school = ?1 and key = 'f1050'").bind(school.id, name),
      env.DB.prepare("update products set name = ?2, name_key = ?3 where school = ?1 and id = 'c1050'").bind(
        ...([school.id, name, searchKey(name)] as const),
      ),
      env.DB.prepare("update automations set name = ?2 where school = ?1 and id = 'a1050'").bind(school.id, name),
    ]);
  const kinds = ["segment", "field", "course", "automation"];
  for (const [name, qs] of [
    ["Zum (Kennenlernen) „Über“ ΟΔΟΣ", ["kennen", "KENNENL", "über", "Übe", "οδος", "Zum (Kennen"]],
    ["Zur İSTANBUL-Reise", ["istanbul", "reise", "İst", "zur istanbul"]],
  ] as const) {
    await named(name);
    await fillSoughtOf(school.id);
    for (const kind of kinds)
      for (const q of qs)
        expect(
          (await wordsLike(env, school, kind, q)).map(({ label }) => label),
          `${kind} ${q}`,
        ).toEqual([name]);
  }
  // What is gone is not found, nor is anything left of it.
  for (const table of ["segments", "profile_fields", "products", "automations"])
    await env.DB.prepare(`delete from ${table} where school = ?`).bind(school.id).run();
  for (const table of ["name_words", "automation_marks"])
    expect((await env.DB.prepare(`select * from ${table} where school = ?`).bind(school.id).all()).results).toEqual([]);
});
