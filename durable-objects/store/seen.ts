import { readIds, type SeenId } from "./ids";
import type { Tables } from "./tables";

/** Where the ids of events that may come again lie, by their hashes; read when first asked for. */
export class SeenIds {
  /** The rows of the journal, the newest first. */
  private rows: Map<string, number[]> | null = null;
  /** Of who was erased, the digests of events. */
  private erased: Map<string, string[]> | null = null;

  constructor(
    private readonly sql: SqlStorage,
    private readonly tables: Tables,
  ) {}

  /** Rows went, or nothing of what was added is kept. */
  forget(): void {
    this.rows = this.erased = null;
  }

  rowsOf(hashed: string): readonly number[] {
    if (!this.rows) {
      // What was added in this turn lies in no row yet: a turn that adds rows has looked its ids up.
      this.rows = new Map();
      if (this.tables.has("entries")) {
        const found = this.sql.exec<{ seq: number; ids: string }>(
          "select seq, ids from entries where n = 0 and ids <> '' order by seq desc",
        );
        for (const { seq, ids } of found) for (const { id } of readIds(ids)) add(this.rows, id, seq);
      }
    }
    return this.rows.get(hashed) ?? [];
  }

  /** A row was added, newer than all there are. */
  add(seq: number, ids: readonly SeenId[]): void {
    if (this.rows) for (const { id } of ids) this.rows.set(id, [seq, ...(this.rows.get(id) ?? [])]);
  }

  erasedAs(hashed: string): readonly string[] {
    return this.erasedIds().get(hashed) ?? [];
  }

  private erasedIds(): ReadonlyMap<string, string[]> {
    if (this.erased) return this.erased;
    this.erased = new Map();
    if (!this.tables.has("erased_ids")) return this.erased;
    for (const { ids } of this.sql.exec<{ ids: string }>("select ids from erased_ids"))
      for (const { id, hash } of readIds(ids)) add(this.erased, id, hash);
    return this.erased;
  }

  get hasErased(): boolean {
    return this.erasedIds().size > 0;
  }

  /** Forgets hashes kept since before a real time. */
  pruneErased(before: number): void {
    if (!this.tables.has("erased_ids")) return;
    this.sql.exec("delete from erased_ids where at < ?", before);
    this.erased = null;
  }
}

function add<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}
