import { loosened, searchKey } from "./text";

/*
 * The words that something is found by: letters and digits, each as it is compared, whatever stands between them.
 */

const WORD = /[\p{L}\p{N}\p{M}]+/gu;
const LONGEST = 32;
/** No word that begins with another comes behind it and this. */
export const BEHIND_ALL = "\u{10ffff}";

/** A text as it is looked for, and looked at. */
export const soughtText = (text: string): string => loosened(searchKey(text));

/** The beginning of a word, as much of it as is kept; never half a character. */
const kept = (word: string): string => word.slice(0, LONGEST).replace(/[\ud800-\udbff]$/, "");

/** The words of a text, each once, in their order. */
export const wordsOf = (text: string): string[] => [
  ...new Set(Array.from(soughtText(text).matchAll(WORD), ([word]) => kept(word))),
];

/** How many words of a text are looked for by an index: the longest, which fewer have. */
const MOST_SOUGHT = 4;

/** Those words of a text that are looked for. */
export const wordsSought = (q: string): string[] =>
  wordsOf(q)
    .sort((one, other) => other.length - one.length)
    .slice(0, MOST_SOUGHT);
