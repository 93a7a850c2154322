import type { Delivery, JournalFact, Run, UserState } from "../src/engine/types";

/*
 * All SQL of a user's object. What is known of the user lies packed in one row, rewritten once an event: rows written
 * are nine tenths of the bill. Event ids and what was decided lie beside it, a row an event.
 */

/** Appended to, never edited: an object may wake up years later. */
const MIGRATIONS = [
  `create table state (part text primary key, body text not null) without rowid;
   create table events (id text primary key, hash text not null, at integer not null, seq integer not null, answer text, facts text not null) without rowid;
   create table journal (seq integer primary key, at integer not null, facts text not null);
   create table erased (id text primary key, hash text not null, at integer not null) without rowid;`,
];

/** A text is cut so that a row, at three bytes a character, stays under the platform's 2 MB. */
const SLICE_LENGTH = 500_000;

/** A row grown past this is split into its parts, so that an event rewrites only what it changed. */
const SPLIT_BYTES = 16_384;

export interface OutboxItem {
  delivery: Delivery;
  /** Real time from which it is offered to the queue (again); null: it waits for the page. */
  dueAt: number | null;
  /** Real time until which one consumer has it. */
  leasedUntil: number;
  /** Real time of the first attempt. */
  firstAt: number | null;
  /** A consumer has it and has not said yet how it went. */
  isOut?: true;
  /** Its run has exited since: no attempt more. */
  isRecalled?: true;
}

/** What the directory in D1 was last told. */
export interface Told {
  attributes: string;
  marks: string[];
  activity: Record<string, number>;
  nextWake: number | null;
}

/** Everything that lies packed. */
export interface Packed {
  /** Of a live school: its time is real time. */
  isLive: boolean;
  state: UserState | null;
  /** Where `seq` began: real time, ms. What is told of an earlier change is of somebody erased since. */
  born: number;
  outbox: Record<string, OutboxItem>;
  /** Not yet written to D1: runs (null: live, see the state) and deliveries, by id, with the change they are of. */
  runs: Record<string, { seq: number; run: Run | null }>;
  deliveries: Record<string, { seq: number; delivery: Delivery }>;
  words: [kind: string, value: string, seq: number][];
  told: Told;
  /** The change up to which it was told. */
  toldSeq: number;
  /** Counts changes. */
  seq: number;
  /** School messages, for the user to read. */
  inbox: Delivery[];
  /** The last lead this user took over, by name and `born`. */
  tookOver?: string;
  /** Names of the last changes that must not be made twice. */
  once?: string[];
  /** Known through a lead only: the event at hand makes the user. */
  isFresh?: true;
  nextWake: number | null;
  /** Real time of the last look for what is too old to keep. */
  prunedAt: number;
}

export interface JournalEntry {
  seq: number;
  at: number;
  eventId: string | null;
  facts: JournalFact[];
}

/** An entry with what a copy of its event is answered by. */
export interface HistoryEntry extends JournalEntry {
  hash: string | null;
  answer: string | null;
}

export interface EventRow {
  hash: string;
  answer: string | null;
}

type Part = "state" | "log" | "rest";
const PARTS: readonly Part[] = ["state", "log", "rest"];

export class Store {
  private texts = new Map<string, string>();
  /** What lies packed, parsed once. Turns change it in place; after a rollback it is read anew. */
  private packed: Packed | null = null;
  /** A user never heard of has no tables: looking makes none. */
  private isThere = false;

  constructor(private readonly sql: SqlStorage) {}

  /** Brings tables that are there up to date, and reads what lies packed. */
  open(): void {
    this.texts.clear();
    this.packed = null;
    this.isThere = this.sql.exec("select 1 from sqlite_master where name = 'migrations'").toArray().length > 0;
    if (!this.isThere) return;
    this.migrate();
    this.packed = this.parse();
  }

  /** Brings the tables up to date, from nothing too. Repeatable. */
  private migrate(): void {
    this.sql.exec("create table if not exists migrations (n integer primary key)");
    const done = Number(this.sql.exec("select count(*) as n from migrations").one().n);
    for (const [n, statements] of MIGRATIONS.entries()) {
      if (n < done) continue;
      this.sql.exec(statements);
      this.sql.exec("insert into migrations (n) values (?)", n);
    }
    this.isThere = true;
    this.texts = new Map(
      this.sql
        .exec<{ part: string; body: string }>("select part, body from state")
        .toArray()
        .map((row) => [row.part, row.body]),
    );
  }

  /** What lies packed, to be changed and saved within a turn; null for a user never heard of. */
  load(): Packed | null {
    return this.packed;
  }

  private parse(): Packed | null {
    const all = this.text("all");
    // Only `save` writes these rows.
    if (all !== undefined) return JSON.parse(all) as Packed;
    if (!this.texts.has("rest")) return null;
    return Object.assign({}, ...PARTS.map((part) => JSON.parse(this.text(part) ?? "{}"))) as Packed;
  }

  private text(part: string): string | undefined {
    const first = this.texts.get(part);
    if (first === undefined) return undefined;
    let text = first;
    for (let n = 1; this.texts.has(`${part}.${n}`); n++) text += this.texts.get(`${part}.${n}`);
    return text;
  }

  /** Writes what changed: one row, or the parts of a large one that differ. */
  save(packed: Packed): void {
    this.prepare();
    this.packed = packed;
    const all = JSON.stringify(packed);
    if (all.length <= SPLIT_BYTES) {
      for (const part of PARTS) this.remove(part);
      return this.write("all", all);
    }
    const { state, seq, nextWake, runs, deliveries, words, ...rest } = packed;
    this.remove("all");
    this.write("state", JSON.stringify({ state, seq, nextWake }));
    this.write("log", JSON.stringify({ runs, deliveries, words }));
    this.write("rest", JSON.stringify(rest));
  }

  private write(part: string, body: string): void {
    const slices = slicesOf(body);
    for (const [n, slice] of slices.entries()) this.writeRow(n === 0 ? part : `${part}.${n}`, slice);
    for (let n = slices.length; this.texts.has(`${part}.${n}`); n++) this.removeRow(`${part}.${n}`);
  }

  private writeRow(part: string, body: string): void {
    if (this.texts.get(part) === body) return;
    this.sql.exec(
      "insert into state (part, body) values (?, ?) on conflict (part) do update set body = excluded.body",
      part,
      body,
    );
    this.texts.set(part, body);
  }

  private remove(part: string): void {
    this.removeRow(part);
    for (let n = 1; this.texts.has(`${part}.${n}`); n++) this.removeRow(`${part}.${n}`);
  }

  private removeRow(part: string): void {
    if (!this.texts.has(part)) return;
    this.sql.exec("delete from state where part = ?", part);
    this.texts.delete(part);
  }

  private prepare(): void {
    if (!this.isThere) this.migrate();
  }

  event(id: string): EventRow | null {
    if (!this.isThere) return null;
    return (
      this.sql
        .exec<{ hash: string; answer: string | null }>("select hash, answer from events where id = ?", id)
        .toArray()[0] ?? null
    );
  }

  addEvent(
    id: string,
    row: { hash: string; at: number; seq: number; answer: string | null; facts: JournalFact[] },
  ): void {
    this.prepare();
    this.sql.exec(
      "insert into events (id, hash, at, seq, answer, facts) values (?, ?, ?, ?, ?, ?)",
      id,
      row.hash,
      row.at,
      row.seq,
      row.answer,
      JSON.stringify(row.facts),
    );
  }

  addJournal(seq: number, at: number, facts: JournalFact[]): void {
    this.prepare();
    this.sql.exec("insert or replace into journal (seq, at, facts) values (?, ?, ?)", seq, at, JSON.stringify(facts));
  }

  /** All entries, oldest first. */
  journal(): JournalEntry[] {
    if (!this.isThere) return [];
    const rows = this.sql
      .exec<{ seq: number; at: number; id: string | null; facts: string }>(
        "select seq, at, id, facts from events union all select seq, at, null, facts from journal order by seq",
      )
      .toArray();
    return rows.map(entryOf);
  }

  /** The same with the answers. */
  history(): HistoryEntry[] {
    if (!this.isThere) return [];
    const rows = this.sql
      .exec<{ seq: number; at: number; id: string | null; facts: string; hash: string | null; answer: string | null }>(
        "select seq, at, id, facts, hash, answer from events union all select seq, at, null, facts, null, null from journal order by seq",
      )
      .toArray();
    return rows.map((row) => ({ ...entryOf(row), hash: row.hash, answer: row.answer }));
  }

  /** Forgets what is older than a time. */
  prune(before: number): void {
    if (!this.isThere) return;
    this.sql.exec("delete from events where at < ?", before);
    this.sql.exec("delete from journal where at < ?", before);
  }

  eventHashes(): { id: string; hash: string }[] {
    if (!this.isThere) return [];
    return this.sql.exec<{ id: string; hash: string }>("select id, hash from events").toArray();
  }

  /** Forgets hashes kept since before a real time; answers whether any are left. */
  pruneErased(before: number): boolean {
    if (this.isThere) this.sql.exec("delete from erased where at < ?", before);
    return this.hasErased();
  }

  erased(idHash: string): { hash: string } | null {
    return this.sql.exec<{ hash: string }>("select hash from erased where id = ?", idHash).toArray()[0] ?? null;
  }

  hasErased(): boolean {
    return this.isThere && this.sql.exec("select 1 from erased limit 1").toArray().length > 0;
  }

  allErased(): { id: string; hash: string; at: number }[] {
    if (!this.isThere) return [];
    return this.sql.exec<{ id: string; hash: string; at: number }>("select id, hash, at from erased").toArray();
  }

  addErased(rows: readonly { id: string; hash: string; at: number }[]): void {
    this.prepare();
    for (const row of rows)
      this.sql.exec("insert or ignore into erased (id, hash, at) values (?, ?, ?)", row.id, row.hash, row.at);
  }
}

/** Cuts a text for rows of their own, never through a character. */
function slicesOf(text: string): string[] {
  const slices: string[] = [];
  for (let from = 0; from === 0 || from < text.length; ) {
    let to = Math.min(from + SLICE_LENGTH, text.length);
    const last = text.charCodeAt(to - 1);
    if (to < text.length && last >= 0xd800 && last <= 0xdbff) to--;
    slices.push(text.slice(from, to));
    from = to;
  }
  return slices;
}

const entryOf = (row: { seq: number; at: number; id: string | null; facts: string }): JournalEntry => ({
  seq: row.seq,
  at: row.at,
  eventId: row.id,
  // Written by addEvent and addJournal alone.
  facts: JSON.parse(row.facts) as JournalFact[],
});
