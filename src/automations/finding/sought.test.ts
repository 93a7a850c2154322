import { beforeEach, describe, expect, test, vi } from "vitest";
import { makeSchool, type TestSchool } from "../../../test/workers/live";
import { fillSoughtOf } from "../../../test/workers/sought";
import { holdsSought } from "../../base/text/text";
import { soughtText, wordsSought } from "../../base/text/words";
import { env } from "../../http/test-client";
import { type AutomationFilter, listAutomations } from "./list";

/* Automations by a text, in a school that has too many to go through, beside what going through them finds. */

/** More than are gone through as they are, and of which words begin alike. */
const COUNT = 230;
const NAMES = [
  "Welcome",
  "Σίσυφος Παππάς",
  "İSTANBUL",
  "Ισπανικά",
  "Übung",
  "Приветствие",
  "欢迎新学员",
  "Don’t leave",
  "e\u0301te\u0301",
];
const TAGS = ["vip-1", "Ärger", "ΦΊΛΟΙ", "js.101", "left"];

const ofThe = (list: readonly string[], n: number): string => list[n % list.length] ?? "";
const nameOf = (n: number): string => `${ofThe(NAMES, n)} ${ofThe(["again", "Once", "ΠΑΛΙ"], n >> 2)} ${n}`;
const tagOf = (n: number): string => ofThe(TAGS, n >> 3);
const idOf = (n: number): string => `aut_${String(n).padStart(4, "0")}`;
/** The texts of one by which it is found. */
const textsOf = (n: number): string[] => [
  nameOf(n),
  "tag.added",
  "email.user",
  tagOf(n),
  "Γειά σου",
  `<p>Number ${n}</p>`,
];

let school: TestSchool;

const fill = () =>
  env.DB.prepare(
    `insert into automations (school, id, name, description, active, definition, version, revision, labels, created_at, updated_at)
     select ?1, value ->> 0, value ->> 1, '', 0, value ->> 2, 1, 1, value ->> 3, key, 1000 - key from json_each(?2)`,
  )
    .bind(
      school.id,
      JSON.stringify(
        Array.from({ length: COUNT }, (_, n) => [
          idOf(n),
          nameOf(n),
          JSON.stringify({
            v: 1,
            when: [{ type: "tag.added", tags: [tagOf(n)] }],
            then: [{ id: "m", type: "email.user", subject: "Γειά σου", body: `<p>Number ${n}</p>` }],
            ...{ only_if: null, exit_when: [], exit_if: null, synchronous: false },
            ...{ reentry: "always", reentry_per: "user", cooldown: null, limit: null },
          }),
          JSON.stringify([ofThe(["Θέμα", "İLK", "Plain"], n)]),
        ]),
      ),
    )
    .run();

beforeEach(async () => {
  school = await makeSchool();
});

/** The ids on all pages, and how many pages. */
async function found(filter: AutomationFilter & { order?: "asc" | "desc" }): Promise<string[][]> {
  const pages: string[][] = [];
  let cursor: string | undefined;
  do {
    const page = await listAutomations(env, school.id, { limit: 40, ...filter, cursor });
    pages.push(page.data.map(({ id }) => id));
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return pages;
}

const holding = (q: string): number[] =>
  Array.from({ length: COUNT }, (_, n) => n).filter((n) => textsOf(n).some((one) => holdsSought(one, q)));

const SOUGHT = [
  ...[
    "σίσυφος",
    "ΣΊΣΥΦΟΣ ΠΑΠ",
    "παππάς",
    "υφος παπ",
    "istanbul",
    "İstan",
    "ΙΣΠΑΝ",
    "übung",
    "bung",
    "ПРИВЕТ",
    "ветств",
  ],
  ...[
    "欢迎",
    "迎新",
    "don't",
    "ÉTÉ",
    "welcome again",
    "again 22",
    "elcome",
    "tag.added",
    "email.user",
    "ser",
    "vip-1",
    "VIP",
  ],
  ...[
    "φίλοι",
    "Ärg",
    "γειά ΣΟΥ",
    "js.101",
    "number 17",
    "101",
    "22",
    "2",
    "left 3",
    "nobody says so",
    "?!",
    "πάλι",
    "παλι",
  ],
];

const SORTS = [
  ["created", "asc"],
  ["created", "desc"],
  ["name", "asc"],
  ["updated", "desc"],
] as const;

describe.each(["filled", "as a release before left it", "half filled"])("in a long school, %s", (how) => {
  test("a text is found in whatever script and case: first where a word begins so, then in the middle, each once", async () => {
    await fill();
    if (how !== "as a release before left it") await fillSoughtOf(school.id);
    // A few that a release before has changed since.
    if (how === "half filled")
      await env.DB.prepare(
        "update automations set definition = definition || ' ' where school = ? and id like 'aut_00_7'",
      )
        .bind(school.id)
        .run();
    const wrong: string[] = [];
    for (const [n, q] of SOUGHT.entries())
      for (const [sort, order] of SORTS.slice(n % 4, (n % 4) + 1)) {
        const right = holding(q).map(idOf);
        const pages = await found({ q, sort, order });
        const ids = pages.flat();
        // What stands there unfolded is found as far as the database can fold it.
        const isWhole = how === "filled" || /^[ -~]*$/.test(q);
        if (new Set(ids).size !== ids.length) wrong.push(`${q} ${sort} ${order}: one twice`);
        if (isWhole && ids.toSorted().join() !== right.toSorted().join())
          wrong.push(`${q} ${sort} ${order}: ${ids.length} of ${right.length}`);
      }
    expect(wrong).toEqual([]);
  });
});

test("those of which a word begins so come first, in the order of the list, and whoever has it within one behind them", async () => {
  await fill();
  await fillSoughtOf(school.id);
  const begins = (q: string) => (n: number) =>
    wordsSought(q).every((word) =>
      textsOf(n).some((one) => ` ${soughtText(one).replaceAll(/[^\p{L}\p{N}]+/gu, " ")}`.includes(` ${word}`)),
    );
  for (const q of ["22", "2", "παππ", "istan"]) {
    const [first, rest] = [holding(q).filter(begins(q)), holding(q).filter((n) => !begins(q)(n))];
    const ids = (await found({ q })).flat();
    // Where nearly all fit the list is gone through in its order.
    if (first.length <= 100) expect(ids, q).toEqual([...first, ...rest].map(idOf));
    const turned = (await found({ q, order: "desc" })).flat();
    if (first.length <= 100) expect(turned, q).toEqual([...first.toReversed(), ...rest.toReversed()].map(idOf));
  }
  // What a release before has changed since is looked at with those.
  await env.DB.prepare("update automations set name = 'Brand new' where school = ? and id = ?")
    .bind(school.id, idOf(7))
    .run();
  expect((await found({ q: "brand" }))[0]).toEqual([idOf(7)]);
  // With what else is asked of them.
  await env.DB.prepare("update automations set active = 1 where school = ? and id = ?").bind(school.id, idOf(22)).run();
  expect((await found({ q: "22", active: true })).flat()).toEqual([idOf(22)]);
});

test.each(["filled", "as a release before left it"])(
  "no word of what a definition is made of finds it, %s",
  async (how) => {
    await fill();
    if (how === "filled") await fillSoughtOf(school.id);
    for (const q of ["body", "then", "subject", "only_if", "reentry", "null", "always", '":'])
      expect((await found({ q })).flat(), q).toEqual([]);
    // What a person wrote is found behind what a row keeps of it, too.
    const long = JSON.stringify({
      v: 1,
      when: [{ type: "user.signed_up" }],
      ...{ only_if: null, exit_when: [], exit_if: null, synchronous: false },
      ...{ reentry: "always", reentry_per: "user", cooldown: null, limit: null },
      then: [{ id: "m", type: "email.user", subject: "S", body: `${"word ".repeat(3_000)}Σίσυφος "far" away` }],
    });
    await env.DB.prepare("update automations set definition = ? where school = ? and id = ?")
      .bind(long, school.id, idOf(3))
      .run();
    if (how === "filled") await fillSoughtOf(school.id);
    expect((await found({ q: 'Σίσυφος "far" AWAY' })).flat()).toEqual([idOf(3)]);
    expect((await found({ q: "subjec" })).flat()).toEqual([]);
  },
);

test("what a school that is gone has left holds up nobody's", async () => {
  const gone = await makeSchool("test");
  await env.DB.prepare(
    `insert into automations (school, id, name, description, active, definition, version, revision, created_at, updated_at)
     values (?, 'aut_left', 'Left', '', 0, '{}', 1, 1, 0, 0)`,
  )
    .bind(gone.id)
    .run();
  await env.DB.prepare("delete from schools where id = ?").bind(gone.id).run();
  await fill();
  await fillSoughtOf(school.id);
  await env.DB.prepare("delete from automations where school = ?").bind(gone.id).run();
});

test("labels are found in whatever case, also those that a release before wrote", async () => {
  await fill();
  await fillSoughtOf(school.id);
  const of = async (label: string) => (await found({ label })).flat().length;
  expect(await of("θέμα")).toBe(Math.ceil(COUNT / 3));
  expect(await of("ΘΈΜΑ")).toBe(Math.ceil(COUNT / 3));
  expect(await of("ilk")).toBe(Math.ceil((COUNT - 1) / 3));
  await env.DB.prepare(`update automations set labels = '["Νέο"]' where school = ? and id = ?`)
    .bind(school.id, idOf(0))
    .run();
  expect(await of("Νέο")).toBe(1);
  expect(await of("θέμα")).toBe(Math.ceil(COUNT / 3) - 1);
});

const marks = async () =>
  (
    await env.DB.prepare("select kind, value from automation_marks where school = ? order by kind, value")
      .bind(school.id)
      .all<{ kind: string; value: string }>()
  ).results.map(({ kind, value }) => `${kind} ${value}`);

const CREATED = { name: "Καλώς ήρθες, Anna", labels: ["Νέο"], when: [{ type: "tag.added", tags: ["VIP"] }], then: [] };

describe("what an automation is found by", () => {
  test("goes along with each change and import, and goes with it", async () => {
    const made = await school.ask("POST", "/v1/automations", CREATED);
    expect(await marks()).toEqual([
      ...["label νέο", "name anna", "name ήρθεσ", "name καλώσ", "trigger tag.added"],
      ...["word added", "word tag", "word vip"],
    ]);
    const path = `/v1/automations/${made.body.id}`;
    await school.ask("PATCH", path, { name: "Anna ΦΕΎΓΕΙ", labels: [] });
    expect((await marks()).filter((one) => !one.startsWith("word"))).toEqual([
      "name anna",
      "name φεύγει",
      "trigger tag.added",
    ]);
    const { body } = await school.ask("GET", "/v1/export");
    body.automations[0].name = "Κάτι άλλο";
    await school.ask("PUT", "/v1/import", body);
    expect((await marks()).filter((one) => one.startsWith("name"))).toEqual(["name άλλο", "name κάτι"]);
    await env.DB.prepare("delete from automations where school = ?").bind(school.id).run();
    expect(await marks()).toEqual([]);
  });

  test("is forgotten where a release before changes the rest, and found out anew within the hour", async () => {
    await school.ask("POST", "/v1/automations", CREATED);
    const before = await marks();
    await env.DB.prepare("update automations set name = 'Ψάρι', revision = revision + 1 where school = ?")
      .bind(school.id)
      .run();
    expect(await marks()).toEqual(["label " + "Νέο", "trigger tag.added"]);
    await fillSoughtOf(school.id);
    expect(await marks()).toEqual([...before.filter((one) => !one.startsWith("name")), "name ψάρι"].sort());
  });

  test("is so many words of a long text, and a save of a usual one writes fewer than 150 rows", async () => {
    const batch = env.DB.batch.bind(env.DB);
    let written = 0;
    vi.spyOn(env.DB, "batch").mockImplementation(async (statements) => {
      const results = await batch(statements);
      for (const { meta } of results) written += meta.rows_written;
      // As it came, whatever rows the caller expects.
      return results as never;
    });
    const body = `<p>${Array.from({ length: 5_000 }, (_, n) => `word${n}`).join(" ")} zuletzt\nin "Größe & Übung" ab\\schluss</p>`;
    const mail = (text: string) => ({
      type: "email.user",
      subject: "Welcome to the course",
      body: text,
      kind: "transactional",
    });
    const usual = `<p>Dear {{ user.name }}, ${Array.from({ length: 60 }, (_, n) => `text${n}`).join(" ")}</p>`;
    await school.ask("POST", "/v1/automations", {
      ...CREATED,
      then: [mail(usual), { type: "wait", for: "P7D" }, mail("<p>Again</p>")],
    });
    expect(written).toBeGreaterThan(50);
    expect(written).toBeLessThan(150);
    written = 0;
    const { body: made } = await school.ask("POST", "/v1/automations", {
      ...CREATED,
      name: "x ".repeat(120),
      then: [mail(body)],
    });
    expect(written).toBeLessThan(150);
    written = 0;
    await school.ask("PATCH", `/v1/automations/${made.id}`, { name: "Welcome" });
    expect(written).toBeLessThan(40);
    vi.restoreAllMocks();
    // Far behind what its row keeps of it, a break is a blank there too.
    for (const q of ["ZULETZT", "zuletzt in", '"größe & übung"', "& ÜBUNG", "ab\\schluss"])
      expect([q, ...(await found({ q })).flat()]).toEqual([q, made.id]);
  });
});
