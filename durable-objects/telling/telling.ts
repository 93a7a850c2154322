import type { LogBatch, UntoldItem } from "../../src/calls/batch";
import { LOG_LAG_MS } from "../../src/calls/messages";
import type { LastTold, Packed } from "../../src/calls/shape";
import type { Untold, UserPlace } from "../../src/calls/user";
import type { Clock } from "../scene";
import type { Store } from "../store/store";
import { toldNothingSince } from "./anew";
import { hasLog, heard, isUntold, logBatch, noteTouched, nothingTold, nowTold, untoldItems } from "./told";

/** How long D1 is given to hear of the log before the caller of another turn is asked again to see to it. */
const LOG_LEASE_MS = 30_000;
/** What nobody has seen to, the alarm does: one for all that happens within this time. */
export const LOG_NET_MS = 600_000;

export interface TellingParts {
  place: UserPlace;
  store: Pick<Store, "load" | "ended">;
  clock: Clock;
  /** Asks that somebody fetches the log for D1, in a while or in so many ms. What the queue refuses is lost. */
  announce(delayMs?: number): Promise<void>;
  /** Whether D1 has heard of all of these. */
  isWritten(items: readonly UntoldItem[]): Promise<boolean>;
  /** Has D1 hear of a batch at once. */
  write(batch: LogBatch): Promise<void>;
  /** Has D1 forget what it was told of changes below one: it was of somebody erased. */
  takeBack(batch: LogBatch, below: number): Promise<void>;
}

/**
 * What D1 hears of a user: it is fetched, written and then said to be heard, which is kept in memory and written with the
 * user's next turn. Whoever has forgotten it tells the same again, which writes nothing; and before the alarm has it told
 * again, D1 is asked.
 */
export class Telling {
  /** Real time until which D1 is expected to hear of the log. */
  private leasedUntil = 0;
  /** Real time at which the alarm looks whether it has. */
  private netAt = 0;
  /** What was told up to this change D1 may have lost. */
  private anewFrom = 0;
  /** The directory in D1 must hear of the user's line again. */
  private owesLine = false;
  /** What the directory knows once it has heard of a batch, by the change up to which it tells; null: no more than before. */
  private readonly inFlight = new Map<number, LastTold | null>();

  constructor(private readonly parts: TellingParts) {}

  /** The object woke up. Whether a message is on its way is forgotten: the next turn asks for another. */
  wake(alarmAt: number | null): void {
    this.leasedUntil = 0;
    if (alarmAt !== null) this.netAt = Math.min(alarmAt, this.parts.clock() + LOG_NET_MS);
    const packed = this.parts.store.load();
    if (packed) this.owesLine = isUntold(packed, false);
  }

  /** Nothing is left of the user. */
  forget(): void {
    this.leasedUntil = this.netAt = this.anewFrom = 0;
    this.owesLine = false;
    this.inFlight.clear();
  }

  /** The user was changed: perhaps the directory must hear of it. */
  note(packed: Packed): void {
    this.owesLine = isUntold(packed, false);
    if (!this.owesLine) return;
    packed.lineSeq = packed.seq;
    noteTouched(packed);
  }

  /** The directory must hear of the user, whatever it was told. */
  noteAnew(): void {
    this.owesLine = true;
  }

  /**
   * D1 went back, and has lost what it heard since then: it hears the user's line anew, and what has happened since.
   * @param since by the user's clock, ms; null: all that is kept
   */
  anew(packed: Packed, since: number | null): void {
    toldNothingSince(packed, since, this.parts.store);
    this.anewFrom = packed.seq;
    this.inFlight.clear();
    this.leasedUntil = 0;
    this.owesLine = true;
  }

  /** Takes what D1 has heard up to, if anything new, and answers with what it has not. */
  untold({ heard, exact }: { heard: number | null; exact: boolean }): Untold {
    const erasedBelow = heard === null ? null : this.heard(heard).erasedBelow;
    return { batch: this.pending({ exact }), erasedBelow };
  }

  /** What D1 has not heard yet; null: nothing. `exact`: activity to the millisecond, not to the day. */
  pending(options: { exact: boolean }): LogBatch | null {
    const { store, place } = this.parts;
    const packed = store.load();
    if (!packed || packed.movedTo !== undefined) return null;
    const pending = logBatch(packed, place, options.exact, store.ended({ after: packed.heardSeq }));
    if (!pending) return null;
    this.inFlight.set(pending.batch.seq, pending.told);
    return pending.batch;
  }

  /** D1 has heard everything up to a change. `hasNews`: of more it is to hear in a while. */
  heard(seq: number): Pick<Untold, "erasedBelow"> & { hasNews: boolean } {
    const packed = this.parts.store.load();
    if (!packed) return { erasedBelow: Number.MAX_SAFE_INTEGER, hasNews: false };
    const isOfErased = seq < packed.born;
    // It was read before D1 went back, or was seen to have.
    if (!isOfErased && seq < this.anewFrom) return { erasedBelow: null, hasNews: this.lease(packed) };
    if (isOfErased) packed.told = nothingTold();
    else heard(packed, seq, this.inFlight.get(seq));
    this.inFlight.delete(seq);
    this.leasedUntil = 0;
    this.owesLine = isUntold(packed, false);
    return { erasedBelow: isOfErased ? packed.born : null, hasNews: this.lease(packed) };
  }

  /** Whether D1 is to hear of the user in a while, and nobody was asked yet to see to it: the caller now is. */
  lease(packed: Packed): boolean {
    const realNow = this.parts.clock();
    if (!packed.isLive || this.leasedUntil > realNow || !this.hasToTell(packed)) return false;
    this.leasedUntil = realNow + LOG_LAG_MS + LOG_LEASE_MS;
    if (this.netAt <= realNow) this.netAt = realNow + LOG_NET_MS;
    return true;
  }

  /** When the alarm is to look whether D1 has heard, real time; null: there is nothing to tell. */
  wakesAt(packed: Packed): number | null {
    return this.hasToTell(packed) ? Math.max(this.netAt, this.parts.clock() + LOG_LAG_MS) : null;
  }

  private hasToTell(packed: Packed): boolean {
    return packed.movedTo === undefined && (this.owesLine || hasLog(packed));
  }

  announce(): Promise<void> {
    return this.parts.announce();
  }

  /** Says again what nobody has fetched, unless D1 knows it. */
  async announceAgain(): Promise<void> {
    const { store, clock, isWritten, announce } = this.parts;
    const packed = store.load();
    if (!packed || this.netAt > clock() || !this.hasToTell(packed)) return;
    // Where D1 cannot be asked it is asked again, but not at once.
    this.netAt = clock() + LOG_LEASE_MS;
    const { seq } = packed;
    const items = untoldItems(packed, store.ended({ after: packed.heardSeq }), this.owesLine);
    if (items && (await isWritten(items))) {
      // Something may have happened meanwhile, or the user been erased.
      if (store.load() === packed) this.heardAll(packed, seq);
    } else if (this.lease(packed)) await announce(0);
  }

  private heardAll(packed: Packed, seq: number): void {
    const told = packed.lineSeq <= seq ? nowTold(packed) : undefined;
    heard(packed, seq, told);
    this.owesLine = isUntold(packed, false);
  }

  /** A test school's lists show everything at once: its log is written before the answer. */
  async tellNow(): Promise<void> {
    const batch = this.pending({ exact: true });
    if (!batch) return;
    await this.parts.write(batch);
    const { erasedBelow } = this.heard(batch.seq);
    if (erasedBelow !== null) await this.parts.takeBack(batch, erasedBelow);
  }
}
