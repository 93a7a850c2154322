import type { Ended, JournalEntry, Packed } from "../../src/calls/shape";

/*
 * What has happened and what has ended lie packed as they were put there, until they move to rows of their own: each is
 * made into text once, not with every turn.
 */

const texts = new WeakMap<JournalEntry | Ended, string>();

/** An item as JSON. It must not change once it has been committed. */
export function textOf(item: JournalEntry | Ended): string {
  let text = texts.get(item);
  if (text === undefined) {
    text = JSON.stringify(item);
    texts.set(item, text);
  }
  return text;
}

export const textOfAll = (items: readonly (JournalEntry | Ended)[]): string => `[${items.map(textOf).join()}]`;

/** All that lies packed, as JSON. */
export function textOfPacked({ entries, ended, ...rest }: Packed): string {
  return `${JSON.stringify(rest).slice(0, -1)},"ended":${textOfAll(ended)},"entries":${textOfAll(entries)}}`;
}
