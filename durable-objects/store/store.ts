import { STORED_BY_LATER } from "../../src/base/errors/errors";
import type { Beginning, Ended, JournalEntry, Packed, Page } from "../../src/calls/shape";
import type { Range, TimelineRange, UserPlace } from "../../src/calls/user";
import type { Run } from "../../src/engine/types";
import { ENDED_LONGER_MS, forgetOld, isOld } from "../packed/packed";
import { isOfLater, openBeginning, openPacked } from "../packed/upgrades";
import { bringOver, isEarlier } from "./earlier";
import { EndedRows } from "./ended-rows";
import { idHash, idsToKeep, seenIdsOf } from "./ids";
import { forgettingEnded, forgettingEntries, hasOldIn, keepsMuchIn, oldEntriesIn } from "./old";
import { cut, joined, type Pieced, piecesRead, SPLIT_CHARACTERS, textBeside } from "./pieces";
import { Proofs } from "./proofs";
import { addingEntries, beginningAt, pageOfEntries, readPieces, readRow, type Write, writingPieces } from "./rows";
import { SeenIds } from "./seen";
import { slicesOf } from "./slices";
import { Tables } from "./tables";
import { textOfAll, textOfPacked } from "./texts";
import { timelineOf } from "./timeline";

/*
 * All that is stored of a user. What is known lies packed in one row, rewritten once a turn: rows written are nine tenths
 * of the bill. Once that is long, its collections lie in pieces, of which a turn rewrites those it changed. Beside it
 * lie the journal, and runs and deliveries that have ended, many to a row.
 */

/** So many entries of the journal, and so many that have ended, lie packed before they move to a row of their own. */
export const ENTRIES_A_ROW = 24;
const ENDED_A_ROW = 8;
/** How long they may be together once the whole is long. */
const LONG = 2_048;

/** An event that may come again: a digest of its body, and what came of it; null: its user has been erased since. */
export interface EventBefore {
  hash: string;
  entry: JournalEntry | null;
}

/** Reads at once, writes at the end of a turn: what is saved or added is kept once it is committed. */
export class Store {
  /** Those that were there when it was last looked, of others' too. */
  readonly tables: Tables;
  /** Turns change it in place; where one throws it is read anew. */
  private packed: Packed | null = null;
  private isSaved = true;
  /** The live runs that may not be as they lie there. */
  private changedRuns = new Set<Run>();
  /** What lies here is a later release's, and stays as it is: nothing can be asked of it, nor done. */
  isOfLater = false;
  private writes: Write[] = [];
  /** The pieces as they lie there; none: what lies packed is one text. */
  private pieced: Pieced = piecesRead(new Map());
  /** How many rows that text takes. */
  private stateRows = 0;
  private readonly seen: SeenIds;
  private readonly endedRows: EndedRows;
  /** What is kept as proof. */
  readonly proofs: Proofs;
  private readonly sql: SqlStorage;

  constructor(
    private readonly storage: DurableObjectStorage,
    private readonly place: UserPlace,
  ) {
    this.sql = storage.sql;
    this.tables = new Tables(this.sql);
    this.seen = new SeenIds(this.sql, this.tables);
    this.endedRows = new EndedRows(this.sql, this.tables);
    this.proofs = new Proofs(this.sql, this.tables, (writes) => this.writes.push(...writes));
  }

  /** Reads what lies packed; what an earlier release has left is brought over. Forgets what was not committed. */
  open(): void {
    this.packed = null;
    this.isOfLater = false;
    this.isSaved = true;
    this.changedRuns = new Set();
    this.writes = [];
    this.pieced = piecesRead(new Map());
    this.stateRows = 0;
    this.seen.forget();
    this.endedRows.forget();
    this.tables.open();
    if (isEarlier(this.tables)) {
      const { packed, writes } = bringOver(this.sql, this.tables, this.place);
      if (packed) this.save(packed);
      this.writes.push(...writes);
      this.write();
      this.tables.open();
    }
    if (!this.tables.has("state")) return;
    const texts = this.sql.exec<{ body: string }>("select body from state order by slot").toArray();
    if (!texts.length) return;
    this.stateRows = texts.length;
    const text = texts.map(({ body }) => body).join("");
    this.pieced = piecesRead(readPieces(this.has("pieces")));
    const stored = joined(text, this.pieced.pieces) ?? JSON.parse(text);
    this.isOfLater = isOfLater(stored);
    if (!this.isOfLater) this.packed = openPacked(stored);
  }

  /** Writes what was saved and added, all or nothing; then what lies there is read anew, and it throws. */
  commit(): void {
    try {
      this.write();
    } catch (error) {
      this.open();
      throw error;
    }
  }

  private write(): void {
    if (this.packed && !this.isSaved) this.pack(this.packed);
    const { writes } = this;
    const [only] = writes;
    if (!only) return;
    this.writes = [];
    // One statement is all or nothing by itself.
    if (writes.length === 1 && this.tables.has(only[0])) this.sql.exec(...statementOf(only));
    else {
      this.storage.transactionSync(() => {
        for (const write of writes) {
          this.tables.need(write[0]);
          this.sql.exec(...statementOf(write));
        }
      });
    }
  }

  // ---- What lies packed ----

  /** What lies packed, to be changed and saved within a turn; null for a user never heard of. */
  load(): Packed | null {
    if (this.isOfLater) throw new Error(STORED_BY_LATER);
    return this.packed;
  }

  /** Has what lies packed written with the next commit. */
  save(packed: Packed): void {
    this.packed = packed;
    this.isSaved = false;
  }

  /** What happened to the user, and nothing else, changed these live runs: no other need be made into text. */
  noteChanged(runs: Iterable<Run>): void {
    for (const run of runs) this.changedRuns.add(run);
  }

  /** What stays the same text as long as the user is as before, but for when that was, and by which definitions. */
  textOfUser({ state, nextWake }: Packed): string {
    const user = { state: state && { ...state, clock: 0, order: 0, stamp: 0 }, nextWake };
    return textBeside(user, this.pieced, this.changedRuns);
  }

  private pack(packed: Packed): void {
    this.isSaved = true;
    if (packed.entries.length >= ENTRIES_A_ROW) this.moveEntries(packed);
    if (packed.ended.length >= ENDED_A_ROW) this.moveEnded(packed);
    const text = this.textOf(packed);
    this.changedRuns = new Set();
    const slices = slicesOf(text);
    for (const [slot, body] of slices.entries())
      this.writes.push(["state", "insert or replace into state (slot, body) values (?, ?)", slot, body]);
    if (slices.length < this.stateRows) this.writes.push(["state", "delete from state where slot >= ?", slices.length]);
    this.stateRows = slices.length;
  }

  /** What lies packed as one text, or what is left of it beside its pieces. What was cut is not made into one text again. */
  private textOf(packed: Packed): string {
    const wasCut = this.pieced.pieces.size > 0;
    const whole = wasCut ? null : textOfPacked(packed);
    if (whole !== null && whole.length <= SPLIT_CHARACTERS) return whole;
    if (textOfAll(packed.entries).length > LONG) this.moveEntries(packed);
    if (textOfAll(packed.ended).length > LONG) this.moveEnded(packed);
    const cutNow = cut(packed, this.pieced, this.changedRuns);
    const isShort = wasCut && cutNow.spine.length + cutNow.length <= SPLIT_CHARACTERS;
    const pieced = isShort ? piecesRead(new Map()) : cutNow;
    this.writes.push(...writingPieces(this.pieced.pieces, pieced.pieces));
    this.pieced = pieced;
    return isShort ? textOfPacked(packed) : pieced.spine;
  }

  // ---- The journal ----

  /** Moves entries to a row of their own. */
  private moveEntries(packed: Packed): void {
    const adding = addingEntries(packed.entries, (row) => {
      const ids = seenIdsOf(this.place, row);
      this.seen.add(row.at(-1)?.seq ?? packed.seq, ids);
      return ids;
    });
    this.writes.push(...adding);
    packed.entries = [];
  }

  /** Puts another's entries into rows, before all that are there: their ids are read anew when next asked for. */
  addEntries(entries: readonly JournalEntry[]): void {
    this.writes.push(...addingEntries(entries, (row) => seenIdsOf(this.place, row)));
    this.seen.forget();
  }

  /** A page of the journal. */
  entries(range: Range = {}): Page<JournalEntry> {
    return pageOfEntries(this.has("entries"), this.packed?.entries ?? [], range);
  }

  timeline(range: TimelineRange): JournalEntry[] {
    return timelineOf(this.has("entries"), this.packed?.entries ?? [], range);
  }

  /**
   * An event of that id, its user perhaps erased since. Users who were merged may have had one each: then the one of that
   * body, where there is one.
   */
  eventBefore(id: string, body: string | null = null): EventBefore | null {
    let first: EventBefore | null = null;
    for (const one of this.eventsBefore(id)) {
      if (body === null || one.hash === body) return one;
      first ??= one;
    }
    return first;
  }

  private *eventsBefore(id: string): Generator<EventBefore> {
    const before = (entries: readonly JournalEntry[]): EventBefore[] =>
      entries.flatMap((entry) => (entry.eventId === id && entry.hash ? [{ hash: entry.hash, entry }] : []));
    yield* before(this.packed?.entries ?? []);
    const hashed = idHash(this.place, id);
    for (const row of this.seen.rowsOf(hashed)) yield* before(readRow(this.sql, row));
    for (const hash of this.seen.erasedAs(hashed)) yield { hash, entry: null };
  }

  /** The state where the journal begins; null: nothing was known of the user. */
  beginning(): Beginning | null {
    if (!this.has("beginning")) return null;
    const rows = this.sql.exec<{ body: string; v: number }>("select body, v from beginning order by n").toArray();
    const [first] = rows;
    return first ? openBeginning(JSON.parse(rows.map(({ body }) => body).join("")), first.v) : null;
  }

  // ---- What has ended ----

  private moveEnded(packed: Packed): void {
    this.writes.push(...this.endedRows.adding(packed.ended));
    packed.ended = [];
  }

  /** A page of what has ended. */
  ended(range: Range = {}): Page<Ended> {
    return this.endedRows.page(this.packed?.ended ?? [], range);
  }

  private has(table: "entries" | "ended" | "beginning" | "pieces"): SqlStorage | null {
    return this.tables.has(table) ? this.sql : null;
  }

  // ---- What is too old ----

  /** The `seq` up to which all entries of the user's own are older than a time; null: none is. @param before ms */
  oldEntries(before: number): number | null {
    return oldEntriesIn(this.has("entries"), this.packed?.entries ?? [], before);
  }

  /** Whether something else is older than a time: what has ended, waits to be fetched, or was another's. @param before ms */
  hasOld(before: number): boolean {
    const { packed } = this;
    return (
      packed !== null &&
      (hasOldIn(this.has("ended"), this.has("entries"), before - ENDED_LONGER_MS, before, packed.heardSeq) ||
        isOld(packed, before))
    );
  }

  /** Whether something is kept that will be too old one day. */
  get keepsMuch(): boolean {
    return this.packed !== null && keepsMuchIn(this.has("ended"), this.has("entries"), this.packed);
  }

  /**
   * Forgets what is older than a time.
   * @param before ms
   * @param upTo the entries of the journal that go; null: none
   * @param beginning the state where it then begins; null: as before
   */
  prune(packed: Packed, before: number, upTo: number | null, beginning: Beginning | null): void {
    if (this.has("ended")) this.writes.push(forgettingEnded(before - ENDED_LONGER_MS, packed.heardSeq));
    if (this.has("entries")) {
      this.writes.push(...forgettingEntries(before, upTo));
      this.seen.forget();
    }
    if (upTo !== null) packed.entries = packed.entries.filter(({ seq }) => seq > upTo);
    if (beginning) this.writes.push(...beginningAt(beginning));
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
    const kept = this.idsToKeep(at);
    await this.clear();
    for (const [n, [since, ids]] of kept.entries())
      this.writes.push(["erased_ids", "insert into erased_ids (n, at, ids) values (?, ?, ?)", n, since, ids]);
    this.commit();
  }

  private idsToKeep(at: number): ReturnType<typeof idsToKeep> {
    const packed = seenIdsOf(this.place, this.packed?.entries ?? []);
    return idsToKeep(this.sql, this.tables, packed, at);
  }

  /** The same, in one transaction with something that is put in its place. */
  eraseTogether(at: number, keep: () => void): void {
    const kept = this.idsToKeep(at);
    this.storage.transactionSync(() => {
      this.tables.drop();
      if (kept.length) this.tables.need("erased_ids");
      for (const [n, [since, ids]] of kept.entries())
        this.sql.exec("insert into erased_ids (n, at, ids) values (?, ?, ?)", n, since, ids);
      keep();
    });
    this.open();
  }

  /** Whether there are hashes of who was here and erased. */
  get hasErased(): boolean {
    return this.seen.hasErased;
  }

  /** Forgets hashes kept since before a real time. */
  pruneErased(before: number): void {
    this.seen.pruneErased(before);
  }
}

const statementOf = ([, sql, ...bindings]: Write): [sql: string, ...bindings: SqlStorageValue[]] => [sql, ...bindings];
