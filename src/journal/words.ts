import { Cache } from "../base/cache";
import type { LogBatch } from "../calls/batch";
import type { SchoolEpoch } from "../calls/user";

/** Words of the vocabulary that this isolate has written, by school and epoch: they need not be written again. */
const written = new Cache<true>({ entries: 50_000, characters: 4_000_000 });

const wordKey = (kind: string, value: string, name?: string): string =>
  name === undefined ? `${kind} ${value}` : JSON.stringify([kind, value, name]);

const keyOf = ({ id, epoch }: SchoolEpoch, kind: string, value: string, name?: string): string =>
  `${epoch} ${id} ${wordKey(kind, value, name)}`;

/** Whether it was written; with a name, that this is what it is called. */
export const isKnownWord = (school: SchoolEpoch, kind: string, value: string, name?: string): boolean =>
  written.get(keyOf(school, kind, value, name)) ?? false;

export function noteWords({ school: id, epoch, words }: LogBatch): void {
  const school = { id, epoch };
  for (const [kind, value, , name] of words) {
    written.set(keyOf(school, kind, value), true);
    if (name !== undefined) written.set(keyOf(school, kind, value, name), true);
  }
}
