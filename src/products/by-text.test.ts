import { expect, test } from "vitest";
import { bareSchool, env } from "../../test/workers/live";
import { holdsSought, searchKey } from "../base/text/text";
import { listProducts } from "./find";

/* Products by a text, where there are too many to go through, beside what going through them finds. */

const COUNT = 260;
const NAMES = [
  "Intro",
  "Σίσυφος (νέος)",
  "İSTANBUL",
  "„Übung“",
  "C++ & C#",
  "What?",
  "It’s 50%_off",
  "a\\b",
  "tab\there",
];
const nameOf = (n: number): string | null => (n % 10 === 9 ? null : `${NAMES[n % 10]} Nr.${n}`);
const typeOf = (n: number): string => (n % 3 ? "course" : "bundle");
const idOf = (n: number): string => (n % 2 ? `js-${n}` : `css.${n}`);

test("a text is found in ids and names in whatever script, each once: first where a word begins so", async () => {
  const school = await bareSchool();
  await env.DB.prepare(
    `insert into products (school, type, id, name, name_key, told)
     select ?1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, '{}' from json_each(?2)`,
  )
    .bind(
      school,
      JSON.stringify(
        Array.from({ length: COUNT }, (_, n) => {
          const name = nameOf(n);
          return [typeOf(n), idOf(n), name, name && searchKey(name)];
        }),
      ),
    )
    .run();
  const key = (n: number): string => `${typeOf(n)} ${idOf(n)}`;
  const wrong: string[] = [];
  for (const q of [
    ...[
      "intro",
      "σίσυφος",
      "ΝΈΟΣ",
      "istanbul",
      "übung",
      "bung",
      "c++",
      "c#",
      "what?",
      "it's",
      "50%_",
      "off",
      "a\\b",
      "here",
    ],
    ...["js-17", "css.2", "12", "nr.1", "nr.25", "ntro", "nobody", "none nr", "σίσυφος (νέος) nr.2", "?"],
  ])
    for (const type of [undefined, "course"] as const)
      for (const order of ["asc", "desc"] as const) {
        const right = Array.from({ length: COUNT }, (_, n) => n).filter(
          (n) =>
            (type === undefined || typeOf(n) === type) && [idOf(n), nameOf(n) ?? ""].some((one) => holdsSought(one, q)),
        );
        const pages: string[][] = [];
        let cursor: string | undefined;
        do {
          const page = await listProducts(env, school, { limit: 20, order, q, type, cursor });
          pages.push(page.data.map((one) => `${one.type} ${one.id}`));
          cursor = page.next_cursor ?? undefined;
        } while (cursor !== undefined);
        const found = pages.flat();
        if (found.toSorted().join() !== right.map(key).toSorted().join())
          wrong.push(`${q} ${type} ${order}: ${found.length} of ${right.length}`);
        // Within each part by kind and id.
        const turns = found.filter((one, n) => n > 0 && one < (found[n - 1] ?? "") === (order === "asc")).length;
        if (turns > 1) wrong.push(`${q} ${type} ${order}: out of order`);
      }
  expect(wrong).toEqual([]);
});

test("whoever tells a product's name anew moves its words along", async () => {
  const school = await bareSchool();
  const words = async () =>
    (
      await env.DB.prepare("select word from name_words where school = ? order by word")
        .bind(school)
        .all<{ word: string }>()
    ).results.map(({ word }) => word);
  const tell = (sql: string, ...bound: string[]) =>
    env.DB.prepare(sql)
      .bind(school, ...bound)
      .run();
  await tell("insert into products (school, type, id, told) values (?, 'course', 'js-101', '{}')");
  expect(await words()).toEqual(["101", "js"]);
  await tell("update products set name = 'Intro to JS', name_key = 'intro to js' where school = ?");
  expect(await words()).toEqual(["101", "intro", "js", "to"]);
  await tell("update products set name = 'JS', name_key = 'js' where school = ?");
  expect(await words()).toEqual(["101", "js"]);
  await tell("delete from products where school = ?");
  expect(await words()).toEqual([]);
});
