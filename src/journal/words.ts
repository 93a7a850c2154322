import { Cache } from "../base/cache";
import type { LogBatch } from "../calls/batch";

/** Words of the vocabulary that this isolate has written, by school: they need not be written again. */
const written = new Cache<Set<string>>({ entries: 1_000 });
const MAX_WORDS = 50_000;

const wordKey = (kind: string, value: string): string => `${kind} ${value}`;

export const isKnownWord = (school: string, kind: string, value: string): boolean =>
  written.get(school)?.has(wordKey(kind, value)) ?? false;

export function noteWords({ school, words }: LogBatch): void {
  if (!words.length) return;
  let known = written.get(school);
  if (!known || known.size > MAX_WORDS) known = written.set(school, new Set());
  for (const [kind, value] of words) known.add(wordKey(kind, value));
}

/** Forgets which words were written: the school was deleted. */
export const forgetWords = (school: string): void => void written.delete(school);
