import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FieldView, SchoolView } from "../../catalogue/facts/facts";
import { openFile } from "../../jobs/files/csv";
import { lineOf } from "../../jobs/files/lines";
import { readImported, readLine, USER_COLUMNS } from "./line";

const field = (key: string, type: FieldView["type"], choices: string[] = []): [string, FieldView] => [
  key,
  { key, name: key, type, choices } as unknown as FieldView,
];
const school = {
  fields: new Map([
    field("department", "text"),
    field("Age", "number"),
    field("starts", "date"),
    field("vip", "boolean"),
  ]),
  settings: { timezone: "UTC" },
} as unknown as Pick<SchoolView, "fields" | "settings">;

/** People, and how a file says each of them. */
const PEOPLE = [
  {
    id: "anna",
    cells: {
      email: "Anna@Acme.com",
      username: 'Anna, "Ann" P',
      tags: "vip|été",
      "fields.department": "Sales; North",
      "fields.Age": "31",
      "fields.starts": "2026-03-01",
      "fields.vip": "TRUE",
      "fields.own, x": "ü",
    },
  },
  { id: "bo", cells: { username: "Bo\nB", "fields.department": "IT", "fields.vip": "false" } },
  { id: "ü-1", cells: { email: "u@bücher.example", registered_at: "2026-01-04T09:00:00Z", tags: "VIP" } },
];
type Person = (typeof PEOPLE)[number];
const COLUMNS = [
  "id",
  "email",
  "username",
  "registered_at",
  "tags",
  "fields.department",
  "fields.Age",
  "fields.starts",
  "fields.vip",
  "fields.own, x",
];

const blank = fc.array(fc.constantFrom(" ", "\u00a0", "\u200b", "\ufeff"), { maxLength: 2 }).map((all) => all.join(""));
const anyCase = (text: string) =>
  fc.constantFrom(
    text,
    text.toUpperCase(),
    text.toLowerCase(),
    text.replace(/./u, (one) => one.toUpperCase()),
  );
/** Of names that are nobody's but the file's, case is theirs. */
const header = fc.tuple(...COLUMNS.map((name) => (name.includes("own") ? fc.constant(name) : anyCase(name))));

const files = fc.record({
  columns: fc.shuffledSubarray(COLUMNS, { minLength: COLUMNS.length }),
  people: fc.shuffledSubarray(PEOPLE, { minLength: PEOPLE.length }),
  header,
  delimiter: fc.constantFrom(",", ";", "\t"),
  ends: fc.constantFrom("\n", "\r\n"),
  mark: fc.constantFrom("", "\ufeff"),
  blanks: fc.tuple(blank, blank),
  form: fc.constantFrom("NFC", "NFD"),
});

describe("a file of users", () => {
  test("makes the same users, in whatever order, case, spelling and shape its lines, columns and cells are written", async () => {
    const meant = await taken(PEOPLE.map(({ id, cells }) => [id, cells]));
    expect(meant.size).toBe(PEOPLE.length);
    await fc.assert(
      fc.asyncProperty(
        files,
        async ({ columns, people, header, delimiter, ends, mark, blanks: [before, after], form }) => {
          const quoted = (text: string) => (/[",;\t\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
          const cell = (person: Person, column: string) => {
            const text = column === "id" ? person.id : ((person.cells as Record<string, string>)[column] ?? "");
            // What an id is stays as it is.
            return quoted(column === "id" || text === "" ? text : before + text.normalize(form) + after);
          };
          const names = columns.map((column) => quoted(before + (header[COLUMNS.indexOf(column)] ?? "") + after));
          const lines = [names, ...people.map((person) => columns.map((column) => cell(person, column)))];
          const text = mark + lines.map((cells) => cells.join(delimiter)).join(ends);
          expect(composed(await read(text))).toEqual(composed(meant));
        },
      ),
      { numRuns: 200 },
    );
  });
});

test.each([
  ["vip", ["TRUE", "Wahr", "1"], true],
  ["vip", ["FALSE", "faux", "0"], false],
  ["Age", ["31,5", "31,5 €", "$31.5", "31.5 %"], 31.5],
  ["starts", ["2026-01-31", "31.01.2026", "31-Jan-2026", "20260131", "31/01/2026"], "2026-01-31"],
] as const)("a cell of the field %s is what sheets and Moodle write for it: %j", async (key, texts, value) => {
  for (const text of texts) {
    const users = await read(`id;fields.${key}\na;${text}\n`);
    expect(users.get("a"), text).toMatchObject({ attributes: { fields: { [key]: value } } });
  }
});

test.each([
  ["marketing_consent", ["yes", "TRUE", "ja", "1", "Oui", "wahr"], true],
  ["marketing_consent", ["no", "false", "Nein", "0"], false],
  ["Newsletter", ["ja"], true],
  ["Opt-in", ["1"], true],
  ["unsubscribed", ["yes", "TRUE"], false],
  ["Abgemeldet", ["ja"], false],
] as const)("a column %s says of consent to marketing what people write: %j is %s", async (column, texts, consent) => {
  for (const text of texts) {
    const users = await read(`id;${column}\na;${text}\n`);
    expect(users.get("a"), text).toMatchObject({ attributes: { marketing_consent: consent } });
  }
});

test("who unsubscribed has not agreed, whatever else the line says; who did not says nothing by that", async () => {
  const users = await read("id,marketing_consent,unsubscribed\na,yes,yes\nb,yes,no\nc,,no\nd,,\n");
  const consents = ["a", "b", "c", "d"].map((id) => users.get(id));
  expect(consents).toEqual([
    expect.objectContaining({ attributes: { marketing_consent: false } }),
    expect.objectContaining({ attributes: { marketing_consent: true } }),
    expect.objectContaining({ attributes: {} }),
    expect.objectContaining({ attributes: {} }),
  ]);
});

async function read(text: string): Promise<Map<string, unknown>> {
  async function* pieces() {
    yield new TextEncoder().encode(text);
  }
  const file = await openFile(pieces(), USER_COLUMNS);
  const found = new Map<string, unknown>();
  for await (const [, line] of file.lines) {
    const { cells, fault } = lineOf(line, file);
    if (!cells) throw new Error(fault);
    const imported = readLine(school, cells, file.dayOrders());
    if ("faults" in imported) throw new Error(imported.faults.join());
    const user = readImported(school, imported);
    if ("faults" in user) throw new Error(user.faults.join());
    found.set(user.user, user);
  }
  return found;
}

/** The same of a file as plain as can be. */
const taken = (people: [string, object][]) =>
  read(
    [
      COLUMNS.map((one) => `"${one}"`),
      ...people.map(([id, cells]) =>
        COLUMNS.map(
          (one) =>
            `"${(one === "id" ? id : (Object.entries(cells).find(([name]) => name === one)?.[1] ?? "")).replaceAll('"', '""')}"`,
        ),
      ),
    ]
      .map((cells) => cells.join(","))
      .join("\n"),
  );

/** Texts are compared in NFC, and kept as they were written. */
const composed = (users: Map<string, unknown>) =>
  JSON.parse(JSON.stringify([...users].sort(([one], [other]) => (one < other ? -1 : 1))).normalize("NFC"));
