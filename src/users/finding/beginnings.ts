import { loosened, waysToKeep } from "../../base/text/text";

/*
 * How the word by which users are looked for may begin where it is kept: words are kept as their capitals were made small,
 * by which letters that are alike came apart. Those ways are asked for in which people write; whoever wrote otherwise is
 * found behind them, as whoever has the text within a word is.
 */

const DOTTED = "i\u0307";

/** The longest word: others of the text may be nearly everybody's. */
function longestOf(words: readonly string[]): number {
  return words.reduce((best, word, at) => (word.length > (words[best] ?? "").length ? at : best), 0);
}

/** Of a name as people write it: a capital first, or all of them. */
function withTurkishIs(typed: string, plain: string): string[] {
  if (!plain.includes("i")) return [plain];
  const first = plain.startsWith("i") ? [DOTTED, "ı"] : [];
  // What is behind the first letter of what was typed, be that an i with a dot of its own.
  const rest = typed.slice(typed.startsWith(DOTTED) ? DOTTED.length : 1);
  return [
    ...[plain, typed, plain.replaceAll("i", "ı"), plain.replaceAll("i", DOTTED)],
    ...first.flatMap((letter) => [letter + plain.slice(1), letter + rest]),
  ];
}

/** @param q a key to search by */
export function beginningsOf(q: string): string[] {
  const words = q.split(" ");
  const typed = words[longestOf(words)] ?? "";
  return [...new Set([...withTurkishIs(typed, loosened(typed)), ...waysToKeep(typed)])];
}
