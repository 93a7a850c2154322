import { type AnyColumn, type SQL, sql } from "drizzle-orm";
import type { ListQuery } from "./list";

/* What lies in its order within each part of an index, as what an automation sent does by its channel, as one list. */

/** D1 takes so many parts of a compound. */
const PARTS = 5;

interface Merging {
  query: ListQuery;
  /** The columns that order them. */
  key: readonly AnyColumn[];
  /** Conditions of which each row meets one. */
  each: readonly SQL[];
  limit: number;
}

/**
 * The first rows of what one condition or another finds, in their order. The database goes on in the part whose row it
 * took: it reads one more in each of the others, and puts nothing in order. By one condition alone, or none, whoever asks
 * says order and limit.
 */
export function merged(found: (one?: SQL) => SQL, { query, key, each, limit }: Merging): SQL {
  if (each.length <= 1) return found(each[0]);
  // Of a compound no table is known any more.
  const inTurn = key.map(({ name }) => sql`${sql.identifier(name)} ${sql.raw(query.order ?? "asc")}`);
  const together = (parts: readonly SQL[]): SQL =>
    sql`${sql.join([...parts], sql` union all `)} order by ${sql.join(inTurn, sql`, `)} limit ${limit}`;
  const all = each.map((one) => found(one));
  if (all.length <= PARTS) return together(all);
  const some = Array.from({ length: Math.ceil(all.length / PARTS) }, (_, n) => all.slice(n * PARTS, (n + 1) * PARTS));
  return together(some.map((parts) => sql`select * from (${together(parts)})`));
}
