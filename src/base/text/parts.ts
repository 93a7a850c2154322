/*
 * A text as it lies ready: what is long and seldom changes as bytes, made once, the rest as text. Bytes are put together
 * and sent on at a fraction of what a text costs, each step of whose way makes another of it; and a single letter beyond
 * Latin-1 makes all of a text twice as long.
 */

export type Part = string | Uint8Array;

/** What is shorter is as cheap as text. */
const LONG = 4_096;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A part that is kept. */
export const partOf = (text: string): Part => (text.length > LONG ? encoder.encode(text) : text);

export const textOf = (parts: readonly Part[]): string =>
  parts.map((part) => (typeof part === "string" ? part : decoder.decode(part))).join("");

/** Where bytes are put together: half a megabyte that is asked for anew each time costs more than what is put there. */
let desk = new Uint8Array(0);
/** So much of it is kept. */
const DESK = 2_097_152;

/**
 * What the parts are together: a text where each is one, else its bytes, which stand there until this is called again. A
 * response copies what it is made of.
 */
export function bodyOf(parts: readonly Part[]): string | Uint8Array<ArrayBuffer> {
  const runs: Part[] = [];
  for (const part of parts) {
    const last = runs.at(-1);
    if (typeof part === "string" && typeof last === "string") runs[runs.length - 1] = last + part;
    else runs.push(part);
  }
  if (runs.length <= 1 && typeof runs[0] !== "object") return runs[0] ?? "";
  const bytes = runs.map((part) => (typeof part === "string" ? encoder.encode(part) : part));
  const length = bytes.reduce((sum, part) => sum + part.length, 0);
  if (desk.length < length && length <= DESK) desk = new Uint8Array(Math.min(2 * length, DESK));
  const whole = length <= desk.length ? desk.subarray(0, length) : new Uint8Array(length);
  let at = 0;
  for (const part of bytes) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
