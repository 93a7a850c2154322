import { log } from "../src/base/reports/log";
import type { Beginning } from "../src/calls/shape";
import type { UserPlace } from "../src/calls/user";
import { evidenceDays } from "../src/world/kept";
import { replay } from "../src/world/past/replay";
import type { School } from "../src/world/snapshot";
import type { Addresses } from "./address/addresses";
import { pagesOf } from "./everything";
import { hasQueued, wakesOf } from "./packed/packed";
import { proofsOfOld } from "./proofs";
import type { Clock, SchoolSource } from "./scene";
import { OFFER_LEASE_MS } from "./sending/offers";
import type { Store } from "./store/store";
import type { Telling } from "./telling/telling";

const DEFER_MS = 60_000;
/** How long a suspended school's users sleep, and a paused one's messages; lifting it wakes them. */
const SUSPENDED_MS = 10 * 60_000;
const DAY_MS = 86_400_000;
/** No later alarm can be set; what waits until then is looked at by then. */
const LATEST_ALARM = Date.UTC(2189, 0);
const MIN_KEEP_DAYS = 7;
/** How often it is looked what is too old to keep. */
const LOOK_MS = DAY_MS;
/** After so long there is something more too old to keep, of whoever had some. */
const KEEP_MS = (MIN_KEEP_DAYS + 1) * DAY_MS;

export interface WakingParts {
  place: UserPlace;
  store: Pick<
    Store,
    | "load"
    | "commit"
    | "beginning"
    | "entries"
    | "oldEntries"
    | "hasOld"
    | "keepsMuch"
    | "prune"
    | "hasErased"
    | "pruneErased"
    | "ended"
    | "proofs"
  >;
  clock: Clock;
  /** Does something after whatever woke the object has begun. */
  soon(act: () => void): void;
  /** Sets the platform's alarm, real time. */
  setAlarm(at: number): void;
  source: Pick<SchoolSource, "school" | "isDeleted" | "now" | "past">;
  telling: Pick<Telling, "wakesAt" | "announceAgain">;
  addresses: Pick<Addresses, "wakesAt" | "tell">;
  /** Lets time pass for the user, as a turn of its own. */
  advance(): Promise<unknown>;
  offer(school: School): void;
  /** Has the queue finish the handing over of what is here. */
  handOn(): Promise<void>;
  /** Leaves nothing at all. */
  clear(): Promise<void>;
  /** The same where the school was deleted. */
  leave(): Promise<void>;
}

/** When the object wakes up, and what it then does. The alarm is a projection: of what lies here, the first that waits. */
export class Waking {
  private rings = false;
  /** Real time of the last look for what is too old. */
  private lookedAt = 0;
  /** Real time at which more of it will be, of whoever had some; null: whoever comes, or cron, sees to it. */
  private forgetsAt: number | null = null;
  /** Where the platform's alarm stands. */
  private alarmAt: number | null = null;
  /** Real time before which a wake-up that failed, or found the school suspended, is not tried again. */
  private deferredUntil = 0;
  /** Real time before which no message leaves: the school was found paused. */
  private pausedUntil = 0;

  constructor(private readonly parts: WakingParts) {}

  /** The object woke up, with the alarm as it stands: one that was lost is set anew. */
  wake(alarmAt: number | null): void {
    this.alarmAt = alarmAt;
    // None stands where it was lost, but also while it rings, and then it is set at the end of that.
    if (alarmAt === null)
      this.parts.soon(() => {
        if (!this.rings) this.arm();
      });
  }

  /** Nothing is left of the user, and no alarm. */
  forget(): void {
    this.alarmAt = this.forgetsAt = null;
  }

  /** The school is not suspended: wake-ups are no longer put off. */
  resume(): void {
    this.deferredUntil = 0;
  }

  /** Whether the school is paused: while it is, nobody is woken for messages alone. */
  pause(isPaused: boolean): void {
    this.pausedUntil = isPaused ? this.parts.clock() + SUSPENDED_MS : 0;
  }

  /** Sets the alarm to the minimum of all that waits here; an earlier one stands and finds nothing to do. */
  arm(): void {
    const { store, clock, telling, addresses } = this.parts;
    const packed = store.load();
    const realNow = clock();
    const times: number[] = [];
    if (packed && packed.movedTo === undefined) {
      for (const at of wakesOf(packed, realNow + OFFER_LEASE_MS, realNow, this.pausedUntil))
        times.push(Math.max(at, this.deferredUntil));
    }
    // Whoever hands it over is done within seconds, or was cut off.
    if (packed?.movedTo !== undefined) times.push(realNow + DEFER_MS);
    const tellsAt = packed && telling.wakesAt(packed);
    if (tellsAt !== null) times.push(tellsAt);
    const tellsAddressAt = addresses.wakesAt(packed);
    if (tellsAddressAt !== null) times.push(tellsAddressAt);
    if (this.forgetsAt !== null) times.push(this.forgetsAt);
    // A test school's time passes when its clock is moved.
    if (packed?.isLive && store.proofs.until !== null)
      times.push(Math.max(store.proofs.until, this.lookedAt + LOOK_MS));
    if (this.alarmAt === null && !packed && store.hasErased) times.push(realNow + KEEP_MS);
    if (!times.length) return;
    const next = Math.max(Math.min(...times, LATEST_ALARM), realNow + 1);
    if (this.alarmAt !== null && this.alarmAt <= next && this.alarmAt > realNow - DEFER_MS) return;
    this.alarmAt = next;
    this.parts.setAlarm(next);
  }

  /** Never throws: each task by itself, put off by itself, and in the end the alarm for whatever is left. */
  async ring(): Promise<void> {
    this.rings = true;
    this.alarmAt = null;
    await this.attempt(
      () => this.goOn(),
      (until) => {
        this.deferredUntil = until;
      },
    );
    await this.attempt(() => this.parts.telling.announceAgain());
    await this.attempt(async () => void (await this.parts.addresses.tell()));
    await this.forgetOld();
    await this.attempt(() => this.pruneErased());
    await this.attempt(() => this.parts.store.commit());
    this.rings = false;
    this.arm();
  }

  private async attempt(task: () => Promise<void> | void, defer: (until: number) => void = () => {}): Promise<void> {
    try {
      await task();
    } catch (error) {
      defer(this.parts.clock() + DEFER_MS);
      log("error", "alarm.task_failed", { school: this.parts.place.school, error });
    }
  }

  /** Does what is due, or offers again what nobody has taken up. */
  private async goOn(): Promise<void> {
    const { store, clock, source, advance, offer, leave } = this.parts;
    const packed = store.load();
    if (!packed) return;
    const isQueued = hasQueued(packed);
    const due = packed.nextWake ?? Number.POSITIVE_INFINITY;
    const school = await source.school(0);
    if (!school) {
      if (await source.isDeleted()) await leave();
      return;
    }
    this.pause(school.paused);
    if (packed.movedTo !== undefined) await this.parts.handOn();
    else if (school.suspended) this.deferredUntil = clock() + SUSPENDED_MS;
    else if (isQueued || due <= clock()) await advance();
    else offer(school);
  }

  /** Forgets what the school wants kept no longer: a look a day is enough. Never throws. */
  forgetOld(): Promise<void> {
    return this.attempt(() => this.prune());
  }

  /** Whether it is time for such a look: of those who come often no alarm takes care. */
  get mayForget(): boolean {
    const packed = this.parts.store.load();
    const realNow = this.parts.clock();
    return packed !== null && realNow - Math.max(packed.prunedAt, this.lookedAt) >= KEEP_MS;
  }

  private async prune(): Promise<void> {
    const { store, clock, source } = this.parts;
    const found = store.load();
    // What is handed over is read by its places.
    if (!found || found.movedTo !== undefined || clock() - Math.max(found.prunedAt, this.lookedAt) < LOOK_MS) return;
    this.lookedAt = clock();
    // Where it fails, and where something is left.
    this.forgetsAt = clock() + KEEP_MS;
    const school = await source.school(found.state?.stamp ?? 0);
    const packed = store.load();
    if (!packed || !school) return;
    const days = Math.max(school.settings.log_retention_days, MIN_KEEP_DAYS);
    const before = source.now(school) - days * DAY_MS;
    const evidenceMs = Math.max(days, evidenceDays(school.settings)) * DAY_MS;
    const keeping = { before: source.now(school) - evidenceMs, ms: evidenceMs };
    const upTo = store.oldEntries(before);
    if (upTo === null && !store.hasOld(before) && !store.proofs.hasOld(keeping.before)) {
      this.forgetsAt = null;
      return;
    }
    const beginning = upTo === null ? null : await this.moveBeginning(school, upTo);
    // Erased meanwhile.
    if (store.load() !== packed) return;
    packed.prunedAt = clock();
    if (school.settings.evidence_retention_years !== null)
      store.proofs.keep(proofsOfOld(store, before, upTo), keeping.ms);
    store.proofs.prune(keeping);
    store.prune(packed, before, upTo, beginning);
    store.commit();
    if (!store.keepsMuch) this.forgetsAt = null;
  }

  /** The state after the entries of the journal up to one: what goes is told again for the last time. */
  private async moveBeginning(school: School, upTo: number): Promise<Beginning | null> {
    const { store, source, place } = this.parts;
    const beginning = store.beginning();
    // Of those that go nothing says what happened, only what came of it.
    if (beginning && beginning.seq >= upTo) return null;
    const pages = pagesOf((range) => store.entries({ ...range, before: upTo + 1 }));
    const moved = await replay(place.user, beginning, pages, source.past(school));
    return { ...moved, seq: upTo };
  }

  /** Forgets the hashes of whoever was erased, once copies can come no more. */
  private async pruneErased(): Promise<void> {
    const { store, clock, clear } = this.parts;
    if (!store.hasErased) return;
    store.pruneErased(clock() - MIN_KEEP_DAYS * DAY_MS);
    if (!store.hasErased && !store.load()) await clear();
  }
}
