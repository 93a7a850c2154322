import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Problem } from "../../base/errors/errors";
import { openFile, readFile } from "./csv";
import type { Columns } from "./lines";
import { parseRecord } from "./lines";

const COLUMNS: Columns = {
  required: ["id"],
  optional: ["name"],
  allows: (name) => name.startsWith("x."),
  unique: "id",
};
const bytes = (text: string) => new TextEncoder().encode(text);

/** Each record of a file: its line, and its cells or what is wrong with it. */
const read = (text: string | Uint8Array, columns = COLUMNS) => {
  const file = readFile(() => [typeof text === "string" ? bytes(text) : text], columns);
  const records = [...file.entries].map(([line, record]) => {
    const { cells, fault } = parseRecord(record, file.delimiter);
    return fault === null ? [line, ...cells] : [line, { fault }];
  });
  expect(file.total).toBe(records.length);
  return records;
};

const refusal = (text: string | Uint8Array) => {
  try {
    read(text);
  } catch (error) {
    if (error instanceof Problem) return [error.status, ...(error.faults ?? []).map((fault) => fault.message)];
    throw error;
  }
  return null;
};

describe("a file", () => {
  test.each([
    ["commas", "id,name\na,A\n"],
    ["semicolons", "id;name\na;A\n"],
    ["tabs", "id\tname\na\tA\n"],
    ["CRLF, a byte order mark and no end of line at the end", "\ufeffid,name\r\na,A"],
  ])("is read with %s", (_, text) => {
    expect(read(text)).toEqual([[2, "a", "A"]]);
  });

  test("counts lines of the file, those within quotes and blank ones too", () => {
    expect(read('id,name\n"a","one\ntwo, ""three"""\n\n\r\nb,B\n')).toEqual([
      [2, "a", 'one\ntwo, "three"'],
      [6, "b", "B"],
    ]);
  });

  test("takes a quote within a cell as it is", () => {
    expect(read('id,name\na,5" tall\n')).toEqual([[2, "a", '5" tall']]);
  });

  test("loses no more than the line in which a quote is not closed", () => {
    const [bad, good] = read('id,name\na,"open\nb,B\n');
    expect(bad).toEqual([2, { fault: expect.stringContaining("quote") }]);
    expect(good).toEqual([3, "b", "B"]);
  });

  test("names lines that hold NUL, are too long, or say an id again", () => {
    expect(read(`id,name\na\0,A\nb,${"x".repeat(70_000)}\nc,C\n"c",D\nd,D\n`)).toEqual([
      [2, { fault: expect.stringContaining("NUL") }],
      [3, { fault: expect.stringContaining("64 KiB") }],
      [4, "c", "C"],
      [5, { fault: expect.stringContaining("earlier line") }],
      [6, "d", "D"],
    ]);
  });

  test("keeps all of its text, beyond ASCII too", () => {
    expect(read("id,name,x.y\nά,日本 🎓,é\n")).toEqual([[2, "ά", "日本 🎓", "é"]]);
  });

  test.each<[what: string, file: string | Uint8Array, answer: unknown[]]>([
    ["without a header", "", [422, 'the column "id" is missing']],
    ["with an unknown column", "id,nmae\n", [422, 'there is no column "nmae"']],
    ["with a column twice", "id,name,name\n", [422, 'the column "name" is there twice']],
    ["with a column missing", "name\n", [422, 'the column "id" is missing']],
    ["in UTF-16 that is cut", new Uint8Array([0xff, 0xfe, 105, 0, 100]), [400]],
    ["that is not UTF-8", new Uint8Array([105, 100, 10, 0xc3, 0x28, 10]), [400]],
  ])("%s is refused whole", (_, file, answer) => {
    expect(refusal(file)).toEqual(answer);
  });
});

describe("a file that comes in pieces", () => {
  async function* cut(of: Uint8Array, at: readonly number[]): AsyncGenerator<Uint8Array> {
    const places = [0, ...at.map((one) => one % (of.length + 1)).toSorted((a, b) => a - b), of.length];
    for (const [index, from] of places.slice(0, -1).entries()) yield of.slice(from, places[index + 1]);
  }
  const streamed = async (of: Uint8Array, at: readonly number[]) => {
    const { columns, delimiter, lines, total } = await openFile(cut(of, at), COLUMNS);
    const entries = [];
    for await (const entry of lines) entries.push(entry);
    return { columns, delimiter, entries, total: total() };
  };
  const cell = fc.oneof(
    fc.constantFrom('"a\nb"', '"a ""b"" c"', '"open', "ÄΩ€", "", "x".repeat(70_000), `"${"y\n".repeat(40_000)}"`),
    fc.string({ maxLength: 6 }).map((text) => text.replaceAll("\0", "")),
  );
  const line = fc.tuple(fc.string({ minLength: 1, maxLength: 3 }), cell).map((cells) => cells.join(","));

  test("is read as if it came at once, wherever it is cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 20 }),
        fc.constantFrom("\n", "\r\n"),
        fc.boolean(),
        fc.array(fc.nat(), { maxLength: 12 }),
        async (lines, between, hasMark, at) => {
          const of = bytes(`${hasMark ? "\ufeff" : ""}${["id,name", ...lines].join(between)}`);
          const whole = readFile(() => [of], COLUMNS);
          expect(await streamed(of, at)).toEqual({ ...whole, entries: [...whole.entries] });
        },
      ),
      { numRuns: 200 },
    );
  });

  test("is refused by its header before more of it is read", async () => {
    let read = 0;
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      yield bytes("name\n");
      for (;;) {
        read++;
        yield bytes(`${"a".repeat(65_535)}\n`);
      }
    };
    await expect(openFile(endless(), COLUMNS)).rejects.toMatchObject({ kind: "invalid" });
    expect(read).toBeLessThan(10);
  });
});
