import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openFile } from "./csv";
import { charsetOf, isCharset } from "./dialect";
import { type Columns, lineOf } from "./lines";

const COLUMNS: Columns = { required: ["id"], optional: ["name", "city"], allows: (name) => name.startsWith("x.") };

const utf16 = (text: string, isLittle: boolean): Uint8Array => {
  const bytes = new Uint8Array(2 * text.length);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < text.length; at++) view.setUint16(2 * at, text.charCodeAt(at), isLittle);
  return bytes;
};
const latin = (text: string): Uint8Array => Uint8Array.from(text, (char) => (char === "€" ? 0x80 : char.charCodeAt(0)));

/** How programs encode a file, and what they declare. */
const ENCODINGS = {
  "utf-8": (text: string) => new TextEncoder().encode(text),
  "utf-8 with a mark": (text: string) => new TextEncoder().encode(`\ufeff${text}`),
  "utf-16, little": (text: string) => utf16(`\ufeff${text}`, true),
  "utf-16, big": (text: string) => utf16(`\ufeff${text}`, false),
  "windows-1252": latin,
};
const encoding = fc.constantFrom(...(Object.keys(ENCODINGS) as (keyof typeof ENCODINGS)[]));

async function* cut(of: Uint8Array, at: readonly number[]): AsyncGenerator<Uint8Array> {
  const cuts = [0, ...at.map((one) => one % (of.length + 1)).sort((a, b) => a - b), of.length];
  for (const [n, from] of cuts.slice(0, -1).entries()) yield of.subarray(from, cuts[n + 1]);
}

describe("a file as programs write it", () => {
  const cell = fc.constantFrom("", "Ann", "Zoë", "€ 5", "a, b; c", 'say "hi"', "two\nlines");
  const row = fc.tuple(fc.constantFrom("a", "b", "ü"), cell, cell);
  const written = fc.record({
    rows: fc.array(row, { maxLength: 4 }),
    delimiter: fc.constantFrom(",", ";", "\t"),
    ends: fc.constantFrom("\n", "\r\n", "\r"),
    encoding,
    sep: fc.boolean(),
    more: fc.nat({ max: 3 }),
    blank: fc.boolean(),
    names: fc.constantFrom(["id", "name", "city"], ["ID", "Name", " CITY "], ["Id", "NAME", "city"]),
    at: fc.array(fc.nat(), { maxLength: 6 }),
  });

  test("says the same, whatever its encoding, breaks, delimiter, case and empty cells, wherever it is cut", async () => {
    await fc.assert(
      fc.asyncProperty(written, async ({ rows, delimiter, ends, encoding, sep, more, blank, names, at }) => {
        const quoted = (text: string): string => (/[",;\t\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
        const line = (cells: readonly string[]) => cells.map(quoted).join(delimiter) + delimiter.repeat(more);
        const lines = [
          ...(sep ? [`sep=${delimiter}`] : []),
          line(names),
          ...rows.map(line),
          ...(blank ? [delimiter.repeat(2)] : []),
        ];
        const bytes = ENCODINGS[encoding](lines.join(ends) + ends);
        const charset = encoding === "windows-1252" ? encoding : undefined;
        const file = await openFile(cut(bytes, at), COLUMNS, charset);
        const read: unknown[] = [];
        for await (const [, text] of file.lines) read.push([...(lineOf(text, file).cells?.values() ?? [])]);
        expect(file.columns).toEqual(["id", "name", "city"]);
        expect(read).toEqual(rows);
        expect(file.total()).toBe(rows.length);
      }),
      { numRuns: 300 },
    );
  });

  test("leaves out the empty cells at a line's end, and has none that are not empty beyond its columns", async () => {
    const bytes = ENCODINGS["utf-8"]("id,name,city\na\nb,B,C,,\nc,C,D,x\n");
    const file = await openFile(cut(bytes, []), COLUMNS);
    const read: unknown[] = [];
    for await (const [, text] of file.lines) read.push(lineOf(text, file));
    expect(read).toEqual([
      {
        fault: null,
        cells: new Map([
          ["id", "a"],
          ["name", ""],
          ["city", ""],
        ]),
      },
      {
        fault: null,
        cells: new Map([
          ["id", "b"],
          ["name", "B"],
          ["city", "C"],
        ]),
      },
      { cells: null, fault: "4 cells where the header has 3" },
    ]);
  });
});

test("breaks of several kinds in one file are breaks, wherever it is cut", async () => {
  const ends = fc.constantFrom("\n", "\r\n", "\r", "\r\r\n");
  await fc.assert(
    fc.asyncProperty(fc.array(ends, { minLength: 3, maxLength: 8 }), fc.array(fc.nat()), async (all, at) => {
      const [first = "\n", ...rest] = all;
      const text = `id,name,city${first}${rest.map((end, n) => `u${n},"a\nb",x${end}`).join("")}`;
      const { read } = await readOf(ENCODINGS["utf-8"](text), undefined, at);
      expect(read).toEqual(rest.map((_, n) => [`u${n}`, "a\nb", "x"]));
    }),
  );
});

test("a column without a name is passed over while it is empty; the sign at the end of old files is no line", async () => {
  const file = await openFile(cut(ENCODINGS["utf-8"]("id,,name,,\na,,A\nb,x,B\n\u001a"), []), COLUMNS);
  const read: unknown[] = [];
  for await (const [, text] of file.lines) read.push(lineOf(text, file));
  expect(read).toEqual([
    { fault: null, cells: new Map(Object.entries({ id: "a", name: "A" })) },
    { cells: null, fault: "a cell stands under a column without a name" },
  ]);
});

test("columns may be called as Outlook, Moodle and other keyboards write them", async () => {
  const columns: Columns = { required: ["id"], optional: ["email", "firstname", "lastname"] };
  for (const header of ["ＩＤ,E‑mail Address,Given name,Surname", "id,Email address,First name,Family name"]) {
    const file = await openFile(cut(ENCODINGS["utf-8"](`${header}\na,b,c,d\n`), []), columns);
    expect(file.columns).toEqual(["id", "email", "firstname", "lastname"]);
  }
});

test("a charset is the one that the Content-Type declares, however it is written", () => {
  const declared = ["text/csv", "text/csv; charset=Windows-1252", 'text/csv;header=present; CHARSET = "utf-8"'];
  expect([null, ...declared].map(charsetOf)).toEqual([undefined, undefined, "windows-1252", "utf-8"]);
});

const readOf = async (bytes: Uint8Array, charset?: string, at: readonly number[] = []) => {
  const file = await openFile(cut(bytes, at), COLUMNS, charset);
  const read: unknown[] = [];
  for await (const [, text] of file.lines) read.push([...(lineOf(text, file).cells?.values() ?? [])]);
  return { columns: file.columns, read };
};

test.each([
  ["windows-1250", [0xe8], "č"],
  ["cp1251", [0xc6], "Ж"],
  ["windows-1253", [0xc1], "Α"],
  ["iso-8859-15", [0xa4], "€"],
  ["macintosh", [0x8a], "ä"],
  ["shift_jis", [0x82, 0xa0], "あ"],
])("a file declared in %s is read in it", async (charset, bytes, text) => {
  expect(isCharset(charset)).toBe(true);
  const file = new Uint8Array([...latin("id,name,city\na,"), ...bytes, ...latin(",x\n")]);
  expect((await readOf(file, charset)).read).toEqual([["a", text, "x"]]);
});

test("a charset that nothing reads is none", () => {
  for (const name of ["klingon", "", "cp9999", "__proto__", "base64"]) expect(isCharset(name)).toBe(false);
});

test("what a byte order mark says is surer than what is declared", async () => {
  for (const name of ["utf-8 with a mark", "utf-16, little", "utf-16, big"] as const) {
    const bytes = ENCODINGS[name]("id,name,city\na,Zoë,x\n");
    for (const charset of ["windows-1252", "utf-8", "utf-16be"])
      for (const at of [[], [1], [2], [1, 2, 3]])
        expect((await readOf(bytes, charset, at)).read, `${name} as ${charset}`).toEqual([["a", "Zoë", "x"]]);
  }
});

test.each([
  ["\r\n\r\nid,name,city\r\n"],
  [",,\n \nid,name,city\n"],
  ["sep=;\n;;\nid;name;city\n"],
  ["ID,N-ame, c i_ty \n"],
])("the header is the first line that says something, its names however they are joined: %j", async (header) => {
  const separator = header.includes(";") ? ";" : ",";
  const bytes = new TextEncoder().encode(`${header}a${separator}B${separator}C\n`);
  expect(await readOf(bytes)).toEqual({ columns: ["id", "name", "city"], read: [["a", "B", "C"]] });
});

test("a text that is written as a formula of itself is that text, and any other formula stays a text", async () => {
  const bytes = new TextEncoder().encode('id,name,city\n="00123",=1+2,"=""x"""\n');
  expect((await readOf(bytes)).read).toEqual([["00123", "=1+2", "x"]]);
});

test("a workbook is refused as such", async () => {
  const start = new Uint8Array([0x50, 0x4b, 3, 4, 0xff, 0xfe, 0x80]);
  await expect(openFile(cut(start, []), COLUMNS)).rejects.toThrow(/workbook/);
});
