import { DurableObject } from "cloudflare:workers";
import { eventOf } from "../src/catalogue";
import type { Attributes } from "../src/catalogue/account/attributes";
import { presentLearner } from "../src/catalogue/present";
import { nextAttempt } from "../src/connectors/backoff";
import type { Sending } from "../src/connectors/ports";
import { hash53 } from "../src/engine/identity";
import { advance, control, type Input, newState, retry, step, wouldStart } from "../src/engine/step";
import type { Delivery, Effects, Run, UserState, World } from "../src/engine/types";
import type { Env } from "../src/env";
import { log } from "../src/log";
import type { ActionMessage, LogMessage } from "../src/queue/messages";
import { loadSchool, nowOf, type School } from "../src/schools/snapshot";
import { loadPrograms, loadWorld } from "../src/schools/world";
import { isKnownWord, type LogBatch, writeLog } from "../src/users/log";
import { emptyPacked, finish, hasLog, heard, isUntold, logBatch, type Posting, take } from "./packed";
import { type JournalEntry, type Packed, Store, type Told } from "./store";

/** The school as the caller knows it: the object reads nothing older. */
export interface SchoolReference {
  id: string;
  stamp: number;
  /** Where a test school's clock stands, ms; null: real time. */
  now: number | null;
}

/** An event that has passed its schema. `hash` tells equal bodies of one id. */
export interface EventCall {
  id: string;
  hash: string;
  type: string;
  data: Record<string, unknown>;
  attributes: Attributes;
  at: number | null;
}

/** The answer as JSON text; null: the id was used with another body. */
export type EventAnswer = string | null;

export type UserInput = Exclude<Input, { kind: "event" }>;

/** What a delivery needs to leave, given to one consumer at a time. */
export interface Claim {
  delivery: Delivery;
  user: { id: string; email: string | null; pushTokens: string[] };
}

/** How far a user got. */
export interface Advance {
  now: number;
  steps: number;
  finished: boolean;
  nextWake: number | null;
}

interface Scene {
  school: School;
  world: World;
  now: number;
}

/** The log may lag by so much: what happens to a user meanwhile travels together. */
const LOG_LAG_MS = 5_000;
const LOG_LEASE_MS = 30_000;
const RUN_LEASE_MS = 10_000;
const DELIVERY_LEASE_MS = 60_000;
const DEFER_MS = 60_000;
const DAY_MS = 86_400_000;
const MIN_KEEP_DAYS = 7;

/**
 * Everything of one user. A thin shell around the engine: reads what is slow first, then does one turn in one
 * transaction, and lets the effects leave through the outbox. The alarm is a projection of what lies here.
 */
export class UserObject extends DurableObject<Env> {
  private readonly store: Store;
  private readonly school: string;
  private readonly user: string;
  private alarmAt: number | null = null;
  /** Real time until which D1 is expected to hear of the log. */
  private logLeasedUntil = 0;
  private inFlight = new Map<number, { told: Told; words: number }>();
  private hasErased = false;
  /** The directory in D1 must hear of the user again. */
  private untold = false;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const [school, user]: unknown[] = JSON.parse(ctx.id.name ?? "[]");
    if (typeof school !== "string" || typeof user !== "string")
      throw new Error("an object is reached by its school and user");
    this.school = school;
    this.user = user;
    this.store = new Store(ctx.storage.sql);
    ctx.blockConcurrencyWhile(async () => {
      this.store.open();
      this.hasErased = this.store.hasErased();
      this.alarmAt = await ctx.storage.getAlarm();
      const packed = this.store.load();
      if (!packed) return;
      this.untold = isUntold(packed, false);
      this.arm(packed);
    });
  }

  // ---- What happens to the user ----

  /** Events in their order; each answered once, and the same again when it is sent again. */
  async events(reference: SchoolReference, calls: EventCall[]): Promise<EventAnswer[]> {
    return this.turn(reference, (scene) => calls.map((call) => this.event(scene, call)));
  }

  private event(scene: Scene, call: EventCall): EventAnswer {
    const before = this.store.event(call.id) ?? (this.hasErased ? this.erasedEvent(call.id) : null);
    if (before) {
      if (before.hash !== call.hash) return null;
      if (before.answer !== null) return before.answer.replace('"duplicate":false', '"duplicate":true');
      return JSON.stringify({ id: call.id, duplicate: true, facts: [], runs: [], user: null });
    }
    const event = eventOf(call.type);
    if (!event) throw new Error(`unknown event ${call.type}`);
    const packed = this.store.load() ?? emptyPacked();
    const at = call.at ?? scene.now;
    const isNew = !packed.state || packed.isFresh === true;
    delete packed.isFresh;
    const state = packed.state ?? newState(this.user, scene.now, at);
    const { type, data, attributes, id } = call;
    const stepped = step(
      state,
      { kind: "event", id, event, type, data, attributes, at },
      scene.world,
      scene.now,
      isNew,
    );
    this.record(packed, scene, stepped.before);
    const { effects } = stepped;
    packed.state = state;
    packed.nextWake = stepped.nextWake;
    take(packed, effects, this.posting(scene));
    if (isNew || effects.facts.length) this.untold = isUntold(packed, false);
    const text = answerOf(call.id, effects, state, scene.world);
    this.store.addEvent(call.id, {
      hash: call.hash,
      at: scene.now,
      seq: packed.seq,
      answer: text,
      facts: effects.facts,
    });
    this.store.save(packed);
    this.arm(packed, scene);
    return text;
  }

  /** A change that is no event; answers with the user, or null where there is none to change. */
  async change(
    reference: SchoolReference,
    input: UserInput,
    options: { creates: boolean },
  ): Promise<{ user: unknown; created: boolean } | null> {
    return this.turn(reference, (scene) => {
      const packed = this.store.load() ?? emptyPacked();
      const isNew = !packed.state;
      if (isNew && !options.creates) return null;
      const state = packed.state ?? newState(this.user, scene.now);
      const stepped = step(state, input, scene.world, scene.now, isNew);
      this.record(packed, scene, stepped.before);
      packed.state = state;
      packed.nextWake = stepped.nextWake;
      this.record(packed, scene, stepped.effects);
      this.untold = isUntold(packed, false);
      this.store.save(packed);
      this.arm(packed, scene);
      return { user: presentLearner(state.learner, scene.world.school), created: isNew };
    });
  }

  /** Lets time pass: to the school's present, or, for a test school, up to a moment, in steps. */
  async advance(reference: SchoolReference, until: number | null, maxSteps: number): Promise<Advance> {
    return this.turn(reference, (scene) => {
      const packed = this.store.load();
      if (!packed?.state || scene.school.suspended) return { now: scene.now, steps: 0, finished: true, nextWake: null };
      const target = until ?? scene.now;
      const result = advance(packed.state, scene.world, target, { jumps: scene.school.mode === "test", maxSteps });
      const { effects } = result;
      packed.nextWake = result.nextWake;
      this.record(packed, scene, effects);
      this.store.save(packed);
      this.arm(packed, scene);
      return { now: result.now, steps: effects.steps, finished: result.now >= target, nextWake: result.nextWake };
    });
  }

  /** Cancels or skips a live run; false where it is not in a state for it. */
  async control(reference: SchoolReference, run: string, what: "cancel" | "skip"): Promise<boolean> {
    return this.controlled(reference, (state, scene) => control(state, scene.world, scene.now, run, what));
  }

  /** Lets a failed run go on from its failed step. */
  async retryRun(reference: SchoolReference, run: Run): Promise<boolean> {
    return this.controlled(reference, (state, scene) => retry(state, scene.world, scene.now, run), [run]);
  }

  private controlled(
    reference: SchoolReference,
    act: (state: UserState, scene: Scene) => ReturnType<typeof control>,
    more: readonly Run[] = [],
  ): Promise<boolean> {
    return this.turn(
      reference,
      (scene) => {
        const packed = this.store.load();
        const result = packed?.state ? act(packed.state, scene) : null;
        if (!packed || !result) return false;
        packed.nextWake = result.nextWake;
        this.record(packed, scene, result.effects);
        this.store.save(packed);
        this.arm(packed, scene);
        return true;
      },
      more,
    );
  }

  // ---- What is known of the user ----

  /** The user as the contract shows one; null when not known. */
  async read(reference: SchoolReference): Promise<unknown> {
    const { world } = await this.scene(reference);
    const learner = this.store.load()?.state?.learner;
    return learner ? presentLearner(learner, world.school) : null;
  }

  /** The state itself, for what only looks: simulate, backtest, why. */
  async state(): Promise<UserState | null> {
    return this.store.load()?.state ?? null;
  }

  async journal(): Promise<JournalEntry[]> {
    return this.store.load() ? this.store.journal() : [];
  }

  async inbox(): Promise<Delivery[]> {
    return this.store.load()?.inbox ?? [];
  }

  async wouldStart(reference: SchoolReference, automation: string): Promise<boolean> {
    const { world, now } = await this.scene(reference);
    const state = this.store.load()?.state;
    return state ? wouldStart(state, world, now, automation) : false;
  }

  /** All that is held here, for the export. */
  async everything(): Promise<{ packed: Packed; journal: JournalEntry[] } | null> {
    const packed = this.store.load();
    return packed ? { packed, journal: this.store.journal() } : null;
  }

  // ---- Leads ----

  /** Takes a lead over: its state, log and journal become the user's. Doing it twice is doing it once. */
  async takeOver(
    reference: SchoolReference,
    lead: { packed: Packed; journal: JournalEntry[] },
    leadName: string,
  ): Promise<void> {
    await this.turn(reference, (scene) => {
      const packed = this.store.load() ?? emptyPacked();
      if (packed.tookOver === leadName || !lead.packed.state) return;
      const from = lead.packed.state;
      const state = packed.state ?? newState(this.user, scene.now);
      if (!packed.state) packed.isFresh = true;
      state.learner.email ??= from.learner.email;
      state.learner.forms = { ...from.learner.forms, ...state.learner.forms };
      state.learner.nps ??= from.learner.nps;
      state.learner.marketingConsent ??= from.learner.marketingConsent;
      state.order = Math.max(state.order, from.order);
      state.runs.push(...from.runs);
      for (const [key, starts] of Object.entries(from.starts)) {
        const own = state.starts[key];
        state.starts[key] = own ? { count: own.count + starts.count, last: Math.max(own.last, starts.last) } : starts;
      }
      packed.state = state;
      packed.tookOver = leadName;
      this.untold = true;
      Object.assign(packed.outbox, lead.packed.outbox);
      packed.inbox = [...lead.packed.inbox, ...packed.inbox];
      packed.seq = Math.max(packed.seq, lead.packed.seq) + 1;
      for (const run of from.runs) packed.runs[run.id] = { seq: packed.seq, run: null };
      Object.assign(packed.runs, lead.packed.runs);
      Object.assign(packed.deliveries, lead.packed.deliveries);
      // Negative: before all that the user's own journal has.
      for (const entry of lead.journal) this.store.addJournal(entry.seq - 1_000_000_000, entry.at, entry.facts);
      this.store.save(packed);
      this.arm(packed, scene);
    });
  }

  /** Erases everything but the hashes of event ids, so that a late copy brings nobody back. */
  async erase(): Promise<boolean> {
    const known = this.store.load() !== null;
    const { ctx } = this;
    const keep = [
      ...this.store.allErased(),
      ...this.store.eventHashes().map(({ id, hash, at }) => ({ id: this.idHash(id), hash, at })),
    ];
    await ctx.storage.deleteAll();
    await ctx.storage.deleteAlarm();
    this.alarmAt = null;
    this.inFlight.clear();
    this.store.open();
    if (!keep.length) return known;
    ctx.storage.transactionSync(() => this.store.addErased(keep));
    this.hasErased = true;
    return known;
  }

  private readonly idHash = (id: string): string => hash53(JSON.stringify([this.school, this.user, id])).toString(36);

  private erasedEvent(id: string): { hash: string; answer: null } | null {
    const row = this.store.erased(this.idHash(id));
    return row ? { hash: row.hash, answer: null } : null;
  }

  // ---- Deliveries ----

  /** Gives a delivery to one consumer, after a last look; null: settled, recalled, held, or in another's hands. */
  async claim(reference: SchoolReference, id: string): Promise<Claim | null> {
    return this.turn(reference, (scene) => {
      const packed = this.store.load();
      const item = packed?.outbox[id];
      const realNow = Date.now();
      if (!packed?.state || !item || item.dueAt === null || item.leasedUntil > realNow) return null;
      const { delivery } = item;
      const { learner } = packed.state;
      const automation = scene.world.byId.get(delivery.automation);
      if (!automation) finish(packed, delivery, "suppressed", "deleted");
      else if (delivery.content.kind === "marketing" && learner.marketingConsent !== true)
        finish(packed, delivery, "suppressed", "no_consent");
      else if (!automation.active || scene.school.suspended) item.dueAt = realNow + DEFER_MS;
      else {
        item.leasedUntil = item.dueAt = realNow + DELIVERY_LEASE_MS;
        item.firstAt ??= realNow;
      }
      this.store.save(packed);
      this.arm(packed, scene);
      const taken = packed.outbox[id]?.leasedUntil ?? 0;
      if (taken <= realNow) return null;
      return { delivery, user: { id: learner.id, email: learner.email, pushTokens: learner.pushTokens } };
    });
  }

  /** Notes how an attempt went; what failed is tried again for a day. */
  async settle(reference: SchoolReference, id: string, sending: Sending): Promise<void> {
    await this.turn(reference, (scene) => {
      const packed = this.store.load();
      const item = packed?.outbox[id];
      if (!packed?.state || !item) return;
      const realNow = Date.now();
      const { delivery } = item;
      delivery.attempts.push({
        at: scene.now,
        ok: sending.ok,
        ...(sending.code === undefined ? {} : { code: sending.code }),
        ...(sending.ok ? {} : { error: sending.error }),
      });
      const { gone } = sending;
      if (gone) packed.state.learner.pushTokens = packed.state.learner.pushTokens.filter((one) => !gone.includes(one));
      const again =
        sending.ok || !sending.retry
          ? null
          : nextAttempt(delivery.attempts.length, item.firstAt ?? realNow, realNow, sending.retryAfterMs);
      if (sending.ok) finish(packed, delivery, sending.captured ? "captured" : "sent");
      else if (again === null) finish(packed, delivery, "failed", sending.error);
      else {
        item.dueAt = again;
        item.leasedUntil = 0;
        packed.deliveries[id] = { seq: ++packed.seq, delivery };
      }
      this.store.save(packed);
      this.arm(packed, scene);
    });
  }

  /** Sends a delivery that ended `failed` again, with its key. */
  async resend(reference: SchoolReference, delivery: Delivery): Promise<boolean> {
    return this.turn(reference, (scene) => {
      const packed = this.store.load();
      if (!packed?.state || packed.outbox[delivery.id]) return false;
      const again: Delivery = { ...delivery, status: "queued" };
      delete again.reason;
      packed.outbox[delivery.id] = { delivery: again, dueAt: Date.now(), leasedUntil: 0, firstAt: null };
      packed.deliveries[delivery.id] = { seq: ++packed.seq, delivery: again };
      this.store.save(packed);
      this.arm(packed, scene);
      return true;
    });
  }

  /** Hands the GTM events that wait for the page over to it. */
  async dataLayer(reference: SchoolReference): Promise<Record<string, unknown>[]> {
    return this.turn(reference, (scene) => {
      const packed = this.store.load();
      if (!packed) return [];
      const waiting = Object.values(packed.outbox).filter((item) => item.dueAt === null);
      for (const { delivery } of waiting) {
        delivery.attempts.push({ at: scene.now, ok: true });
        finish(packed, delivery, "sent");
      }
      if (waiting.length) this.store.save(packed);
      this.arm(packed, scene);
      return waiting.map(({ delivery }) => delivery.content);
    });
  }

  // ---- The log ----

  /** What D1 has not heard yet; null: nothing. `exact`: activity to the millisecond, not to the day. */
  async pendingLog(options: { exact: boolean }): Promise<LogBatch | null> {
    const packed = this.store.load();
    const pending = packed ? logBatch(packed, this.school, this.user, options.exact) : null;
    if (!pending) return null;
    this.inFlight.set(pending.batch.seq, { told: pending.told, words: pending.batch.words.length });
    return pending.batch;
  }

  /** D1 has heard everything up to a change; false: the user was erased meanwhile, and D1 must forget again. */
  async logged(seq: number): Promise<boolean> {
    const packed = this.store.load();
    if (!packed) return false;
    const sent = this.inFlight.get(seq);
    this.inFlight.delete(seq);
    this.logLeasedUntil = 0;
    this.ctx.storage.transactionSync(() => {
      heard(packed, seq, sent?.told, sent?.words ?? 0);
      this.untold = isUntold(packed, false);
      this.store.save(packed);
      this.arm(packed);
    });
    return true;
  }

  // ---- The shell ----

  private async scene(reference: SchoolReference, more: readonly Run[] = []): Promise<Scene> {
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

  /** One turn: what is slow first, then one transaction, then what leaves. */
  private async turn<T>(reference: SchoolReference, act: (scene: Scene) => T, more: readonly Run[] = []): Promise<T> {
    const scene = await this.scene(reference, more);
    let result: T;
    try {
      result = this.ctx.storage.transactionSync(() => act(scene));
    } catch (error) {
      this.store.open();
      throw error;
    }
    if (scene.school.mode === "test") await this.tellNow();
    this.offer(scene.school);
    return result;
  }

  /** Writes a journal entry for what happened outside an event, and takes its effects up. */
  private record(packed: Packed, scene: Scene, effects: Effects): void {
    if (!effects.facts.length && !effects.runs.size && !effects.deliveries.length) return;
    take(packed, effects, this.posting(scene));
    if (!effects.facts.length) return;
    this.untold = isUntold(packed, false);
    this.store.addJournal(packed.seq, scene.now, effects.facts);
  }

  private posting({ school }: Scene): Posting {
    const connectors: Record<string, unknown> = school.settings.connectors ?? {};
    const gtm = connectors.gtm;
    return {
      realNow: Date.now(),
      mode: school.mode,
      gtmWaits: !(typeof gtm === "object" && gtm !== null && "server_url" in gtm && gtm.server_url),
      isKnownWord: (kind, value) => isKnownWord(this.school, kind, value),
    };
  }

  /** Sends queued runs and due deliveries on their way; the alarm sends them again if that is lost. */
  private offer(school: School): void {
    const packed = this.store.load();
    if (!packed?.state) return;
    const realNow = Date.now();
    const messages: ActionMessage[] = [];
    if (packed.state.runs.some((run) => run.status === "queued")) {
      messages.push({ kind: "wake", school: this.school, user: this.user });
    }
    for (const { delivery, dueAt, leasedUntil } of Object.values(packed.outbox)) {
      if (dueAt === null || dueAt > realNow || leasedUntil > realNow || school.suspended) continue;
      messages.push({ kind: "deliver", school: this.school, user: this.user, delivery: delivery.id });
    }
    if (messages.length) {
      this.ctx.waitUntil(
        this.env.ACTIONS.sendBatch(messages.slice(0, 100).map((body) => ({ body }))).catch((error: unknown) =>
          log("warn", "queue.refused", { school: this.school, error }),
        ),
      );
    }
  }

  /** A test school's lists show everything at once: its log is written before the answer. */
  private async tellNow(): Promise<void> {
    const batch = await this.pendingLog({ exact: true });
    if (!batch) return;
    await writeLog(this.env, [batch]);
    await this.logged(batch.seq);
  }

  /** Sets the alarm to the minimum of all that waits here; an earlier one stands and finds nothing to do. */
  private arm(packed: Packed, scene?: Scene): void {
    const realNow = Date.now();
    const times: number[] = [];
    const isLiveSchool = scene
      ? scene.school.mode === "live"
      : packed.state !== null && packed.state.clock <= realNow + DAY_MS;
    if (packed.state?.runs.some((run) => run.status === "queued")) times.push(realNow + RUN_LEASE_MS);
    else if (isLiveSchool && packed.nextWake !== null) times.push(packed.nextWake);
    for (const { dueAt } of Object.values(packed.outbox))
      if (dueAt !== null) times.push(Math.max(dueAt, realNow + 1_000));
    if (hasLog(packed) || this.untold) times.push(Math.max(this.logLeasedUntil, realNow + LOG_LAG_MS));
    if (this.alarmAt === null && packed.state) times.push(realNow + (MIN_KEEP_DAYS + 1) * DAY_MS);
    if (!times.length) return;
    const next = Math.max(Math.min(...times), realNow + 1);
    if (this.alarmAt !== null && this.alarmAt <= next && this.alarmAt > realNow - DEFER_MS) return;
    this.alarmAt = next;
    void this.ctx.storage.setAlarm(next);
  }

  /** Never throws: each task by itself, and in the end the alarm for whatever is left. */
  override async alarm(): Promise<void> {
    this.alarmAt = null;
    const reference: SchoolReference = { id: this.school, stamp: 0, now: null };
    let failed = false;
    for (const task of [() => this.wakeUp(reference), () => this.tellLater(), () => this.prune(reference)]) {
      try {
        await task();
      } catch (error) {
        failed = true;
        log("error", "alarm.task_failed", { school: this.school, error });
      }
    }
    const packed = this.store.load();
    if (failed) {
      this.alarmAt = Date.now() + DEFER_MS;
      await this.ctx.storage.setAlarm(this.alarmAt);
    } else if (packed) this.arm(packed);
  }

  private async wakeUp(reference: SchoolReference): Promise<void> {
    const packed = this.store.load();
    const isQueued = packed?.state?.runs.some((run) => run.status === "queued") ?? false;
    const due = packed?.nextWake ?? Number.POSITIVE_INFINITY;
    const school = await loadSchool(this.env, this.school);
    if (!packed || !school || school.suspended) return;
    if (isQueued || due <= Date.now()) await this.advance(reference, null, Number.POSITIVE_INFINITY);
    else this.offer(school);
  }

  private async tellLater(): Promise<void> {
    const packed = this.store.load();
    if (!packed || (!hasLog(packed) && !this.untold) || this.logLeasedUntil > Date.now()) return;
    const message: LogMessage = { school: this.school, user: this.user };
    await this.env.LOG.send(message);
    this.logLeasedUntil = Date.now() + LOG_LEASE_MS;
  }

  private async prune(reference: SchoolReference): Promise<void> {
    const packed = this.store.load();
    if (!packed || Date.now() - packed.prunedAt < DAY_MS) return;
    const { school, now } = await this.scene(reference);
    const days = Math.max(school.settings.log_retention_days, MIN_KEEP_DAYS);
    this.ctx.storage.transactionSync(() => {
      this.store.prune(now - days * DAY_MS);
      packed.prunedAt = Date.now();
      this.store.save(packed);
    });
  }
}

/** The answer to an event (contract §4). `duplicate` comes early: a copy's answer differs in it alone. */
function answerOf(id: string, effects: Effects, state: UserState, world: World): string {
  return JSON.stringify({
    id,
    duplicate: false,
    facts: effects.facts.flatMap(({ type, data, hidden }) => (hidden ? [] : [{ type, data }])),
    runs: effects.begun.flatMap((run) => {
      const now = effects.runs.get(run);
      return now
        ? [{ id: now.id, automation_id: now.automation, synchronous: now.synchronous, status: now.status }]
        : [];
    }),
    user: presentLearner(state.learner, world.school),
  });
}
