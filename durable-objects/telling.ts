import type { LogBatch } from "../src/calls/batch";
import { LOG_LAG_MS } from "../src/calls/messages";
import type { LastTold, Packed } from "../src/calls/shape";
import type { Untold, UserPlace } from "../src/calls/user";
import type { Clock } from "./scene";
import type { Store } from "./store";
import { hasLog, heard, isUntold, logBatch, nothingTold } from "./telling/told";

/** How long D1 is given to hear of the log before the object says again that it has one. */
const LOG_LEASE_MS = 30_000;

export interface TellingParts {
  place: UserPlace;
  store: Pick<Store, "load" | "save" | "commit" | "ended">;
  clock: Clock;
  /** Asks that somebody fetches the log for D1, in a while or in so many ms. What the queue refuses is lost. */
  announce(delayMs?: number): Promise<void>;
  /** Has D1 hear of a batch at once. */
  write(batch: LogBatch): Promise<void>;
  /** Has D1 forget what it was told of changes below one: it was of somebody erased. */
  takeBack(below: number): Promise<void>;
}

/**
 * What D1 hears of a user: it is fetched, written and then said to be heard; until then it is kept. One who asks at a
 * time: a lease, after which the object says again that it has something to tell.
 */
export class Telling {
  /** Real time until which D1 is expected to hear of the log. */
  private leasedUntil = 0;
  /** The directory in D1 must hear of the user's line again. */
  private owesLine = false;
  /** What the directory knows once it has heard of a batch, by the change up to which it tells. */
  private readonly inFlight = new Map<number, LastTold>();

  constructor(private readonly parts: TellingParts) {}

  /** The object woke up. An alarm that stands is set for the case that a message on its way gets lost. */
  wake(alarmAt: number | null): void {
    if (alarmAt !== null) this.leasedUntil = Math.min(alarmAt, this.parts.clock() + LOG_LEASE_MS);
    const packed = this.parts.store.load();
    if (packed) this.note(packed);
  }

  /** Nothing is left of the user. */
  forget(): void {
    this.leasedUntil = 0;
    this.owesLine = false;
    this.inFlight.clear();
  }

  /** The user was changed: perhaps the directory must hear of it. */
  note(packed: Packed): void {
    this.owesLine = isUntold(packed, false);
  }

  /** The directory must hear of the user, whatever it was told. */
  noteAnew(): void {
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
    const { store } = this.parts;
    const packed = store.load();
    if (!packed) return { erasedBelow: Number.MAX_SAFE_INTEGER, hasNews: false };
    const isOfErased = seq < packed.born;
    if (isOfErased) packed.told = nothingTold();
    else heard(packed, seq, this.inFlight.get(seq));
    this.inFlight.delete(seq);
    this.leasedUntil = 0;
    this.note(packed);
    store.save(packed);
    // An idle object forgets its memory before its alarm rings: left unwritten, it would tell D1 the same for ever.
    store.commit();
    return { erasedBelow: isOfErased ? packed.born : null, hasNews: this.lease(packed) };
  }

  /** Whether D1 is to hear of the user in a while, and nobody was asked yet to see to it: the caller now is. */
  lease(packed: Packed): boolean {
    const realNow = this.parts.clock();
    if (!packed.isLive || this.leasedUntil > realNow || !this.hasToTell(packed)) return false;
    this.leasedUntil = realNow + LOG_LAG_MS + LOG_LEASE_MS;
    return true;
  }

  /** When the object is to say again that it has something to tell, real time; null: it has nothing. */
  wakesAt(packed: Packed): number | null {
    return this.hasToTell(packed) ? Math.max(this.leasedUntil, this.parts.clock() + LOG_LAG_MS) : null;
  }

  private hasToTell(packed: Packed): boolean {
    return packed.movedTo === undefined && (this.owesLine || hasLog(packed));
  }

  announce(): Promise<void> {
    return this.parts.announce();
  }

  /** Says again what nobody has fetched. */
  async announceAgain(): Promise<void> {
    const packed = this.parts.store.load();
    if (packed && this.lease(packed)) await this.parts.announce(0);
  }

  /** A test school's lists show everything at once: its log is written before the answer. */
  async tellNow(): Promise<void> {
    const batch = this.pending({ exact: true });
    if (!batch) return;
    await this.parts.write(batch);
    const { erasedBelow } = this.heard(batch.seq);
    if (erasedBelow !== null) await this.parts.takeBack(erasedBelow);
  }
}
