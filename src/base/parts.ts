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

/** What the parts are together: a text where each is one, else its bytes. */
export function bodyOf(parts: readonly Part[]): string | Uint8Array<ArrayBuffer> {
  const runs: Part[] = [];
  for (const part of parts) {
    const last = runs.at(-1);
    if (typeof part === "string" && typeof last === "string") runs[runs.length - 1] = last + part;
    else runs.push(part);
  }
  if (runs.length <= 1 && typeof runs[0] !== "object") return runs[0] ?? "";
  const bytes = runs.map((part) => (typeof part === "string" ? encoder.encode(part) : part));
  const whole = new Uint8Array(bytes.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of bytes) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
