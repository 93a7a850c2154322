import type { Child } from "hono/jsx";
import type { Text } from "./german";

/*
 * What the UI says. Sentences stand in the pages in English; each is the key of its other languages, and a text that
 * has none does not compile. The server and the browsers' islands both speak through here.
 */

export type { Text };

export interface Language {
  code: "en" | "de";
  /** How numbers and dates are written (BCP 47). */
  locale: string;
  /** English to it; empty for English. */
  texts: Readonly<Record<string, string>>;
  /** Those of them that the API answers with: what `heard` makes out by its pattern. None for English. */
  answers?: Readonly<Record<string, string>>;
}

export const ENGLISH: Language = { code: "en", locale: "en-GB", texts: {} };

let spoken: () => Language = () => ENGLISH;

/** From now on the language is the one found so: the request's on the server, the page's in a browser. */
export function speakBy(found: () => Language): void {
  spoken = found;
}

export const language = (): Language => spoken();

/** The names in braces of a text. */
type Slots<T extends string> = T extends `${string}{${infer Name}}${infer Rest}` ? Name | Slots<Rest> : never;
/** What is to be given for a text: nothing, or a value for each of its slots. */
type Given<T extends string, Value, Known extends string = never> = [Exclude<Slots<T>, Known>] extends [never]
  ? []
  : [values: Readonly<Record<Exclude<Slots<T>, Known>, Value>>];

/** What tells two meanings of one English word apart ("Open@verb"); never shown. */
const MEANING = /@[a-z]+$/;
const SLOT = /\{(\w+)\}/g;

const templateOf = (text: string): string => {
  const { texts } = spoken();
  return Object.hasOwn(texts, text) ? (texts[text] ?? text) : text.replace(MEANING, "");
};

const written = (value: string | number): string => (typeof value === "number" ? figure(value) : value);

const filled = (template: string, values: Readonly<Record<string, string | number>>): string =>
  template.replace(SLOT, (slot, name: string) => (Object.hasOwn(values, name) ? written(values[name] ?? "") : slot));

/** A text in the reader's language: `say("{name} was deleted.", { name })`; numbers are written as figures. */
export function say<T extends Text>(text: T, ...[values]: Given<T, string | number>): string {
  const template = templateOf(text);
  return values ? filled(template, values) : template;
}

/** By how many there are: `many(3, "{n} run", "{n} runs")` is "3 runs"; `n` is filled in by itself. */
export function many<One extends Text, Several extends Text>(
  n: number,
  one: One,
  several: Several,
  ...[values]: Given<One | Several, string | number, "n">
): string {
  // The rest of what the slots need was given, as the type asks.
  return filled(templateOf(n === 1 ? one : several), { ...(values as Record<string, string | number>), n });
}

/** A text with elements in its slots: `weave("Leads to {page}.", { page: <a href="/">…</a> })`. */
export function weave<T extends Text>(text: T, values: Readonly<Record<Slots<T>, Child>>): Child[] {
  const given: Readonly<Record<string, Child>> = values;
  return templateOf(text)
    .split(/(\{\w+\})/)
    .map((piece) => {
      const name = piece.slice(1, -1);
      return piece.startsWith("{") && Object.hasOwn(given, name) ? given[name] : piece;
    });
}

/** Marks a text that is said later, where there is no reader yet: in constants of a module. */
export const later = <T extends Text>(words: T): T => words;

/** A text that is known only at run time (a card's label, what the API answered); as it is where there is no other. */
export function inWords(words: string): string {
  const { texts } = spoken();
  return Object.hasOwn(texts, words) ? (texts[words] ?? words) : words;
}

/** A number as the reader writes it: 1,234. */
export const figure = (n: number, options?: Intl.NumberFormatOptions): string =>
  n.toLocaleString(spoken().locale, options);

/** A moment or a day as the reader writes it. */
export const dateIn = (atMs: number | Date, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat(spoken().locale, options).format(atMs);
