import type { Packed } from "../../src/calls/shape";

/*
 * How what lies packed becomes rows: one, or the slices of its parts.
 */

/** A text is cut so that a row, at three bytes a character, stays under the platform's 2 MB. */
const SLICE_LENGTH = 500_000;

/** A row grown past this is split into its parts, so that an event rewrites only what it changed. */
export const SPLIT_BYTES = 16_384;

/** Where all lies in one row, or where each part begins, whose further slices follow. */
export const SLOTS = { all: 0, state: 1_000, log: 2_000, rest: 3_000 } as const;
export const PARTS = [SLOTS.state, SLOTS.log, SLOTS.rest];

/** The parts of what is too large for one row: what most events change apart from what few do. */
export function slotParts(packed: Packed, runs: Packed["runs"]): [slot: number, body: string][] {
  const { state, seq, nextWake, entries, deliveries, words, runs: _, ...rest } = packed;
  return [
    [SLOTS.state, JSON.stringify({ state, seq, nextWake, entries })],
    [SLOTS.log, JSON.stringify({ runs, deliveries, words })],
    [SLOTS.rest, JSON.stringify(rest)],
  ];
}

/** What lies packed in rows, as it was written; null: nothing does. */
export function unpacked(rows: ReadonlyMap<number, string>): unknown {
  const all = joined(rows, SLOTS.all);
  if (all !== null) return JSON.parse(all);
  if (!rows.has(SLOTS.rest)) return null;
  return Object.assign({}, ...PARTS.map((slot) => JSON.parse(joined(rows, slot) ?? "{}")));
}

/** A text from its slices. */
function joined(rows: ReadonlyMap<number, string>, slot: number): string | null {
  let text = rows.get(slot);
  if (text === undefined) return null;
  for (let n = slot + 1; rows.has(n); n++) text += rows.get(n);
  return text;
}

/** Cuts a text for rows of their own, never through a character: SQLite would keep neither half of one. */
export function slicesOf(text: string, length = SLICE_LENGTH): string[] {
  const slices: string[] = [];
  let from = 0;
  do {
    let to = Math.min(from + length, text.length);
    const last = text.charCodeAt(to - 1);
    if (to < text.length && last >= 0xd800 && last <= 0xdbff) to--;
    slices.push(text.slice(from, to));
    from = to;
  } while (from < text.length);
  return slices;
}
