/*
 * The tables of a user's object, each made when something is first put into it: a table made is a row written, and most
 * users need one. One that changes its form gets another name, and `earlier.ts` brings over what lies there.
 */

export const TABLES = {
  /** What lies packed: one row, 0, or the slices of it. */
  state: "slot integer primary key, body text not null",
  /** Pieces of what lies packed, once that is long, and their slices. */
  pieces: "id integer not null, n integer not null, body text not null, primary key (id, n)",
  /** The journal, many entries to a row, by the `seq` of the last; `ids`: of events that may come again. */
  entries:
    "seq integer not null, n integer not null, at integer not null, ids text not null, body text not null, v integer not null, primary key (seq, n)",
  /** Runs and deliveries that have ended, the same way. */
  ended:
    "seq integer not null, n integer not null, at integer not null, body text not null, v integer not null, primary key (seq, n)",
  /** The state where the journal begins. */
  beginning: "n integer primary key, body text not null, v integer not null",
  /** What is kept to prove what happened, of what is too old to be kept whole; `name`: of whom it was taken over. */
  proofs:
    "name text not null, n integer not null, at integer not null, until integer not null, body text not null, primary key (name, n)",
  /** Of who was erased: hashes of the ids of events, many to a row. */
  erased_ids: "n integer primary key, at integer not null, ids text not null",
} as const;

export type Table = keyof typeof TABLES;

const isKeyed = (table: Table): boolean => TABLES[table].includes("primary key (");

/** Which tables are there, and the making of those that are not. */
export class Tables {
  private there = new Set<string>();

  constructor(private readonly sql: SqlStorage) {}

  /** Looks what is there; makes nothing. */
  open(): void {
    const found = this.sql.exec<{ name: string }>("select name from sqlite_master where type = 'table'").toArray();
    this.there = new Set(found.map(({ name }) => name));
  }

  get isEmpty(): boolean {
    return this.there.size === 0;
  }

  has(table: Table | (string & {})): boolean {
    return this.there.has(table);
  }

  /** Takes all of them away, within a transaction. */
  drop(): void {
    for (const table of Object.keys(TABLES)) this.sql.exec(`drop table if exists ${table}`);
    this.open();
  }

  /** Makes a table, within the transaction that first writes to it. */
  need(table: Table): void {
    if (this.there.has(table)) return;
    this.sql.exec(`create table ${table} (${TABLES[table]})${isKeyed(table) ? " without rowid" : ""}`);
    this.there.add(table);
  }
}
