import type { EventRow, HistoryEntry, JournalEntry, Packed } from "../src/calls/shape";
import type { UserPlace } from "../src/calls/user";
import { forgetOld } from "./packed";

import {
  addingEvent,
  anyErased,
  ENTRIES_A_ROW,
  erasedOf,
  forgettingBefore,
  keepingErased,
  movingEntries,
  type NewEvent,
  readErased,
  readEvent,
  readHistory,
  type SqlStatement,
} from "./store/history";
import { PARTS, SLOTS, SPLIT_BYTES, slicesOf, slotParts, unpacked } from "./store/packing";
import { hasTables, migrate } from "./store/tables";
import { openPacked, openRuns, VERSION } from "./upgrades";

/*
 * All that is stored of a user. What is known lies packed in one row, rewritten once a turn: rows written are nine
 * tenths of the bill. Beside it lie the ids of events whose senders may send them again, with their answers, the
 * journal, many entries to a row, and the log of a user with whom much happens, until D1 has heard of it.
 */

/** So many ended runs that D1 has not heard of lie packed before they move to a row of their own. */
const RUNS_A_ROW = 4;

const WRITE = "insert or replace into state (slot, body) values (?, ?)";

type Ended = Packed["runs"][string];

/** Reads at once, writes at the end of a turn: what is saved or added is kept once it is committed. */
export class Store {
  /** What lies in the table `state`, by slot; of the one row that every turn changes, only that it is there. */
  private texts = new Map<number, string>();
  /** What lies packed, parsed once. Turns change it in place; where one throws it is read anew. */
  private packed: Packed | null = null;
  /** A user never heard of has no tables: looking makes none. */
  private isThere = false;
  private isSaved = true;
  private statements: SqlStatement[] = [];
  /** Added, and not committed yet. */
  private readonly newEvents = new Map<string, EventRow>();
  /** Of what lies packed, the ended runs that have rows of their own. */
  private readonly apart = new Set<Ended>();
  private isErased = false;

  constructor(
    private readonly storage: DurableObjectStorage,
    private readonly place: UserPlace,
  ) {}

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
    this.isErased = false;
    this.isThere = hasTables(this.sql);
    if (!this.isThere) return;
    migrate(this.sql);
    this.isErased = anyErased(this.sql);
    for (const { slot, body } of this.sql.exec<{ slot: number; body: string }>("select slot, body from state")) {
      this.texts.set(slot, body);
    }
    const packed = unpacked(this.texts);
    if (packed === null) return;
    this.packed = openPacked(packed);
    if (this.texts.has(SLOTS.all)) this.texts.set(SLOTS.all, "");
    this.readLog(this.packed);
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
        if (!this.isThere) migrate(this.sql);
        for (const statement of statements) this.sql.exec(...statement);
      });
    }
    this.isThere = true;
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
    for (const [slot, body] of slotParts(packed, runs)) this.write(slot, body);
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
    return this.newEvents.get(id) ?? (this.isThere ? readEvent(this.sql, id) : null);
  }

  /** An event of that id, its user perhaps erased since. */
  eventBefore(id: string): EventRow | null {
    return this.event(id) ?? (this.isErased ? readErased(this.sql, this.place, id) : null);
  }

  /** Adds an entry of the journal whose event may come again. */
  addEvent(id: string, row: NewEvent): void {
    this.newEvents.set(id, { hash: row.hash, answer: row.answer });
    this.statements.push(addingEvent(id, row));
  }

  private moveEntries(packed: Packed): void {
    this.statements.push(...movingEntries(packed.entries));
    packed.entries = [];
  }

  /** All entries, oldest first. */
  journal(): JournalEntry[] {
    return this.history().map(({ seq, at, eventId, facts }) => ({ seq, at, eventId, facts }));
  }

  /** The same with the answers. */
  history(): HistoryEntry[] {
    return this.isThere ? readHistory(this.sql, this.packed?.entries ?? []) : [];
  }

  /** Forgets what is older than a time. */
  prune(packed: Packed, before: number): void {
    this.statements.push(...forgettingBefore(before));
    forgetOld(packed, before);
    this.save(packed);
  }

  // ---- Erasure ----

  /** Leaves nothing at all. */
  async clear(): Promise<void> {
    await this.storage.deleteAll();
    this.open();
  }

  /** Leaves nothing but hashes of event ids, so that a late copy brings nobody back. @param at real time, ms */
  async erase(at: number): Promise<void> {
    const kept = this.isThere ? erasedOf(this.sql, this.place, at) : [];
    await this.clear();
    this.statements.push(...keepingErased(kept));
    this.commit();
    this.isErased = kept.length > 0;
  }

  /** Whether there are hashes of who was here and erased. */
  get hasErased(): boolean {
    return this.isErased;
  }

  /** Forgets hashes kept since before a real time. */
  pruneErased(before: number): void {
    if (!this.isThere) return;
    this.sql.exec("delete from erased where at < ?", before);
    this.isErased = anyErased(this.sql);
  }
}
