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

/** What the parts are together, as a body: a text where each is one, else their bytes. */
export const bodyOf = (parts: readonly Part[]): string | Blob =>
  parts.every((part) => typeof part === "string") ? parts.join("") : new Blob([...parts]);

export const lengthOf = (parts: readonly Part[]): number => parts.reduce((length, part) => length + part.length, 0);
