import { FIRST_OWN, type JournalEntry } from "../../src/calls/shape";
import type { TimelineRange } from "../../src/calls/user";
import { PAGE_CHARACTERS, pageOfEntries } from "./rows";

/*
 * The journal in the order of time. It lies in stretches: what of others was taken over, each of whom has a block of
 * places before the user's own, in each of which time goes on. They are read side by side, and no further than is asked for.
 */

/** Each of whom something was taken has so many places in the journal, before all that is the user's own. */
export const PLACES = 1_000_000_000;
export const FIRST_PLACE = -7_000_000 * PLACES;

/** Bounds of places, neither in it. */
interface Stretch {
  after: number;
  before: number;
}

type Entries = readonly JournalEntry[];

/** The user's own, and the blocks in which something lies. */
function stretchesOf(sql: SqlStorage | null): Stretch[] {
  const found: Stretch[] = [{ after: FIRST_OWN - 1, before: Number.MAX_SAFE_INTEGER }];
  for (let after = Number.MIN_SAFE_INTEGER; sql; ) {
    const row = sql
      .exec<{ seq: number }>("select seq from entries where seq > ? and seq < ? order by seq limit 1", after, FIRST_OWN)
      .toArray()[0];
    if (!row) break;
    const begin = FIRST_PLACE + Math.floor((row.seq - FIRST_PLACE) / PLACES) * PLACES;
    after = begin + PLACES - 1;
    found.push({ after: begin - 1, before: begin + PLACES });
  }
  return found;
}

/** The part of a stretch in which what is asked for lies: rows know how late the last in them is. */
function partOf(sql: SqlStorage | null, { after, before }: Stretch, { from, newestFirst }: TimelineRange): Stretch {
  if (!sql || !from) return { after, before };
  const place = (which: string): number | null =>
    sql
      .exec<{ seq: number | null }>(
        `select ${which} as seq from entries where seq > ? and seq < ? and at ${newestFirst ? ">" : "<"} ?`,
        after,
        before,
        from.at,
      )
      .one().seq;
  // The first row that is later may hold what is not.
  if (newestFirst) return { after, before: Math.min(before, (place("min(seq)") ?? before) + 1) };
  return { after: place("max(seq)") ?? after, before };
}

/** One stretch, read as it is asked for. */
function* entriesIn(
  sql: SqlStorage | null,
  packed: Entries,
  part: Stretch,
  range: TimelineRange,
): Generator<JournalEntry> {
  const { newestFirst, most, from } = range;
  for (let bounds = part; ; ) {
    const { items, next } = pageOfEntries(sql, packed, { ...bounds, newestFirst, most }, PAGE_CHARACTERS);
    for (const one of items) if (!from || compare(one, from) * (newestFirst ? -1 : 1) >= 0) yield one;
    if (next === null) return;
    bounds = newestFirst ? { ...bounds, before: next } : { ...bounds, after: next };
  }
}

const compare = (one: { at: number; seq: number }, other: { at: number; seq: number }): number =>
  one.at - other.at || one.seq - other.seq;

/** So many entries, or fewer where they are long; none: there are no more. */
export function timelineOf(sql: SqlStorage | null, packed: Entries, range: TimelineRange): JournalEntry[] {
  const sign = range.newestFirst ? -1 : 1;
  const heads = stretchesOf(sql).flatMap((stretch) => {
    const rest = entriesIn(sql, packed, partOf(sql, stretch, range), range);
    const first = rest.next();
    return first.done ? [] : [{ entry: first.value, rest }];
  });
  const found: JournalEntry[] = [];
  let characters = 0;
  while (heads.length && found.length < range.most && characters < PAGE_CHARACTERS) {
    const [head] = heads.toSorted((one, other) => sign * compare(one.entry, other.entry));
    if (!head) break;
    found.push(head.entry);
    characters += JSON.stringify(head.entry).length;
    const next = head.rest.next();
    if (next.done) heads.splice(heads.indexOf(head), 1);
    else head.entry = next.value;
  }
  return found;
}
