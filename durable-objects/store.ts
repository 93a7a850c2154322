import type { EventRow, HistoryEntry, JournalEntry, Packed } from "../src/calls/shape";
import type { JournalFact } from "../src/engine/types";
import { openEntries, openPacked, openRuns, VERSION } from "./upgrades";

/*
 * All SQL of a user's object. What is known of the user lies packed in one row, rewritten once a turn: rows written are
 * nine tenths of the bill. Beside it lie the ids of events whose senders may send them again, with their answers, the
 * journal, many entries to a row, and the log of a user with whom much happens, until D1 has heard of it.
 */

/** Appended to, never edited: an object may wake up years later. */
const MIGRATIONS = [
  `create table state (slot integer primary key, body text not null);
   create table events (id text primary key, hash text not null, at integer not null, seq integer not null, answer text, facts text not null) without rowid;
   create table journal (seq integer primary key, at integer not null, entries text not null);
   create table erased (id text primary key, hash text not null, at integer not null) without rowid;`,
  "create table log (seq integer primary key, runs text not null);",
  `alter table events add column v integer not null default 0;
   alter table journal add column v integer not null default 0;
   alter table log add column v integer not null default 0;`,
];

/** A text is cut so that a row, at three bytes a character, stays under the platform's 2 MB. */
const SLICE_LENGTH = 500_000;

/** A row grown past this is split into its parts, so that an event rewrites only what it changed. */
const SPLIT_BYTES = 16_384;

/** So many entries of the journal lie packed with the rest before they move to a row of their own. */
const ENTRIES_A_ROW = 16;

/** So many ended runs that D1 has not heard of lie packed before they move to a row of their own. */
const RUNS_A_ROW = 4;

/** Where all lies in one row, or where each part begins, whose further slices follow. */
const SLOTS = { all: 0, state: 1_000, log: 2_000, rest: 3_000 } as const;
const PARTS = [SLOTS.state, SLOTS.log, SLOTS.rest];
const WRITE = "insert or replace into state (slot, body) values (?, ?)";

type Ended = Packed["runs"][string];
type Statement = [sql: string, ...bindings: SqlStorageValue[]];

/** Reads at once, writes at the end of a turn: what is saved or added is kept once it is committed. */
export class Store {
  /** What lies in the table `state`, by slot; of the one row that every turn changes, only that it is there. */
  private texts = new Map<number, string>();
  /** What lies packed, parsed once. Turns change it in place; where one throws it is read anew. */
  private packed: Packed | null = null;
  /** A user never heard of has no tables: looking makes none. */
  private isThere = false;
  private isSaved = true;
  private statements: Statement[] = [];
  /** Added, and not committed yet. */
  private readonly newEvents = new Map<string, EventRow>();
  /** Of what lies packed, the ended runs that have rows of their own. */
  private readonly apart = new Set<Ended>();

  constructor(private readonly storage: DurableObjectStorage) {}

  private get sql(): SqlStorage {
    return this.storage.sql;
  }

  /** Brings tables that are there up to date, and reads what lies packed. Forgets what was not committed. */
  open(): void {
    this.texts.clear();
    this.packed = null;
    this.isSaved = true;
    this.statements = [];
    this.newEvents.clear();
    this.apart.clear();
    this.isThere = this.sql.exec("select 1 from sqlite_master where name = 'migrations'").toArray().length > 0;
    if (!this.isThere) return;
    this.migrate();
    for (const { slot, body } of this.sql.exec<{ slot: number; body: string }>("select slot, body from state")) {
      this.texts.set(slot, body);
    }
    this.packed = this.parse();
    if (this.texts.has(SLOTS.all)) this.texts.set(SLOTS.all, "");
    if (this.packed) this.readLog(this.packed);
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
  }

  /** Writes what was saved and added, all or nothing. */
  commit(): void {
    if (this.packed && !this.isSaved) this.pack(this.packed);
    const { statements } = this;
    const [only] = statements;
    if (!only) return;
    // One statement is all or nothing by itself.
    if (statements.length === 1 && this.isThere) this.sql.exec(...only);
    else {
      this.storage.transactionSync(() => {
        if (!this.isThere) this.migrate();
        for (const statement of statements) this.sql.exec(...statement);
      });
    }
    this.statements = [];
    this.newEvents.clear();
  }

  // ---- What lies packed ----

  /** What lies packed, to be changed and saved within a turn; null for a user never heard of. */
  load(): Packed | null {
    return this.packed;
  }

  /** Has what lies packed written with the next commit. */
  save(packed: Packed): void {
    this.packed = packed;
    this.isSaved = false;
  }

  private parse(): Packed | null {
    const all = this.text(SLOTS.all);
    if (all !== undefined) return openPacked(JSON.parse(all));
    if (!this.texts.has(SLOTS.rest)) return null;
    const parts = PARTS.map((slot) => JSON.parse(this.text(slot) ?? "{}"));
    return openPacked(Object.assign({}, ...parts));
  }

  private text(slot: number): string | undefined {
    let text = this.texts.get(slot);
    if (text === undefined) return undefined;
    for (let n = slot + 1; this.texts.has(n); n++) text += this.texts.get(n);
    return text;
  }

  /** One row, or the parts of a large one that differ. */
  private pack(packed: Packed): void {
    this.isSaved = true;
    if (packed.entries.length >= ENTRIES_A_ROW) this.moveEntries(packed);
    const runs = this.moveRuns(packed);
    const all = JSON.stringify({ ...packed, runs });
    if (all.length <= SPLIT_BYTES) {
      this.statements.push([WRITE, SLOTS.all, all]);
      if (this.texts.has(SLOTS.rest)) for (const slot of PARTS) this.removeFrom(slot);
      this.texts.set(SLOTS.all, "");
      return;
    }
    if (JSON.stringify(packed.entries).length > SPLIT_BYTES / 2) this.moveEntries(packed);
    const { state, seq, nextWake, entries, deliveries, words, runs: _, ...rest } = packed;
    this.write(SLOTS.state, JSON.stringify({ state, seq, nextWake, entries }));
    this.write(SLOTS.log, JSON.stringify({ runs, deliveries, words }));
    this.write(SLOTS.rest, JSON.stringify(rest));
    this.removeFrom(SLOTS.all);
  }

  /** Writes what differs of a part: one row, or a slice each. */
  private write(part: number, body: string): void {
    const slices = slicesOf(body);
    for (const [n, slice] of slices.entries()) {
      if (this.texts.get(part + n) === slice) continue;
      this.statements.push([WRITE, part + n, slice]);
      this.texts.set(part + n, slice);
    }
    this.removeFrom(part + slices.length);
  }

  /** Removes the slices of a part from one on. */
  private removeFrom(slot: number): void {
    for (let n = slot; this.texts.delete(n); n++) this.statements.push(["delete from state where slot = ?", n]);
  }

  // ---- The log ----

  /** Moves ended runs to a row of their own once they are many, so that no event rewrites them; answers with the rest. */
  private moveRuns({ runs }: Packed): Packed["runs"] {
    const here = Object.entries(runs).filter(([, entry]) => !this.apart.has(entry));
    const ended = here.filter(([, { run }]) => run !== null);
    if (ended.length < RUNS_A_ROW) return Object.fromEntries(here);
    this.statements.push([
      "insert or replace into log (seq, runs, v) values (?, ?, ?)",
      Math.max(...ended.map(([, { seq }]) => seq)),
      JSON.stringify(Object.fromEntries(ended)),
      VERSION,
    ]);
    for (const [, entry] of ended) this.apart.add(entry);
    return Object.fromEntries(here.filter(([, { run }]) => run === null));
  }

  private readLog(packed: Packed): void {
    for (const { runs, v } of this.sql.exec<{ runs: string; v: number }>("select runs, v from log")) {
      for (const [id, entry] of Object.entries(openRuns(JSON.parse(runs), v))) {
        if ((packed.runs[id]?.seq ?? 0) >= entry.seq) continue;
        packed.runs[id] = entry;
        this.apart.add(entry);
      }
    }
  }

  /** D1 has heard of everything up to a change: rows of such runs go. */
  forgetLog(seq: number): void {
    if (!this.apart.size) return;
    for (const entry of this.apart) if (entry.seq <= seq) this.apart.delete(entry);
    this.statements.push(["delete from log where seq <= ?", seq]);
  }

  // ---- Events and the journal ----

  event(id: string): EventRow | null {
    const added = this.newEvents.get(id);
    if (added || !this.isThere) return added ?? null;
    return (
      this.sql
        .exec<{ hash: string; answer: string | null }>("select hash, answer from events where id = ?", id)
        .toArray()[0] ?? null
    );
  }

  /** Adds an entry of the journal whose event may come again. */
  addEvent(id: string, row: EventRow & { at: number; seq: number; facts: JournalFact[] }): void {
    const { hash, at, seq, answer, facts } = row;
    this.newEvents.set(id, { hash, answer });
    this.statements.push([
      "insert into events (id, hash, at, seq, answer, facts, v) values (?, ?, ?, ?, ?, ?, ?)",
      id,
      hash,
      at,
      seq,
      answer,
      JSON.stringify(facts),
      VERSION,
    ]);
  }

  private moveEntries(packed: Packed): void {
    for (let from = 0; from < packed.entries.length; from += ENTRIES_A_ROW) {
      const entries = packed.entries.slice(from, from + ENTRIES_A_ROW);
      this.statements.push([
        "insert or replace into journal (seq, at, entries, v) values (?, ?, ?, ?)",
        entries[0]?.seq ?? 0,
        Math.max(...entries.map((entry) => entry.at)),
        JSON.stringify(entries),
        VERSION,
      ]);
    }
    packed.entries = [];
  }

  /** All entries, oldest first. */
  journal(): JournalEntry[] {
    return this.history().map(({ seq, at, eventId, facts }) => ({ seq, at, eventId, facts }));
  }

  /** The same with the answers. */
  history(): HistoryEntry[] {
    if (!this.isThere) return [];
    const events = this.sql
      .exec<{ id: string; hash: string; at: number; seq: number; answer: string | null; facts: string; v: number }>(
        "select id, hash, at, seq, answer, facts, v from events",
      )
      .toArray()
      .flatMap(({ id, facts, v, ...row }) =>
        openEntries<HistoryEntry>([{ ...row, eventId: id, facts: JSON.parse(facts) }], v),
      );
    const others = this.sql
      .exec<{ entries: string; v: number }>("select entries, v from journal")
      .toArray()
      .flatMap(({ entries, v }) => openEntries(JSON.parse(entries), v));
    const silent = [...others, ...(this.packed?.entries ?? [])].map((entry) => ({
      ...entry,
      hash: null,
      answer: null,
    }));
    return [...events, ...silent].sort((a, b) => a.seq - b.seq);
  }

  /** Forgets what is older than a time. */
  prune(packed: Packed, before: number): void {
    this.statements.push(["delete from events where at < ?", before], ["delete from journal where at < ?", before]);
    packed.entries = packed.entries.filter((entry) => entry.at >= before);
    this.save(packed);
  }

  // ---- Who was erased ----

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
    for (const { id, hash, at } of rows) {
      this.statements.push(["insert or ignore into erased (id, hash, at) values (?, ?, ?)", id, hash, at]);
    }
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
