import { DurableObject } from "cloudflare:workers";
import type { Env } from "../src/base/env";
import { log } from "../src/base/log";
import type { LogBatch } from "../src/calls/batch";
import type { ActionMessage } from "../src/calls/messages";
import type { Packed, Told } from "../src/calls/shape";
import type { Advance, Heard, SchoolReference } from "../src/calls/user";
import type { Effects, Run } from "../src/engine/types";
import { announce, LOG_LAG_MS } from "../src/journal/announce";
import { eraseLog } from "../src/journal/forget";
import { isKnownWord } from "../src/journal/words";
import { writeLog } from "../src/journal/write";
import { loadSchool, nowOf, type School } from "../src/world/snapshot";
import { loadPrograms, loadWorld } from "../src/world/world";
import { leaving } from "./outbox";
import { emptyPacked, hasLog, heard, isUntold, logBatch, nothingTold, postingOf, take, wakesOf } from "./packed";
import type { TurnScene } from "./scene";
import { Store } from "./store";

/** How long D1 is given to hear of the log before the object says again that it has one. */
const LOG_LEASE_MS = 30_000;
/** How long what was offered to the queue is given before it is offered again. */
const OFFER_LEASE_MS = 10_000;
const DEFER_MS = 60_000;
/** How long a suspended school's users sleep; lifting it wakes them. */
const SUSPENDED_MS = 10 * 60_000;
const DAY_MS = 86_400_000;
/** As many as the queue takes at once; the rest follows with the next turn. */
const MAX_OFFERS = 100;
const QUEUED_RUNS = "";
const MIN_KEEP_DAYS = 7;
/** After so long there is something too old to keep. */
const KEEP_MS = (MIN_KEEP_DAYS + 1) * DAY_MS;

/**
 * The shell of a user's object: reads what is slow first, then does one turn in one transaction, and lets the effects
 * leave through the outbox. The alarm is a projection of what lies here.
 */
export abstract class UserShell extends DurableObject<Env> {
  protected readonly store: Store;
  protected readonly school: string;
  protected readonly user: string;
  protected alarmAt: number | null = null;
  /** Real time until which D1 is expected to hear of the log. */
  protected logLeasedUntil = 0;
  /** Real time before which a wake-up that failed, or found the school suspended, is not tried again. */
  private wakeDeferredUntil = 0;
  /** Real time until which what was offered may still be taken up, by delivery; "": the queued runs. */
  protected readonly offered = new Map<string, number>();
  protected inFlight = new Map<number, Told>();
  protected hasErased = false;
  /** The directory in D1 must hear of the user again. */
  protected untold = false;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const [school, user]: unknown[] = JSON.parse(ctx.id.name ?? "[]");
    if (typeof school !== "string" || typeof user !== "string")
      throw new Error("an object is reached by its school and user");
    this.school = school;
    this.user = user;
    this.store = new Store(ctx.storage);
    ctx.blockConcurrencyWhile(async () => {
      this.store.open();
      this.hasErased = this.store.hasErased();
      this.alarmAt = await ctx.storage.getAlarm();
      // An alarm that stands is set for the case that a message on its way gets lost.
      if (this.alarmAt !== null) this.logLeasedUntil = Math.min(this.alarmAt, Date.now() + LOG_LEASE_MS);
      const packed = this.store.load();
      if (!packed) return this.armForErased();
      this.untold = isUntold(packed, false);
      this.arm(packed);
    });
  }

  /** Lets time pass: to the school's present, or, for a test school, up to a moment, in steps. */
  abstract advance(reference: SchoolReference, until: number | null, maxSteps: number): Promise<Advance>;

  // ---- The log ----

  /** What D1 has not heard yet; null: nothing. `exact`: activity to the millisecond, not to the day. */
  async pendingLog(options: { exact: boolean }): Promise<LogBatch | null> {
    const packed = this.movedTo === undefined ? this.store.load() : null;
    const pending = packed ? logBatch(packed, this.school, this.user, options.exact) : null;
    if (!pending) return null;
    this.inFlight.set(pending.batch.seq, pending.told);
    return pending.batch;
  }

  /** D1 has heard everything up to a change. */
  async logged(seq: number): Promise<Heard> {
    const packed = this.store.load();
    if (!packed) return { erasedBelow: Number.MAX_SAFE_INTEGER, hasNews: false };
    const isOfErased = seq < packed.born;
    if (isOfErased) packed.told = nothingTold();
    else heard(packed, seq, this.inFlight.get(seq));
    this.inFlight.delete(seq);
    this.logLeasedUntil = 0;
    this.untold = isUntold(packed, false);
    if (!isOfErased) this.store.forgetLog(seq);
    this.store.save(packed);
    // An idle object forgets its memory before its alarm rings: left unwritten, it would tell D1 the same for ever.
    this.store.commit();
    const hasNews = this.leaseLog(packed);
    this.arm(packed);
    return { erasedBelow: isOfErased ? packed.born : null, hasNews };
  }

  /** Whether D1 is to hear of the user in a while, and nobody was asked yet to see to it: the caller now is. */
  private leaseLog(packed: Packed): boolean {
    const realNow = Date.now();
    if (!packed.isLive || this.logLeasedUntil > realNow || !this.hasToTell(packed)) return false;
    this.logLeasedUntil = realNow + LOG_LAG_MS + LOG_LEASE_MS;
    return true;
  }

  private hasToTell(packed: Packed): boolean {
    return packed.movedTo === undefined && (this.untold || hasLog(packed));
  }

  /** Of a lead: the user it is being handed over to. */
  protected get movedTo(): string | undefined {
    return this.store.load()?.movedTo;
  }

  // ---- Erasure ----

  /** Leaves nothing at all. */
  protected async clear(): Promise<void> {
    await this.ctx.storage.deleteAll();
    await this.ctx.storage.deleteAlarm();
    this.alarmAt = null;
    this.inFlight.clear();
    this.offered.clear();
    this.hasErased = this.untold = false;
    this.logLeasedUntil = 0;
    this.store.open();
  }

  /** Keeps hashes of the event ids of whoever was erased, for as long as copies can come. */
  protected keepErased(rows: readonly { id: string; hash: string; at: number }[]): void {
    this.store.addErased(rows);
    this.store.commit();
    this.hasErased = true;
    this.armForErased();
  }

  private armForErased(): void {
    if (!this.hasErased || this.alarmAt !== null) return;
    this.alarmAt = Date.now() + KEEP_MS;
    void this.ctx.storage.setAlarm(this.alarmAt);
  }

  private async pruneErased(): Promise<void> {
    if (!this.hasErased) return;
    this.hasErased = this.store.pruneErased(Date.now() - MIN_KEEP_DAYS * DAY_MS);
    if (!this.hasErased && !this.store.load()) await this.clear();
  }

  // ---- The shell ----

  protected async scene(reference: SchoolReference, more: readonly Run[] = []): Promise<TurnScene> {
    const state = this.store.load()?.state;
    const minStamp = Math.max(reference.stamp, state?.stamp ?? 0);
    const school = await loadSchool(this.env, this.school, { minStamp });
    if (!school) throw new Error("the school is gone");
    const world = await loadWorld(this.env, school);
    const wanted = [...(state?.runs ?? []), ...more].filter(
      (run) =>
        world.byId.has(run.automation) &&
        world.byId.get(run.automation)?.program.version !== run.version &&
        !world.program(run.automation, run.version),
    );
    if (wanted.length) await loadPrograms(this.env, school, wanted);
    return { school, world, now: Math.max(reference.now ?? 0, nowOf(school)) };
  }

  /**
   * One turn: what is slow first, then all of it at once, kept whole or not at all, then what leaves.
   * `hasNews`: the caller is to announce the user.
   */
  protected async play<T>(
    reference: SchoolReference,
    act: (scene: TurnScene) => T,
    more: readonly Run[] = [],
  ): Promise<{ result: T; hasNews: boolean }> {
    const scene = await this.scene(reference, more);
    let result: T;
    try {
      result = act(scene);
      this.store.commit();
    } catch (error) {
      this.store.open();
      throw error;
    }
    if (!scene.school.suspended) this.wakeDeferredUntil = 0;
    const packed = this.store.load();
    const hasNews = packed !== null && this.leaseLog(packed);
    if (packed) this.arm(packed);
    if (scene.school.mode === "test") await this.tellNow();
    this.offer(scene.school);
    return { result, hasNews };
  }

  /** A turn that announces its user itself. */
  protected async turn<T>(
    reference: SchoolReference,
    act: (scene: TurnScene) => T,
    more: readonly Run[] = [],
  ): Promise<T> {
    const { result, hasNews } = await this.play(reference, act, more);
    if (hasNews) this.ctx.waitUntil(announce(this.env, [{ school: this.school, user: this.user }]));
    return result;
  }

  /** A turn that changes what lies packed and saves it; null where the user is not known and none is to be made. */
  protected changing<T>(
    reference: SchoolReference,
    creates: boolean,
    act: (packed: Packed, scene: TurnScene) => T,
    more: readonly Run[] = [],
  ): Promise<T | null> {
    return this.turn(
      reference,
      (scene) => {
        const packed = this.store.load() ?? (creates ? emptyPacked(scene.school.mode, Date.now()) : null);
        if (!packed || packed.movedTo !== undefined) return null;
        const result = act(packed, scene);
        if (packed.state) this.store.save(packed);
        return result;
      },
      more,
    );
  }

  /** Writes a journal entry for what happened outside an event, and takes its effects up. */
  protected record(packed: Packed, scene: TurnScene, effects: Effects): void {
    if (!effects.facts.length && !effects.runs.size && !effects.deliveries.length) return;
    take(packed, effects, postingOf(scene.school, isKnownWord));
    if (!effects.facts.length) return;
    this.untold = isUntold(packed, false);
    packed.entries.push({ seq: packed.seq, at: scene.now, eventId: null, facts: effects.facts });
  }

  /** Sends queued runs and due deliveries on their way; the alarm sends them again if that is lost. */
  protected offer(school: School): void {
    const packed = this.store.load();
    if (!packed?.state || packed.movedTo !== undefined) return;
    const realNow = Date.now();
    for (const [id, until] of this.offered) if (until <= realNow) this.offered.delete(id);
    const due = school.suspended ? [] : leaving(packed, realNow);
    if (packed.state.runs.some((run) => run.status === "queued")) due.unshift(QUEUED_RUNS);
    else this.offered.delete(QUEUED_RUNS);
    const fresh = due.filter((id) => !this.offered.has(id)).slice(0, MAX_OFFERS);
    if (!fresh.length) return;
    for (const id of fresh) this.offered.set(id, realNow + OFFER_LEASE_MS);
    const place = { school: this.school, user: this.user };
    const messages = fresh.map(
      (id): ActionMessage =>
        id === QUEUED_RUNS ? { kind: "wake", ...place } : { kind: "deliver", ...place, delivery: id },
    );
    this.ctx.waitUntil(
      this.env.ACTIONS.sendBatch(messages.map((body) => ({ body }))).catch((error: unknown) => {
        for (const id of fresh) this.offered.delete(id);
        log("warn", "queue.refused", { school: this.school, error });
      }),
    );
  }

  /** A test school's lists show everything at once: its log is written before the answer. */
  protected async tellNow(): Promise<void> {
    const batch = await this.pendingLog({ exact: true });
    if (!batch) return;
    await writeLog(this.env, [batch]);
    const { erasedBelow } = await this.logged(batch.seq);
    if (erasedBelow !== null) await eraseLog(this.env, this.school, this.user, erasedBelow);
  }

  /** Sets the alarm to the minimum of all that waits here; an earlier one stands and finds nothing to do. */
  protected arm(packed: Packed): void {
    const realNow = Date.now();
    const wakes = packed.movedTo === undefined ? wakesOf(packed, realNow + OFFER_LEASE_MS, realNow) : [];
    const times = wakes.map((at) => Math.max(at, this.wakeDeferredUntil));
    if (this.hasToTell(packed)) times.push(Math.max(this.logLeasedUntil, realNow + LOG_LAG_MS));
    if (this.alarmAt === null && packed.state) times.push(realNow + KEEP_MS);
    if (!times.length) return;
    const next = Math.max(Math.min(...times), realNow + 1);
    if (this.alarmAt !== null && this.alarmAt <= next && this.alarmAt > realNow - DEFER_MS) return;
    this.alarmAt = next;
    void this.ctx.storage.setAlarm(next);
  }

  /** Never throws: each task by itself, put off by itself, and in the end the alarm for whatever is left. */
  override async alarm(): Promise<void> {
    this.alarmAt = null;
    const reference: SchoolReference = { id: this.school, stamp: 0, now: null };
    await this.attempt(
      () => this.wakeUp(reference),
      (until) => {
        this.wakeDeferredUntil = until;
      },
    );
    await this.attempt(() => this.announceAgain());
    await this.attempt(() => this.prune(reference));
    await this.attempt(() => this.pruneErased());
    await this.attempt(() => this.store.commit());
    const packed = this.store.load();
    if (packed) this.arm(packed);
    else this.armForErased();
  }

  private async attempt(task: () => Promise<void> | void, defer: (until: number) => void = () => {}): Promise<void> {
    try {
      await task();
    } catch (error) {
      defer(Date.now() + DEFER_MS);
      log("error", "alarm.task_failed", { school: this.school, error });
    }
  }

  protected async wakeUp(reference: SchoolReference): Promise<void> {
    const packed = this.store.load();
    const isQueued = packed?.state?.runs.some((run) => run.status === "queued") ?? false;
    const due = packed?.nextWake ?? Number.POSITIVE_INFINITY;
    const school = await loadSchool(this.env, this.school);
    if (!packed || !school) return;
    if (school.suspended) {
      this.wakeDeferredUntil = Date.now() + SUSPENDED_MS;
      return;
    }
    if (isQueued || due <= Date.now()) await this.advance(reference, null, Number.POSITIVE_INFINITY);
    else this.offer(school);
  }

  private async announceAgain(): Promise<void> {
    const packed = this.store.load();
    if (packed && this.leaseLog(packed)) await announce(this.env, [{ school: this.school, user: this.user }], 0);
  }

  protected async prune(reference: SchoolReference): Promise<void> {
    if (Date.now() - (this.store.load()?.prunedAt ?? Date.now()) < DAY_MS) return;
    const { school, now } = await this.scene(reference);
    const days = Math.max(school.settings.log_retention_days, MIN_KEEP_DAYS);
    const packed = this.store.load();
    if (!packed) return;
    packed.prunedAt = Date.now();
    this.store.prune(packed, now - days * DAY_MS);
    this.store.commit();
  }
}
