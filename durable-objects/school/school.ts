import { WENT_BACK_MS } from "../../src/calls/reaching/generation";
import type { FeedAnswer, FeedQuery, Rate, RemoteSchool } from "../../src/calls/school";
import type { SentChange } from "../../src/catalogue/facts/changes";
import { Feed } from "./feed";
import { Gate } from "./gate";

/** The alarm drops what nobody's append has: once a day, sooner only where more is too old than goes at once. */
const DAY_MS = 86_400_000;
const MORE_MS = 60_000;
/** An alarm that is overdue by so long was lost. */
const LOST_MS = 60_000;

/** What a school does as a whole: its feed of changes, and the rate of its vendor. One object a school and epoch. */
export class School implements RemoteSchool {
  private readonly feed: Feed;
  private gate: Gate;
  /** Real time, ms. */
  private alarmAt: number | null = null;

  constructor(private readonly ctx: DurableObjectState) {
    this.feed = new Feed(ctx.storage);
    this.feed.open();
    this.gate = this.openGate();
  }

  async open(): Promise<this> {
    this.alarmAt = await this.ctx.storage.getAlarm();
    this.arm(0);
    return this;
  }

  async alarm(): Promise<void> {
    const now = Date.now();
    this.alarmAt = null;
    this.feed.drop(now);
    const leftAt = this.leftAt();
    if (leftAt !== null && this.feed.keptUntil() === null && leftAt + WENT_BACK_MS <= now)
      return this.ctx.storage.deleteAll();
    const isDone = (this.feed.keptUntil() ?? now) >= now;
    this.arm(now + (isDone ? DAY_MS : MORE_MS));
  }

  /** Has an alarm where something is kept. @param earliest real time, ms */
  private arm(earliest: number): void {
    const leftAt = this.leftAt();
    const keptUntil = this.feed.keptUntil() ?? (leftAt === null ? null : leftAt + WENT_BACK_MS);
    if (keptUntil === null) return;
    if (this.alarmAt !== null && this.alarmAt > Date.now() - LOST_MS) return;
    this.alarmAt = Math.max(earliest, keptUntil);
    void this.ctx.storage.setAlarm(this.alarmAt);
  }

  async append(changes: readonly SentChange[]): Promise<void> {
    this.feed.append(changes, Date.now());
    this.arm(0);
  }

  async read(query: FeedQuery): Promise<FeedAnswer> {
    return this.feed.read(query);
  }

  async userOf(change: string, at: number): Promise<string | null> {
    return this.feed.userOf(change, at);
  }

  async erase(users: readonly string[], only?: readonly string[]): Promise<void> {
    this.feed.erase(users, only);
  }

  private openGate(): Gate {
    const { sql } = this.ctx.storage;
    const isThere = sql.exec("select 1 from sqlite_master where name = 'gate'").toArray().length > 0;
    const [row] = isThere ? sql.exec<{ until: number }>("select until from gate").toArray() : [];
    return new Gate(row?.until ?? 0, (until) => {
      sql.exec("create table if not exists gate (id integer primary key, until integer not null)");
      sql.exec("insert or replace into gate (id, until) values (0, ?)", until);
    });
  }

  async admit(rate: Rate, mostMs = 0): Promise<number> {
    return this.gate.admit(rate, mostMs, Date.now());
  }

  async leaveSchool(): Promise<void> {
    const { storage } = this.ctx;
    const leftAt = this.leftAt() ?? Date.now();
    await storage.deleteAll();
    // Whoever brings D1 back to before the deletion learns of it here.
    storage.sql.exec("create table left_school (at integer not null)");
    storage.sql.exec("insert into left_school (at) values (?)", leftAt);
    this.feed.open();
    this.gate = this.openGate();
    this.alarmAt = null;
    this.arm(0);
  }

  async isLeft(): Promise<boolean> {
    return this.leftAt() !== null;
  }

  /** When the school was deleted, real time, ms; null: it was not. */
  private leftAt(): number | null {
    const { sql } = this.ctx.storage;
    const isThere = sql.exec("select 1 from sqlite_master where name = 'left_school'").toArray().length > 0;
    return isThere ? sql.exec<{ at: number }>("select at from left_school").one().at : null;
  }
}
