import type { EventRow, HistoryEntry, JournalEntry, Lead, Packed } from "../src/calls/shape";
import type {
  Advance,
  Claim,
  EventAnswer,
  EventCall,
  EventsAnswer,
  RemoteUser,
  SchoolReference,
  UserInput,
} from "../src/calls/user";
import { eventOf } from "../src/catalogue";
import { presentLearner } from "../src/catalogue/present";
import type { Sending } from "../src/connectors/ports";
import { hash53 } from "../src/engine/identity";
import { advance, control, newState, retry, step, wouldStart } from "../src/engine/step";
import type { Delivery, Effects, Run, UserState, World } from "../src/engine/types";
import { isKnownWord } from "../src/journal/words";
import { takeOver } from "./lead";
import { claim, resend, settle, takeDataLayer } from "./outbox";
import { emptyPacked, isFirst, isUntold, postingOf, take } from "./packed";
import type { TurnScene } from "./scene";
import { UserShell } from "./shell";

/** Everything of one user: what may be called on it. Each call is one turn of the shell around the pure engine. */
export class UserObject extends UserShell implements RemoteUser {
  // ---- What happens to the user ----

  /** Events in their order; each answered once, and the same again when it is sent again. */
  async events(reference: SchoolReference, calls: EventCall[]): Promise<EventsAnswer> {
    const turn = await this.play(reference, (scene) =>
      this.movedTo === undefined ? calls.map((call) => this.event(scene, call)) : [],
    );
    const { movedTo } = this;
    return { answers: turn.result, hasNews: turn.hasNews, ...(movedTo === undefined ? {} : { movedTo }) };
  }

  private event(scene: TurnScene, call: EventCall): EventAnswer {
    const before = call.hash === null ? null : this.eventBefore(call.id);
    if (before) {
      if (before.hash !== call.hash) return null;
      if (before.answer !== null) return before.answer.replace('"duplicate":false', '"duplicate":true');
      return JSON.stringify({ id: call.id, duplicate: true, facts: [], runs: [], user: null });
    }
    const event = eventOf(call.type);
    if (!event) throw new Error(`unknown event ${call.type}`);
    const packed = this.store.load() ?? emptyPacked(scene.school.mode, Date.now());
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
    take(packed, effects, postingOf(scene.school, isKnownWord));
    if (isNew || effects.facts.length) this.untold = isUntold(packed, false);
    const text = answerOf(call.id, effects, state, scene.world);
    const entry = { seq: packed.seq, at: scene.now, facts: effects.facts };
    if (call.hash === null) packed.entries.push({ ...entry, eventId: id });
    else this.store.addEvent(id, { ...entry, hash: call.hash, answer: text });
    this.store.save(packed);
    return text;
  }

  /** An event of that id, its user perhaps erased since. */
  private eventBefore(id: string): EventRow | null {
    return this.store.event(id) ?? (this.hasErased ? this.erasedEvent(id) : null);
  }

  /**
   * A change that is no event; answers with the user, or null where there is none to change.
   * `once` names a change that must not be made twice: what a job does again after a crash.
   */
  async change(
    reference: SchoolReference,
    input: UserInput,
    options: { creates: boolean; once?: string },
  ): Promise<{ user: unknown; created: boolean } | null> {
    return this.changing(reference, options.creates, (packed, scene) => {
      const isNew = !packed.state;
      if (isNew && !options.creates) return null;
      const state = packed.state ?? newState(this.user, scene.now);
      if (options.once !== undefined && !isFirst(packed, options.once)) {
        return { user: presentLearner(state.learner, scene.world.school), created: false };
      }
      const stepped = step(state, input, scene.world, scene.now, isNew);
      this.record(packed, scene, stepped.before);
      packed.state = state;
      packed.nextWake = stepped.nextWake;
      this.record(packed, scene, stepped.effects);
      this.untold = isUntold(packed, false);
      return { user: presentLearner(state.learner, scene.world.school), created: isNew };
    });
  }

  /** Lets time pass: to the school's present, or, for a test school, up to a moment, in steps. */
  async advance(reference: SchoolReference, until: number | null, maxSteps: number): Promise<Advance> {
    const result = await this.changing(reference, false, (packed, scene): Advance | null => {
      if (!packed.state || scene.school.suspended) return null;
      const target = until ?? scene.now;
      const jumps = scene.school.mode === "test";
      const { now, effects, nextWake, finished } = advance(packed.state, scene.world, target, {
        jumps,
        from: scene.now,
        maxSteps,
      });
      packed.nextWake = nextWake;
      this.record(packed, scene, effects);
      return { now, steps: effects.steps, finished, nextWake };
    });
    return result ?? { now: until ?? reference.now ?? Date.now(), steps: 0, finished: true, nextWake: null };
  }

  /** Cancels or skips a live run; false where it is not in a state for it. */
  async control(reference: SchoolReference, run: string, what: "cancel" | "skip"): Promise<boolean> {
    return this.controlled(reference, (state, { world, now }) => control(state, world, now, run, what));
  }

  /** Lets a failed run go on from its failed step. */
  async retryRun(reference: SchoolReference, run: Run): Promise<boolean> {
    return this.controlled(reference, (state, { world, now }) => retry(state, world, now, run), [run]);
  }

  private async controlled(
    reference: SchoolReference,
    act: (state: UserState, scene: TurnScene) => ReturnType<typeof control>,
    more: readonly Run[] = [],
  ): Promise<boolean> {
    const take = (packed: Packed, scene: TurnScene): boolean => {
      const result = packed.state ? act(packed.state, scene) : null;
      if (!result) return false;
      packed.nextWake = result.nextWake;
      this.record(packed, scene, result.effects);
      return result.done;
    };
    return (await this.changing(reference, false, take, more)) ?? false;
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
  async everything(): Promise<{ packed: Packed; journal: HistoryEntry[] } | null> {
    const packed = this.store.load();
    return packed ? { packed, journal: this.store.history() } : null;
  }

  // ---- Leads ----

  /**
   * Gives everything of a lead away, to the first user it was given to; from then on nothing happens here, so that
   * nothing comes between this and the erasure. Doing it twice is doing it once.
   */
  async handOver(user: string): Promise<{ lead: Lead; to: string } | null> {
    const packed = this.store.load();
    if (!packed) return null;
    packed.movedTo ??= user;
    this.store.save(packed);
    this.store.commit();
    return { lead: { packed, journal: this.store.history() }, to: packed.movedTo };
  }

  /** Takes a lead over: its state, log and journal become the user's. Doing it twice is doing it once. */
  async takeOver(reference: SchoolReference, lead: Lead, name: string): Promise<void> {
    await this.changing(reference, true, (packed, scene) => {
      const entries = takeOver(packed, this.user, scene.now, lead, name);
      for (const { seq, at, eventId, hash, answer, facts } of entries ?? []) {
        if (eventId === null || hash === null || this.store.event(eventId))
          packed.entries.push({ seq, at, eventId, facts });
        else this.store.addEvent(eventId, { hash, at, seq, answer, facts });
      }
      if (entries) this.untold = true;
    });
  }

  /** Erases everything but the hashes of event ids, so that a late copy brings nobody back. */
  async erase(): Promise<boolean> {
    const known = this.store.load() !== null;
    const at = Date.now();
    const keep = [
      ...this.store.allErased(),
      ...this.store.eventHashes().map(({ id, hash }) => ({ id: this.idHash(id), hash, at })),
    ];
    await this.clear();
    if (keep.length) this.keepErased(keep);
    return known;
  }

  private readonly idHash = (id: string): string => hash53(JSON.stringify([this.school, this.user, id])).toString(36);

  private erasedEvent(id: string): EventRow | null {
    const row = this.store.erased(this.idHash(id));
    return row ? { hash: row.hash, answer: null } : null;
  }

  // ---- Deliveries ----

  /** Gives a delivery to one consumer, after a last look; null: settled, recalled, held, or in another's hands. */
  async claim(reference: SchoolReference, id: string): Promise<Claim | null> {
    this.offered.delete(id);
    return (await this.changing(reference, false, (packed, scene) => claim(packed, scene, id, Date.now()))) ?? null;
  }

  /** Notes how an attempt went. */
  async settle(reference: SchoolReference, id: string, sending: Sending): Promise<void> {
    await this.changing(reference, false, (packed, scene) => settle(packed, scene, id, sending, Date.now()));
  }

  /** Sends a delivery that ended `failed` again, with its key; false where it is on its way. */
  async resend(reference: SchoolReference, delivery: Delivery): Promise<boolean> {
    return (await this.changing(reference, false, (packed) => resend(packed, delivery, Date.now()))) ?? false;
  }

  /** Hands the GTM events that wait for the page over to it. */
  async dataLayer(reference: SchoolReference): Promise<Record<string, unknown>[]> {
    return (await this.changing(reference, false, takeDataLayer)) ?? [];
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
