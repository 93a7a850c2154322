import { invalid, Problem } from "../base/errors";
import { hash53 } from "../engine/identity";
import type { JobLine } from "./define";
import { BAD, type Columns, type FileParams, parseRecord } from "./lines";

/*
 * Files of CSV, cut into records without being held as text: as bytes they are 32 MiB at most, as text they could be
 * more than an isolate has.
 */

const LF = 10;
const CR = 13;
const QUOTE = 34;
const DELIMITERS = [",", ";", "\t"];
const MAX_RECORD_BYTES = 64 * 1024;
const DECODE_BYTES = 1024 * 1024;

/**
 * Reads a file's header and cuts the rest into records by the numbers of their lines; blank lines are left out.
 * @throws Problem 415 for UTF-16, 400 for what is not UTF-8, 422 for a header that is not allowed
 */
export function readFile(
  bytes: Uint8Array,
  columns: Columns,
): Omit<FileParams, "fire"> & { entries: Iterable<JobLine> } {
  const [first, second, third] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new Problem("unsupported", "The file is UTF-16. Save it as UTF-8.");
  }
  // Excel writes a byte order mark.
  const start = first === 0xef && second === 0xbb && third === 0xbf ? 3 : 0;
  requireUtf8(bytes);
  const header = firstLine(bytes, start);
  const read = readHeader(header.text, columns);
  const cuts = () => cut(bytes, header.next, read.delimiter);
  let total = 0;
  for (const _ of cuts()) total++;
  return { ...read, total, entries: { [Symbol.iterator]: () => entriesOf(bytes, cuts(), read, columns.unique) } };
}

function* entriesOf(
  bytes: Uint8Array,
  cuts: Iterable<{ line: number; start: number; end: number }>,
  header: { columns: string[]; delimiter: string },
  unique: string | undefined,
): Generator<JobLine> {
  const column = unique === undefined ? -1 : header.columns.indexOf(unique);
  // Hashes of 53 bits: the ids themselves would take more memory than the file.
  const seen = new Set<number>();
  for (const { line, start, end } of cuts) {
    if (end - start > MAX_RECORD_BYTES) {
      yield [line, `${BAD}a line has at most 64 KiB`];
      continue;
    }
    const text = textOf(bytes, start, end);
    const key = column < 0 ? undefined : parseRecord(text, header.delimiter).cells[column];
    const hash = key ? hash53(key) : undefined;
    if (text.includes("\0")) yield [line, `${BAD}text may not hold NUL`];
    else if (hash !== undefined && seen.has(hash)) yield [line, `${BAD}${unique}: an earlier line has the same`];
    else yield [line, text];
    if (hash !== undefined) seen.add(hash);
  }
}

function requireUtf8(bytes: Uint8Array): void {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  try {
    for (let at = 0; at < bytes.length; at += DECODE_BYTES)
      decoder.decode(bytes.subarray(at, at + DECODE_BYTES), { stream: true });
    decoder.decode();
  } catch {
    throw new Problem("malformed", "The file is not UTF-8.");
  }
}

const decoder = new TextDecoder("utf-8", { fatal: false, ignoreBOM: true });

/** Without the CR of a CRLF. */
const trimmed = (bytes: Uint8Array, from: number, to: number): number =>
  to > from && bytes[to - 1] === CR ? to - 1 : to;
const textOf = (bytes: Uint8Array, from: number, to: number): string =>
  decoder.decode(bytes.subarray(from, trimmed(bytes, from, to)));

function firstLine(bytes: Uint8Array, from: number): { text: string; next: number } {
  const found = bytes.indexOf(LF, from);
  const end = found < 0 ? bytes.length : found;
  if (end - from > MAX_RECORD_BYTES) throw invalid([{ path: "", message: "the header is too long" }]);
  return { text: textOf(bytes, from, end), next: end + 1 };
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

/**
 * Cuts bytes into records: a line break within quotes belongs to its cell, and a quote opens where a cell begins.
 * A quote that is never closed takes the rest of its line only.
 */
function* cut(
  bytes: Uint8Array,
  from: number,
  delimiter: string,
): Generator<{ line: number; start: number; end: number }> {
  const separator = delimiter.charCodeAt(0);
  let line = 2;
  for (let start = from; start < bytes.length; ) {
    const end = endOfRecord(bytes, start, separator) ?? endOfLine(bytes, start);
    if (trimmed(bytes, start, end) > start) yield { line, start, end };
    for (let at = start; at <= end && at < bytes.length; at++) if (bytes[at] === LF) line++;
    start = end + 1;
  }
}

const endOfLine = (bytes: Uint8Array, from: number): number => {
  const found = bytes.indexOf(LF, from);
  return found < 0 ? bytes.length : found;
};

/** Where the record that begins here ends; null: a quote is not closed within reach. */
function endOfRecord(bytes: Uint8Array, start: number, separator: number): number | null {
  const limit = Math.min(bytes.length, start + MAX_RECORD_BYTES);
  let quoted = false;
  let atCellStart = true;
  for (let at = start; at < limit; at++) {
    const byte = bytes[at];
    if (quoted) {
      if (byte !== QUOTE) continue;
      if (bytes[at + 1] === QUOTE) at++;
      else quoted = false;
    } else if (byte === QUOTE && atCellStart) {
      quoted = true;
      atCellStart = false;
    } else if (byte === LF) return at;
    else atCellStart = byte === separator;
  }
  return quoted || limit < bytes.length ? null : bytes.length;
}
