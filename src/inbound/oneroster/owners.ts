import { hash53 } from "../../engine/identity";
import type { RosterRow } from "./rows";

/*
 * A record is one user's. Where lines of a set name several, it is the one's whom the last line that gives it names:
 * so a line that takes it from one may stand before or behind that which gives it to another. Ids are held as hashes.
 */

type Row = RosterRow | { fault: string | null };

/** What stands in a list more than once. @param hashes are put in order */
export function repeatedOf(hashes: Float64Array): Set<number> {
  hashes.sort();
  return new Set(hashes.filter((hash, at) => at > 0 && hash === hashes[at - 1]));
}

/** Whose each of the records is that stand in more than one line. */
export function ownersOf(repeated: ReadonlySet<number>, rows: () => Iterable<readonly [unknown, Row]>) {
  const owners = new Map<number, number>();
  if (!repeated.size) return owners;
  for (const [, row] of rows()) {
    if (!("record" in row) || row.record.ends) continue;
    const record = hash53(row.record.id);
    if (repeated.has(record)) owners.set(record, hash53(row.user));
  }
  return owners;
}

/** What a line says of its user's record where another line gives that to somebody else. */
export function ownedBy(owners: ReadonlyMap<number, number>, row: Row): Row {
  if (!owners.size || !("record" in row)) return row;
  const owner = owners.get(hash53(row.record.id));
  if (owner === undefined || owner === hash53(row.user)) return row;
  const { id, course, ends } = row.record;
  const note = "a later line has the record for another user";
  return {
    user: row.user,
    creates: false,
    othersKeep: true,
    record: { id, course, ends: true },
    ...(ends ? {} : { note }),
  };
}
