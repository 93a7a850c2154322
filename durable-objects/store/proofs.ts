import type { Proof } from "../../src/catalogue/facts/proven";
import type { Write } from "./rows";
import { slicesOf } from "./slices";
import type { Tables } from "./tables";

/*
 * What is kept to prove what happened once the journal has gone: some rows at each look for what is too old. Nobody reads
 * them but who makes a pack.
 */

/** So much of them lies in a row. */
const PROOFS_A_ROW = 500;
/** Between the rows of one keeping and the next. */
const PLACES = 1_000;

/** How long it is kept: `until` by the school's clock, ms. */
export interface Keeping {
  before: number;
  ms: number;
}

export class Proofs {
  constructor(
    private readonly sql: SqlStorage,
    private readonly tables: Tables,
    /** Has something written with the next commit. */
    private readonly write: (writes: readonly Write[]) => void,
  ) {}

  private get isThere(): boolean {
    return this.tables.has("proofs");
  }

  /** All that is kept, each once. */
  all(): Proof[] {
    if (!this.isThere) return [];
    const rows = this.sql.exec<{ name: string; n: number; body: string }>(
      "select name, n, body from proofs order by name, n",
    );
    const texts = new Map<string, string>();
    for (const { name, n, body } of rows) {
      const place = JSON.stringify([name, Math.floor(n / PLACES)]);
      texts.set(place, (texts.get(place) ?? "") + body);
    }
    // Written below, and by nobody else.
    const all = [...texts.values()].flatMap((text) => JSON.parse(text) as Proof[]);
    return [...new Map(all.map((one) => [one.id, one])).values()];
  }

  /** @param ms how long it is kept @param name of whom it was taken over; empty: the user's own */
  keep(proofs: readonly Proof[], ms: number, name = ""): void {
    const last = this.isThere
      ? this.sql.exec<{ n: number | null }>("select max(n) as n from proofs where name = ?", name).one().n
      : null;
    let place = last === null || name !== "" ? 0 : Math.floor(last / PLACES) + 1;
    const writes: Write[] = [];
    for (let from = 0; from < proofs.length; from += PROOFS_A_ROW) {
      const some = proofs.slice(from, from + PROOFS_A_ROW);
      const at = Math.max(...some.map((one) => one.at));
      for (const [n, body] of slicesOf(JSON.stringify(some)).entries())
        writes.push([
          "proofs",
          "insert or replace into proofs (name, n, at, until, body) values (?, ?, ?, ?, ?)",
          name,
          place * PLACES + n,
          at,
          at + ms,
          body,
        ]);
      place++;
    }
    this.write(writes);
  }

  /** When the first of it is too old, as was known when it was kept; null: nothing is kept. */
  get until(): number | null {
    return this.isThere ? this.sql.exec<{ at: number | null }>("select min(until) as at from proofs").one().at : null;
  }

  hasOld(before: number): boolean {
    return this.isThere && this.sql.exec("select 1 from proofs where at < ? limit 1", before).toArray().length > 0;
  }

  /** What is too old goes; of the rest it is noted how long it is kept now. */
  prune({ before, ms }: Keeping): void {
    if (!this.isThere) return;
    this.write([
      ["proofs", "delete from proofs where at < ?", before],
      ["proofs", "update proofs set until = at + ?1 where until <> at + ?1", ms],
    ]);
  }
}
