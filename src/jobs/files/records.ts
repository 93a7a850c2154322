/*
 * Bytes of CSV, cut into records as they come: no more of them is held than the longest record takes. A line break within
 * quotes belongs to its cell, and a quote opens where a cell begins; one that is never closed takes the rest of its line
 * only.
 */

const LF = 10;
const CR = 13;
const QUOTE = 34;
export const MAX_RECORD_BYTES = 64 * 1024;
/** What is looked at to tell a record: itself, and whether a quote at its end is doubled. */
const REACH_BYTES = MAX_RECORD_BYTES + 2;
const ROOM_BYTES = 4 * MAX_RECORD_BYTES;

/** A record by the number of its first line; null: it is longer than one may be. */
export type Cut = [line: number, bytes: Uint8Array | null];

/** Without the CR of a CRLF. */
const trimmed = (bytes: Uint8Array, from: number, to: number): number =>
  to > from && bytes[to - 1] === CR ? to - 1 : to;

/**
 * Cuts what it is given: first the header's line, by itself, and then, once it is told what separates cells, records;
 * blank ones are left out.
 */
export class Cutter {
  private bytes = new Uint8Array(ROOM_BYTES);
  private start = 0;
  private end = 0;
  private line = 1;
  private isEnd = false;
  /** Within a line that is too long to be held. */
  private skipping = false;

  /** How many bytes can be given at once. */
  get room(): number {
    return ROOM_BYTES - (this.end - this.start);
  }

  give(piece: Uint8Array): void {
    if (this.end + piece.length > ROOM_BYTES) {
      this.bytes.copyWithin(0, this.start, this.end);
      this.end -= this.start;
      this.start = 0;
    }
    this.bytes.set(piece, this.end);
    this.end += piece.length;
  }

  /** Nothing more comes. */
  finish(): void {
    this.isEnd = true;
  }

  private get left(): number {
    return this.end - this.start;
  }

  /** Passes over the first bytes. */
  pass(count: number): void {
    this.start += count;
  }

  /** The first bytes that there are, at most so many. */
  peek(count: number): Uint8Array {
    return this.bytes.subarray(this.start, Math.min(this.end, this.start + count));
  }

  /** The line up to the next break; null: it is longer than a record may be. To be asked when all room is filled. */
  firstLine(): Uint8Array | null {
    const found = this.lineEnd();
    if (found - this.start > MAX_RECORD_BYTES) return null;
    const line = this.bytes.slice(this.start, trimmed(this.bytes, this.start, found));
    this.start = Math.min(this.end, found + 1);
    this.line++;
    return line;
  }

  /** Where the line ends, or, where it does not yet, what is there. */
  private lineEnd(): number {
    const found = this.bytes.subarray(0, this.end).indexOf(LF, this.start);
    return found < 0 ? this.end : found;
  }

  /** The records that can be told from what was given. What they hold is good until more is given. */
  *records(separator: number): Generator<Cut> {
    while (this.left > 0 && (this.isEnd || this.left >= REACH_BYTES)) {
      if (this.skipping) {
        const end = this.lineEnd();
        this.skipping = end === this.end;
        this.start = Math.min(this.end, end + 1);
        if (!this.skipping) this.line++;
        continue;
      }
      const begun = this.start;
      const end = this.endOfRecord(separator) ?? this.lineEnd();
      const { line } = this;
      if (end === this.end && !this.isEnd) {
        // The line goes on beyond all that is held.
        this.skipping = true;
        this.start = this.end;
        yield [line, null];
        continue;
      }
      for (let at = begun; at <= end && at < this.end; at++) if (this.bytes[at] === LF) this.line++;
      this.start = Math.min(this.end, end + 1);
      if (end - begun > MAX_RECORD_BYTES) yield [line, null];
      else if (trimmed(this.bytes, begun, end) > begun)
        yield [line, this.bytes.subarray(begun, trimmed(this.bytes, begun, end))];
    }
  }

  /** Where the record that begins here ends; null: a quote is not closed within reach. */
  private endOfRecord(separator: number): number | null {
    const { bytes, start, end } = this;
    const limit = Math.min(end, start + MAX_RECORD_BYTES);
    let quoted = false;
    let atCellStart = true;
    for (let at = start; at < limit; at++) {
      const byte = bytes[at];
      if (quoted) {
        if (byte !== QUOTE) continue;
        if (at + 1 < end && bytes[at + 1] === QUOTE) at++;
        else quoted = false;
      } else if (byte === QUOTE && atCellStart) {
        quoted = true;
        atCellStart = false;
      } else if (byte === LF) return at;
      else atCellStart = byte === separator;
    }
    return quoted || limit < end ? null : end;
  }
}
