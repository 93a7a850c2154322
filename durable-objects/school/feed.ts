import { bytesOf } from "../../src/base/bytes";
import { log } from "../../src/base/reports/log";
import type { FeedAnswer, FeedQuery } from "../../src/calls/school";
import type { SentChange } from "../../src/catalogue/facts/changes";
import { PAGE_BYTES } from "../../src/db/lists/fitting";
import { type Block, blanked, blocksOf, isLine, linesOf, nameIn, readLine } from "./blocks";

/*
 * The changes of a school in blocks, each by the place of its last change. Places count from 1, and are never given
 * twice: of a feed that is too old as a whole the last block stays, emptied, to say where it goes on.
 */

const DAY_MS = 86_400_000;
/** How long changes are kept, by the clock on the wall: a test school's stands still. */
export const KEEP_MS = 7 * DAY_MS;

/** After this long whatever was made is in the feed, in ms: a log that was lost is told anew within minutes. */
const SOON_MS = 15 * 60_000;

/** So many blocks are dropped at once: more than an append adds, fewer than are in anybody's way. */
const DROPS_AT_ONCE = 1_000;
/** An object takes 10 GB. What comes nearer is dropped before its time, so that the log goes on. */
const MOST_BYTES = 8_000_000_000;

const TABLE = `place integer primary key, at integer not null, count integer not null, users text not null,
  body text not null`;

/** A block but for what is in it. `place`: of its last change; `at`: when it was appended, real time, ms. */
interface Head {
  place: number;
  at: number;
  count: number;
}

export class Feed {
  private isThere = false;

  constructor(
    private readonly storage: DurableObjectStorage,
    private readonly limits = { dropsAtOnce: DROPS_AT_ONCE, mostBytes: MOST_BYTES },
  ) {}

  private get sql(): SqlStorage {
    return this.storage.sql;
  }

  /** Looks what is there; makes nothing. */
  open(): void {
    this.isThere = this.sql.exec("select 1 from sqlite_master where name = 'blocks'").toArray().length > 0;
  }

  private head(which: "oldest" | "newest"): Head | null {
    if (!this.isThere) return null;
    const order = which === "oldest" ? "asc" : "desc";
    const [head] = this.sql
      .exec<Head & Record<string, number>>(`select place, at, count from blocks order by place ${order} limit 1`)
      .toArray();
    return head ?? null;
  }

  /** @param now real time, ms */
  append(changes: readonly SentChange[], now: number): void {
    const blocks = blocksOf(changes);
    if (!blocks.length) return;
    this.storage.transactionSync(() => {
      if (!this.isThere) this.sql.exec(`create table blocks (${TABLE})`);
      let place = this.head("newest")?.place ?? 0;
      for (const { count, users, body } of blocks) {
        place += count;
        this.sql.exec(
          "insert into blocks (place, at, count, users, body) values (?, ?, ?, ?, ?)",
          place,
          now,
          count,
          users,
          body,
        );
      }
    });
    this.isThere = true;
    this.drop(now);
  }

  read({ after, limit, user }: FeedQuery): FeedAnswer {
    const [oldest, newest] = [this.head("oldest"), this.head("newest")];
    const last = newest?.place ?? 0;
    const first = oldest ? oldest.place - oldest.count : 0;
    if (after !== null && after < first) return "gone";
    if (after !== null && after > last) return "unknown";
    let next = after ?? first;
    const changes: string[] = [];
    if (next === last) return { changes, next, isEnd: true };
    let bytes = 0;
    const rows = this.sql.exec<{ place: number; count: number; body: string }>(
      "select place, count, body from blocks where place > ?1 and (?2 is null or instr(users, ?2) > 0) order by place",
      next,
      user === undefined ? null : nameIn(user),
    );
    // Read row by row: what lies behind the page is not touched.
    for (const { place, count, body } of rows) {
      next = Math.max(next, place - count);
      for (const line of linesOf(body).slice(next - (place - count))) {
        if (changes.length === limit || bytes >= PAGE_BYTES) return { changes, next, isEnd: false };
        // What is blank counts too: however much was erased, a page has an end.
        bytes += bytesOf(line);
        next++;
        if (user === undefined ? isLine(line) : readLine(line)?.user === user) changes.push(line);
      }
    }
    return { changes, next: last, isEnd: true };
  }

  /** Whose a change is that was made at a moment, ms: it is looked for among what was appended soon after. */
  userOf(change: string, at: number): string | null {
    if (!this.isThere) return null;
    const [found] = this.sql
      .exec<{ body: string }>(
        "select body from blocks where at >= ?1 and at < ?2 and instr(body, ?3) > 0 limit 1",
        at,
        at + SOON_MS,
        JSON.stringify(change),
      )
      .toArray();
    const lines = found ? linesOf(found.body).map(readLine) : [];
    return lines.find((one) => one?.id === change)?.user ?? null;
  }

  /** When the oldest is too old, real time, ms; null: nothing is kept. */
  keptUntil(): number | null {
    const oldest = this.head("oldest");
    return oldest?.count ? oldest.at + KEEP_MS : null;
  }

  /** Drops whole blocks that are too old, some at once. @param now real time, ms */
  drop(now: number): void {
    const oldest = this.head("oldest");
    if (!oldest) return;
    const isFull = this.sql.databaseSize > this.limits.mostBytes;
    if (isFull) log("error", "feed.full");
    const before = isFull ? Number.POSITIVE_INFINITY : now - KEEP_MS;
    if (oldest.at >= before) return;
    const heads = this.sql
      .exec<{ place: number; at: number }>(
        "select place, at from blocks order by place limit ?",
        this.limits.dropsAtOnce,
      )
      .toArray();
    const firstKept = heads.findIndex(({ at }) => at >= before);
    const upTo = heads.at(firstKept === -1 ? -1 : firstKept - 1)?.place ?? 0;
    this.storage.transactionSync(() => {
      const isAll = upTo === this.head("newest")?.place;
      this.sql.exec(`delete from blocks where place ${isAll ? "<" : "<="} ?`, upTo);
      if (isAll) this.sql.exec("update blocks set count = 0, users = '', body = '' where count > 0");
    });
  }

  /** Takes users' changes out, or those of some ids alone. It looks through who is in each block, a week's at most. */
  erase(users: readonly string[], only?: readonly string[]): void {
    if (!this.isThere) return;
    const [erased, ids] = [new Set(users), only && new Set(only)];
    const found = this.sql
      .exec<{ place: number }>(
        "select place from blocks where exists (select 1 from json_each(?) where instr(users, value) > 0)",
        JSON.stringify(users.map(nameIn)),
      )
      .toArray();
    this.storage.transactionSync(() => {
      for (const { place } of found) {
        const block = this.sql
          .exec<Block & Record<string, SqlStorageValue>>("select count, users, body from blocks where place = ?", place)
          .one();
        const left = blanked(block, ({ user, id }) => erased.has(user) && (!ids || ids.has(id)));
        if (left) this.sql.exec("update blocks set users = ?, body = ? where place = ?", left.users, left.body, place);
      }
    });
  }
}
