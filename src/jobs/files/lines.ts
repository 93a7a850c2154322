import Papa from "papaparse";
import * as z from "zod";
import { defineListJob, type ItemSource, type JobKind, type JobLine, type JobScene } from "../define";
import { edgeOfEntries, readEntries } from "./chunks";
import { type DayOrders, dayOrder } from "./day-order";

/** What a page must know of a file to read its lines. */
const file = z.object({
  columns: z.array(z.string()),
  delimiter: z.string(),
  total: z.number(),
  fire: z.boolean(),
  /** How columns write their dates, as far as the whole file tells. */
  dayOrders: z.array(z.tuple([z.string(), dayOrder])).default([]),
  /** That the call which brought it named. */
  trace: z.string().nullable().default(null),
});
export type FileParams = z.infer<typeof file>;

/** The columns a kind of file may have. */
export interface Columns {
  required: readonly string[];
  optional?: readonly string[];
  /** Of these there is one at least. */
  oneOf?: readonly string[];
  /** Whether a name that is neither is allowed. */
  allows?(name: string): boolean;
  /** Our name of a column that others call so. */
  alias?(name: string): string | undefined;
  /** The column that may be meant by a name that is none. */
  meant?(name: string): string | undefined;
  /** Whether a column may hold dates as sheets write them. */
  dates?(name: string): boolean;
  /** The column of which no two lines may say the same: the second is bad. */
  unique?: string;
}

/** In place of the name of a column that has none: an empty one within a sheet. */
export const NAMELESS = "\0";

/** The cells of a line, by column. */
export type Cells = ReadonlyMap<string, string>;

export type Line = { cells: Cells; fault: null } | { cells: null; fault: string };

/** Stands before the reason that is kept in place of a line found bad when the file arrived. No good line holds NUL. */
export const BAD = "\0";

/** The cells of one record of CSV (RFC 4180), or what is wrong with it. */
export function parseRecord(text: string, delimiter: string): { cells: string[]; fault: string | null } {
  if (text.startsWith(BAD)) return { cells: [], fault: text.slice(BAD.length) };
  const { data, errors } = Papa.parse<string[]>(text, { delimiter, newline: "\n" });
  const cells = data[0] ?? [];
  if (errors.length || data.length > 1) return { cells, fault: "a quote is not closed, or stands within a cell" };
  return { cells, fault: null };
}

/** `="00123"`: a formula by which exports keep Excel from making a number of a text. */
const asText = (cell: string): string => /^="([^"]*)"$/.exec(cell)?.[1] ?? cell;

/** A line as it was cut from its file. */
export function lineOf(text: string, { columns, delimiter }: Pick<FileParams, "columns" | "delimiter">): Line {
  const { cells, fault } = parseRecord(text, delimiter);
  if (fault !== null) return { cells: null, fault };
  // Programs leave out the empty cells at a line's end, or add some.
  if (cells.slice(columns.length).some((cell) => cell.trim() !== ""))
    return { cells: null, fault: `${cells.length} cells where the header has ${columns.length}` };
  const named = columns.flatMap((column, index): [string, string][] => {
    const cell = cells[index] ?? "";
    return column === NAMELESS ? [] : [[column, asText(cell)]];
  });
  if (columns.some((column, index) => column === NAMELESS && (cells[index] ?? "").trim() !== ""))
    return { cells: null, fault: "a cell stands under a column without a name" };
  return { cells: new Map(named), fault: null };
}

/** The lines of a file; those with one key are done in their order, unless there is no more than one of each. */
const linesOf = (
  params: FileParams,
  keyOf: (cells: Cells) => string | undefined,
  isUnordered: boolean,
): ItemSource<Line> => ({
  ...(isUnordered ? { edge: edgeOfEntries } : {}),
  total: async () => params.total,
  next: async (scene, after, limit, until) =>
    (await readEntries(scene, after, limit, until)).map(({ cursor, n, text }) => {
      const value = lineOf(text, params);
      return { cursor, place: { line: n }, key: (value.cells && keyOf(value.cells)) ?? `line ${n}`, value };
    }),
});

/** A kind of job that reads a file, and the columns that such a file has. */
export type FileKind = JobKind<FileParams & { entries: Iterable<JobLine> }> & { columns: Columns };

interface LineOptions {
  fire: boolean;
  dayOrders: DayOrders;
  trace: string | null;
}

/** Declares a job that reads a file line by line; `perform` answers with what is wrong with one. */
export const defineImport = (spec: {
  name: string;
  columns: Columns;
  /** The column of it, or what makes it of several. */
  key: string | ((cells: Cells) => string | undefined);
  /** No two lines are about the same, nor about what another makes: parts of the file may be gone over side by side. */
  isUnordered?: true;
  perform(scene: JobScene, cells: Cells, options: LineOptions): Promise<string | null>;
  endPage?(scene: JobScene, keys: readonly string[]): Promise<void>;
}): FileKind => {
  const { key } = spec;
  const keyOf = typeof key === "string" ? (cells: Cells) => cells.get(key) : key;
  return {
    columns: spec.columns,
    ...defineListJob({
      name: spec.name,
      params: file,
      source: (params) => linesOf(params, keyOf, spec.isUnordered ?? false),
      perform: async (scene, { fire, dayOrders, trace }, { cells, fault }) =>
        cells ? spec.perform(scene, cells, { fire, dayOrders: new Map(dayOrders), trace }) : fault,
      ...(spec.endPage ? { endPage: spec.endPage } : {}),
    }),
  };
};
