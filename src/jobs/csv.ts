import { invalid, Problem } from "../base/errors";
import { hash53 } from "../engine/identity";
import type { JobLine } from "./define";
import { BAD, type Columns, type FileParams, parseRecord } from "./lines";
import { Cutter } from "./records";

/*
 * Files of CSV, read as they come, without being held as bytes or as text: they are 32 MiB at most, and of a few at once
 * that is more than an isolate has.
 */

const DELIMITERS = [",", ";", "\t"];
const PIECE_BYTES = 64 * 1024;

/** What a file's header says of its lines. */
type Header = Pick<FileParams, "columns" | "delimiter">;

/** A file, as it is read. */
class Reader {
  private readonly cutter = new Cutter();
  private readonly utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  private readonly text = new TextDecoder("utf-8", { fatal: false, ignoreBOM: true });
  /** Hashes of 53 bits: the ids themselves would take more memory than the file. */
  private readonly seen = new Set<number>();
  private header: Header | null = null;
  /** So many of its lines were read. */
  total = 0;

  constructor(private readonly columns: Columns) {}

  /** The lines that are told by a further piece; null: there is none. */
  *take(piece: Uint8Array | null): Generator<JobLine> {
    this.requireUtf8(piece);
    for (let from = 0; piece && from < piece.length; ) {
      // With a header or without, records leave as much room.
      const part = piece.subarray(from, from + Math.min(PIECE_BYTES, this.cutter.room));
      this.cutter.give(part);
      from += part.length;
      yield* this.lines(false);
    }
    if (piece) return;
    this.cutter.finish();
    yield* this.lines(true);
  }

  /** What the header says, as soon as it is told; throws where it is not allowed. */
  headerOf(isEnd: boolean): Header | null {
    if (this.header || (!isEnd && this.cutter.room >= PIECE_BYTES)) return this.header;
    const [first, second, third] = this.cutter.peek(3);
    // Excel writes a byte order mark.
    if (first === 0xef && second === 0xbb && third === 0xbf) this.cutter.pass(3);
    const line = this.cutter.firstLine();
    if (!line) throw invalid([{ path: "", message: "the header is too long" }]);
    this.header = readHeader(this.text.decode(line), this.columns);
    return this.header;
  }

  private *lines(isEnd: boolean): Generator<JobLine> {
    const header = this.headerOf(isEnd);
    if (!header) return;
    for (const [line, bytes] of this.cutter.records(header.delimiter.charCodeAt(0))) {
      this.total++;
      yield [line, bytes ? this.judged(this.text.decode(bytes), header) : `${BAD}a line has at most 64 KiB`];
    }
  }

  /** A line, or in its place what is wrong with it. */
  private judged(text: string, { columns, delimiter }: Header): string {
    const { unique } = this.columns;
    const column = unique === undefined ? -1 : columns.indexOf(unique);
    const key = column < 0 ? undefined : parseRecord(text, delimiter).cells[column];
    const hash = key ? hash53(key) : undefined;
    const isKnown = hash !== undefined && this.seen.has(hash);
    if (hash !== undefined) this.seen.add(hash);
    if (text.includes("\0")) return `${BAD}text may not hold NUL`;
    return isKnown ? `${BAD}${unique}: an earlier line has the same` : text;
  }

  private requireUtf8(piece: Uint8Array | null): void {
    const [first, second] = this.header || !piece ? [] : piece;
    if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
      throw new Problem("unsupported", "The file is UTF-16. Save it as UTF-8.");
    try {
      if (piece) this.utf8.decode(piece, { stream: true });
      else this.utf8.decode();
    } catch {
      throw new Problem("malformed", "The file is not UTF-8.");
    }
  }
}

/** A file whose lines are read one after the other; how many there were is known behind the last. */
export interface StreamedFile extends Header {
  lines: AsyncIterable<JobLine>;
  total(): number;
}

/** However large the pieces are that come: what is told by one is held until it is asked for. */
async function* sliced(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
  for await (const piece of pieces)
    for (let from = 0; from < piece.length; from += PIECE_BYTES) yield piece.subarray(from, from + PIECE_BYTES);
}

/**
 * Reads a file's header, and cuts the rest into records, by the numbers of their lines, as it comes; blank lines are left
 * out. What is wrong further on is thrown while the lines are read.
 * @throws Problem 415 for UTF-16, 400 for what is not UTF-8, 422 for a header that is not allowed
 */
export async function openFile(pieces: AsyncIterable<Uint8Array>, columns: Columns): Promise<StreamedFile> {
  const reader = new Reader(columns);
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
    yield* first.splice(0);
    while (!isOver) yield* await next();
  }
  return { ...(header ?? readHeader("", columns)), lines: lines(), total: () => reader.total };
}

/** The same of a file that is at hand. */
export function readFile(
  bytes: Uint8Array,
  columns: Columns,
): Omit<FileParams, "fire"> & { entries: Iterable<JobLine> } {
  const read = function* (reader: Reader): Generator<JobLine> {
    yield* reader.take(bytes);
    yield* reader.take(null);
  };
  const counting = new Reader(columns);
  for (const _ of read(counting));
  const header = counting.headerOf(true) ?? readHeader("", columns);
  return { ...header, total: counting.total, entries: { [Symbol.iterator]: () => read(new Reader(columns)) } };
}

function readHeader(text: string, columns: Columns): { columns: string[]; delimiter: string } {
  const delimiter = DELIMITERS.find((one) => text.includes(one)) ?? ",";
  const { cells, fault } = parseRecord(text, delimiter);
  const names = cells.map((cell) => cell.trim());
  const known = new Set([...columns.required, ...(columns.optional ?? []), ...(columns.oneOf ?? [])]);
  const missing = columns.required.filter((name) => !names.includes(name));
  const messages =
    fault !== null
      ? [fault]
      : [
          ...names
            .filter((name) => !known.has(name) && !columns.allows?.(name))
            .map((name) => `there is no column ${JSON.stringify(name)}`),
          ...names
            .filter((name, index) => names.indexOf(name) < index)
            .map((name) => `the column ${JSON.stringify(name)} is there twice`),
          ...missing.map((name) => `the column ${JSON.stringify(name)} is missing`),
          ...(columns.oneOf && !columns.oneOf.some((name) => names.includes(name))
            ? [`there has to be one of the columns ${columns.oneOf.join(", ")}`]
            : []),
        ];
  if (messages.length) throw invalid(messages.map((message) => ({ path: "/1", message })));
  return { columns: names, delimiter };
}
