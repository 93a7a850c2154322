import { afterEach, expect, test } from "vitest";
import { env, liveSchool } from "../../../test/workers/live";
import { searchKey } from "../../base/text/text";
import { addressKey } from "../../catalogue/account/email";
import { findUsers } from "./find";

/* A text is found by the words of ids, addresses and names, whether these have rows of their own or are keys. */

const { school } = liveSchool();

/** [id, address, name], and where they are less plain: what each is to show. */
const PEOPLE: [id: string, email: string | null, username: string | null][] = [
  ["anna", "anna@acme.com", "Anna Papadaki"],
  ["Anna-2", "a.second@acme.com", "Somebody"],
  ["u-3", "Anna.Third@acme.com", null],
  ["u-4", null, "The last Anna"],
  ["anna five", "five@acme.com", "Five"],
  ["ANNA", "anna@acme.com", "anna"],
  ["anna@acme.com", null, null],
  ["u-7", "annabel@acme.com", "annabel@acme.com"],
  ["lead:anna@acme.com", "anna@acme.com", null],
  ["Άννα", "άννα@acme.com", "Άννα Παπαδάκη"],
  ["u-9", "none@acme.com", "Hannah"],
];

const searchOf = (values: readonly (string | null)[]): string =>
  values.flatMap((one) => (one === null ? [] : [searchKey(one)])).join("\n");

async function put(people: typeof PEOPLE, from: number): Promise<void> {
  await env.DB.batch(
    people.map(([id, email, username], n) =>
      env.DB.prepare(
        `insert into users (school, id, created_at, email, email_key, username, search, seq) values (?, ?, ?, ?, ?, ?, ?, 1)`,
      ).bind(school.id, id, from + n, email, email && addressKey(email), username, searchOf([id, email, username])),
    ),
  );
}

/** Enough of others that what is sought is not looked for among all. */
const others = () =>
  env.DB.prepare(
    `with recursive numbers(n) as (select 0 union all select n + 1 from numbers where n < 1000)
     insert into users (school, id, created_at, search, seq) select ?, 'x-' || n, n, 'x-' || n, 1 from numbers`,
  )
    .bind(school.id)
    .run();

/** From now on words that are keys have rows too, or none. */
const writeKeyWords = (writes: boolean) =>
  env.DB.prepare("update key_words set until = ?")
    .bind(writes ? Date.now() + 86_400_000 : 0)
    .run();

afterEach(() => writeKeyWords(false));

async function found(q: string, limit: number): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await findUsers(env, school.id, { q, limit, cursor, order: "asc" });
    ids.push(...page.users.map(({ id }) => id));
    if (page.next === null) return ids;
    cursor = page.next;
  }
}

const wordsOf = async (id: string): Promise<string[]> => {
  const { results } = await env.DB.prepare("select word from user_words where school = ? and user = ? order by word")
    .bind(school.id, id)
    .all<{ word: string }>();
  return results.map(({ word }) => word);
};

const SOUGHT = [
  "anna",
  "ANNA",
  "anna@",
  "anna@acme.com",
  "a",
  "u-",
  "anna p",
  "nna",
  "άνν",
  "annabel",
  "five",
  "nobody",
];

test.each([
  ["before words that are keys went without rows", [true, true]],
  ["since", [false, false]],
  ["before and since", [true, false]],
])(
  "who came %s is found by each text they have, once, those first of whom a word begins so",
  async (_, [one, other]) => {
    await others();
    const half = PEOPLE.length >> 1;
    await writeKeyWords(one === true);
    await put(PEOPLE.slice(0, half), 2_000);
    await writeKeyWords(other === true);
    await put(PEOPLE.slice(half), 2_100);
    await writeKeyWords(false);
    for (const q of SOUGHT) {
      const key = searchKey(q);
      const begins = (text: string): boolean =>
        text.split(/[ \n]/).some((word) => word.startsWith(key.split(" ")[0] ?? ""));
      const texts = PEOPLE.map((person) => [person[0], searchOf(person)] as const).filter(([, text]) =>
        text.includes(key),
      );
      for (const limit of [1, 3, 100]) {
        const ids = await found(q, limit);
        expect(ids.toSorted(), q).toEqual(texts.map(([id]) => id).toSorted());
        const isFirst = ids.map((id) => begins(texts.find(([of]) => of === id)?.[1] ?? ""));
        expect(isFirst, q).toEqual(isFirst.toSorted((a, b) => Number(b) - Number(a)));
      }
    }
    // In the order of their words: what the pages were of before.
    expect((await found("annab", 1))[0]).toBe("u-7");
    expect(await found("anna", 100)).toEqual(await found("anna", 2));
  },
);

test("a word has a row unless it is the id or the address, whatever these become", async () => {
  await writeKeyWords(false);
  await put([["anna", "anna@acme.com", "anna@acme.com"]], 1);
  await put([["Bob", null, "bob"]], 2);
  expect([await wordsOf("anna"), await wordsOf("Bob")]).toEqual([[], ["bob"]]);
  const becomes = async (email: string | null, username: string) => {
    // As a line is written: its key behind it.
    await env.DB.prepare("update users set search = ?, email = ?, username = ? where school = ? and id = 'anna'")
      .bind(searchOf(["anna", email, username]), email, username, school.id)
      .run();
    await env.DB.prepare("update users set email_key = ? where school = ? and id = 'anna'")
      .bind(email && addressKey(email), school.id)
      .run();
  };
  await becomes("other@acme.com", "anna@acme.com");
  expect(await wordsOf("anna")).toContain("anna@acme.com");
  await becomes(null, "Anna P");
  expect(await wordsOf("anna")).toEqual(["p"]);
  await env.DB.prepare("delete from users where school = ? and id = 'Bob'").bind(school.id).run();
  expect(await wordsOf("Bob")).toEqual([]);
});

/** Names as people write them, in small letters, with a capital, and in capitals. */
const ALIKE: [string, string][] = [
  ["g-1", "ΣΟΦΌΣ"],
  ["g-2", "ΣΟΦΌΣΤΕΡΟΣ"],
  ["g-3", "Σοφός Νίκος"],
  ["g-4", "σοφόσ"],
  ["g-5", "Κώστας Σοφόστερος"],
  ["g-6", "ΝΊΚΟΣ.Κ ΓΕΩΡΓΊΟΥ"],
  ["t-1", "İbrahim Yıldız"],
  ["t-2", "IBRAHIM YILDIZ"],
  ["t-3", "ibrahim"],
  ["t-4", "İBRAHİM IŞIK"],
  ["t-5", "Irmak Deniz"],
  ["t-6", "DENİZ İpek"],
  ["t-7", "William"],
  ["t-8", "ırmak"],
  ["g-7", "ΣΟΦΟΣ ΜΑΪΟΣ"],
  ["g-8", "Μάιος Μαΐου"],
  ["d-1", "Lange Straße"],
  ["d-2", "STRASSE"],
  ["d-3", "Strassenbahn"],
];

test("letters that case takes apart are one to who looks for them, in small schools and large, by words and within them", async () => {
  const people = ALIKE.map(([id, username]): [string, null, string] => [id, null, username]);
  await put(people, 2_000);
  const folded = (text: string): string =>
    text
      .normalize("NFC")
      .toLowerCase()
      .normalize("NFC")
      .replaceAll("ς", "σ")
      .replaceAll(/i\u0307|ı/g, "i")
      .replaceAll(/[\u0370-\u03ff]/g, (letter) => letter.normalize("NFD").replaceAll(/[\u0300-\u036f]/g, ""))
      .replaceAll("ß", "ss");
  const texts = [
    ...ALIKE.map(([, name]) => name),
    "σοφ",
    "Σ",
    "ς",
    "οσ",
    "ΦΌΣ",
    "i",
    "İ",
    "ı",
    "ir",
    "brah",
    "ildi",
    "νίκος.κ",
    "ΣΟΦΟΣ",
    "σοφοσ",
    "s",
    "STRAS",
    "traß",
    "ΜΑΙ",
  ];
  const parts = texts.flatMap((text) => [
    text,
    text.toLowerCase(),
    text.toUpperCase(),
    ...text.split(" "),
    text.slice(0, 3),
  ]);
  const sought = [...new Set(parts)].filter((one) => one.trim() !== "");
  const brute = (q: string): string[] =>
    ALIKE.filter(([id, name]) => folded(`${id}\n${name}`).includes(folded(q.trim())))
      .map(([id]) => id)
      .toSorted();
  const small = new Map<string, string[]>();
  for (const q of sought) small.set(q, (await found(q, 100)).toSorted());
  expect([...small]).toEqual(sought.map((q) => [q, brute(q)]));
  await others();
  for (const q of sought)
    for (const limit of [2, 100])
      expect((await found(q, limit)).filter((id) => !id.startsWith("x-")).toSorted(), `${q} by ${limit}`).toEqual(
        brute(q),
      );
  // Those whose word begins so stand on the first page, before anybody is looked for from the oldest on.
  const first = async (q: string) =>
    (await findUsers(env, school.id, { q, limit: 100, order: "asc" })).users.map(({ id }) => id).toSorted();
  for (const q of ["ΣΟΦΌΣ", "ΣΟΦΟΣ", "σοφός"])
    expect(await first(q), q).toEqual(["g-1", "g-2", "g-3", "g-4", "g-5", "g-7"]);
  for (const q of ["STRASSE", "straße", "STRAS"]) expect(await first(q), q).toEqual(["d-1", "d-2", "d-3"]);
  expect(await first("ibrahim")).toEqual(["t-1", "t-2", "t-3", "t-4"]);
  expect(await first("yıldız")).toEqual(["t-1", "t-2"]);
  expect(await first("Deniz")).toEqual(["t-5", "t-6"]);
});
