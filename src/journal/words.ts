import { Cache } from "../base/cache";
import type { LogBatch } from "../calls/batch";
import type { SchoolEpoch } from "../calls/user";

/** Words of the vocabulary that this isolate has written, by school and epoch: they need not be written again. */
const written = new Cache<Set<string>>({ entries: 1_000 });
const MAX_WORDS = 50_000;

const wordKey = (kind: string, value: string, name?: string): string =>
  name === undefined ? `${kind} ${value}` : JSON.stringify([kind, value, name]);

const schoolKey = ({ id, epoch }: SchoolEpoch): string => `${epoch} ${id}`;

/** Whether it was written; with a name, that this is what it is called. */
export const isKnownWord = (school: SchoolEpoch, kind: string, value: string, name?: string): boolean =>
  written.get(schoolKey(school))?.has(wordKey(kind, value, name)) ?? false;

export function noteWords({ school, epoch, words }: LogBatch): void {
  if (!words.length) return;
  const key = schoolKey({ id: school, epoch });
  let known = written.get(key);
  if (!known || known.size > MAX_WORDS) known = written.set(key, new Set());
  for (const [kind, value, , name] of words) {
    known.add(wordKey(kind, value));
    if (name !== undefined) known.add(wordKey(kind, value, name));
  }
}
