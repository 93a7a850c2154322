import { invalid, Problem } from "../../base/errors/errors";
import { hash53 } from "../../engine/identity";
import type { JobLine } from "../define";
import { type DayOrder, type DayOrders, noteOrder } from "./day-order";
import { Dialect } from "./dialect";
import { type Header, isBlankLine, isEmptyRow, readHeader, separatorIn } from "./header";
import { BAD, type Columns, type FileParams, parseRecord } from "./lines";
import { Cutter } from "./records";

/*
 * Files of CSV, read as they come, without being held as bytes or as text: they are 32 MiB at most, and of a few at once
 * that is more than an isolate has.
 */

const PIECE_BYTES = 64 * 1024;

/** How the files of Excel and Numbers begin: zips, and before 2007 another container. */
const WORKBOOKS = [
  [0x50, 0x4b, 0x03, 0x04],
  [0xd0, 0xcf, 0x11, 0xe0],
];

/** So many empty lines may stand before the header. */
const MAX_BLANK = 20;

/** A file, as it is read. */
class Reader {
  private readonly cutter = new Cutter();
  private readonly utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  private readonly text = new TextDecoder("utf-8", { fatal: false, ignoreBOM: true });
  /** Hashes of 53 bits: the ids themselves would take more memory than the file. */
  private readonly seen = new Set<number>();
  private header: Header | null = null;
  /** What the first piece looks like. */
  private isWorkbook: boolean | undefined;
  private datedAt: readonly number[] | undefined;
  /** So many of its lines were read. */
  total = 0;
  /** What they tell of how dates are written. */
  readonly dayOrders = new Map<string, DayOrder>();

  private readonly dialect: Dialect;

  /** @param charset that the file is declared in; undefined: none */
  constructor(
    private readonly columns: Columns,
    charset: string | undefined,
  ) {
    this.dialect = new Dialect(charset);
  }

  /** The lines that are told by a further piece; null: there is none. */
  *take(given: Uint8Array | null): Generator<JobLine> {
    const piece = this.utf8Of(given);
    for (let from = 0; from < piece.length; ) {
      // With a header or without, records leave as much room.
      const part = piece.subarray(from, from + Math.min(PIECE_BYTES, this.cutter.room));
      this.cutter.give(part);
      from += part.length;
      yield* this.lines(false);
    }
    if (given) return;
    this.cutter.finish();
    yield* this.lines(true);
  }

  /** What the header says, as soon as it is told; throws where it is not allowed. */
  headerOf(isEnd: boolean): Header | null {
    if (this.header || (!isEnd && this.cutter.room >= PIECE_BYTES)) return this.header;
    const [one, two, three] = this.cutter.peek(3);
    // Excel writes a byte order mark.
    if (one === 0xef && two === 0xbb && three === 0xbf) this.cutter.pass(3);
    let line = 1;
    let first = this.firstLine();
    // Above a sheet's table rows may be empty.
    const passBlanks = () => {
      for (; line <= MAX_BLANK && isBlankLine(first); line++) first = this.firstLine();
    };
    passBlanks();
    const separator = separatorIn(first);
    if (separator !== undefined) {
      first = this.firstLine();
      line++;
      passBlanks();
    }
    this.header = readHeader(first, this.columns, isBlankLine(first) ? 1 : line, separator);
    return this.header;
  }

  private firstLine(): string {
    const line = this.cutter.firstLine();
    if (!line) throw invalid([{ path: "", message: "the header is too long" }]);
    return this.text.decode(line);
  }

  private *lines(isEnd: boolean): Generator<JobLine> {
    const header = this.headerOf(isEnd);
    if (!header) return;
    for (const [line, bytes] of this.cutter.records(header.delimiter.charCodeAt(0))) {
      const text = bytes && this.text.decode(bytes);
      if (text !== null && isEmptyRow(text, header.delimiter)) continue;
      this.total++;
      yield [line, text === null ? `${BAD}a line has at most 64 KiB` : this.judged(text, header)];
    }
  }

  /** A line, or in its place what is wrong with it. */
  private judged(text: string, { columns, delimiter }: Header): string {
    const { unique } = this.columns;
    const column = unique === undefined ? -1 : columns.indexOf(unique);
    const dated = this.dated(columns);
    const cells = column < 0 && dated.length === 0 ? [] : parseRecord(text, delimiter).cells;
    for (const at of dated) noteOrder(this.dayOrders, columns[at] ?? "", cells[at] ?? "");
    const key = cells[column];
    const hash = key ? hash53(key) : undefined;
    const isKnown = hash !== undefined && this.seen.has(hash);
    if (hash !== undefined) this.seen.add(hash);
    if (text.includes("\0")) return `${BAD}text may not hold NUL`;
    return isKnown ? `${BAD}${unique}: an earlier line has the same` : text;
  }

  /** Where columns stand that may hold dates. */
  private dated(columns: readonly string[]): readonly number[] {
    this.datedAt ??= columns.flatMap((name, at) => (this.columns.dates?.(name) ? [at] : []));
    return this.datedAt;
  }

  /** A piece as UTF-8; null: the end. */
  private utf8Of(piece: Uint8Array | null): Uint8Array {
    this.isWorkbook ??=
      piece === null ? undefined : WORKBOOKS.some((mark) => mark.every((byte, at) => piece[at] === byte));
    try {
      const bytes = this.dialect.take(piece);
      this.utf8.decode(bytes, { stream: piece !== null });
      return bytes;
    } catch {
      if (this.isWorkbook)
        throw new Problem("malformed", "The file is a workbook, such as .xlsx: save the sheet as CSV in UTF-8.");
      throw new Problem(
        "malformed",
        "The file is not UTF-8, nor what it is said to be written in. Save it as UTF-8, or say which charset it has.",
      );
    }
  }
}

/** A file whose lines are read one after the other; what it tells as a whole is known behind the last. */
export interface StreamedFile extends Header {
  lines: AsyncIterable<JobLine>;
  total(): number;
  dayOrders(): DayOrders;
}

/** However large the pieces are that come: what is told by one is held until it is asked for. */
async function* sliced(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
  for await (const piece of pieces)
    for (let from = 0; from < piece.length; from += PIECE_BYTES) yield piece.subarray(from, from + PIECE_BYTES);
}

/**
 * Reads a file's header, and cuts the rest into records, by the numbers of their lines, as it comes; blank lines are left
 * out. What is wrong further on is thrown while the lines are read.
 * @param charset that it is declared in
 * @throws Problem 400 for what is not of its charset, 422 for a header that is not allowed
 */
export async function openFile(
  pieces: AsyncIterable<Uint8Array>,
  columns: Columns,
  charset?: string,
): Promise<StreamedFile> {
  const reader = new Reader(columns, charset);
  const source = sliced(pieces);
  /** Lines that were told by what brought the header. */
  const first: JobLine[] = [];
  let isOver = false;
  const next = async (): Promise<Iterable<JobLine>> => {
    const { done, value } = await source.next();
    isOver = done === true;
    return reader.take(value ?? null);
  };
  let header: Header | null = null;
  while (!header && !isOver) {
    first.push(...(await next()));
    header = reader.headerOf(false);
  }
  async function* lines(): AsyncGenerator<JobLine> {
    try {
      yield* first.splice(0);
      while (!isOver) yield* await next();
    } finally {
      // Who has read enough lets go of what has not come yet.
      await source.return(undefined);
    }
  }
  return {
    ...(header ?? readHeader("", columns)),
    lines: lines(),
    total: () => reader.total,
    dayOrders: () => reader.dayOrders,
  };
}

/** The same of a file that can be read as often as one likes, `pieces` by pieces: it is for each time its lines are. */
export function readFile(
  pieces: () => Iterable<Uint8Array>,
  columns: Columns,
): Pick<FileParams, "columns" | "delimiter" | "total"> & { entries: Iterable<JobLine> } {
  const read = function* (reader: Reader): Generator<JobLine> {
    for (const piece of pieces()) yield* reader.take(piece);
    yield* reader.take(null);
  };
  const counting = new Reader(columns, undefined);
  for (const _ of read(counting));
  const header = counting.headerOf(true) ?? readHeader("", columns);
  return {
    ...header,
    total: counting.total,
    entries: { [Symbol.iterator]: () => read(new Reader(columns, undefined)) },
  };
}
