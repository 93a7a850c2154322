import { Cache } from "../base/cache";
import type { LogBatch } from "../calls/batch";
import type { SchoolEpoch } from "../calls/user";

/** Words of the vocabulary that this isolate has written, by school and epoch: they need not be written again. */
const written = new Cache<Set<string>>({ entries: 1_000 });
const MAX_WORDS = 50_000;

const wordKey = (kind: string, value: string): string => `${kind} ${value}`;

const schoolKey = ({ id, epoch }: SchoolEpoch): string => `${epoch} ${id}`;

export const isKnownWord = (school: SchoolEpoch, kind: string, value: string): boolean =>
  written.get(schoolKey(school))?.has(wordKey(kind, value)) ?? false;

export function noteWords({ school, epoch, words }: LogBatch): void {
  if (!words.length) return;
  const key = schoolKey({ id: school, epoch });
  let known = written.get(key);
  if (!known || known.size > MAX_WORDS) known = written.set(key, new Set());
  for (const [kind, value] of words) known.add(wordKey(kind, value));
}
