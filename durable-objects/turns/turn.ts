import { generationOf, WENT_BACK_MS } from "../../src/calls/reaching/generation";
import type { BegunRun, JournalEntry, Packed, Receipt } from "../../src/calls/shape";
import type { SchoolReference, UserPlace } from "../../src/calls/user";
import type { ToldName } from "../../src/catalogue/facts/told-names";
import { type Outcome, type Played, play } from "../../src/engine/play";
import type { InPlace } from "../../src/engine/step";
import { watchedScopes } from "../../src/engine/time/watchers";
import type { Effects, Run } from "../../src/engine/types";
import type { AskedNames } from "../../src/world/naming/names";
import type { Addresses } from "../address/addresses";
import type { Holders } from "../address/holders";
import { firstHeld, type HeldItem } from "../mail/held";
import { emptyPacked, noteNames, take } from "../packed/packed";
import { type Clock, type SchoolSource, setScene, type TurnScene } from "../scene";
import type { Caller, Offered, Offers } from "../sending/offers";
import { releaseHeld } from "../sending/outbox";
import type { Posting } from "../sending/posting";
import type { Store } from "../store/store";
import type { Telling } from "../telling/telling";
import type { Waking } from "../waking";
import { followGoals, noteReached, type Reached } from "./goals";

/** What came of a turn. `receipts`: of the changes of synchronous runs that it began. */
export interface Happened extends Outcome {
  receipts: Receipt[];
  /** The user is as before, and nothing is written down of it. */
  isIdle?: true;
}

/** An event that may be sent again has a digest of its body. */
export interface EventId {
  id: string;
  hash: string | null;
}

export interface TurnParts {
  place: UserPlace;
  store: Pick<Store, "open" | "load" | "save" | "noteChanged" | "textOfUser" | "commit" | "ended">;
  clock: Clock;
  source: SchoolSource;
  telling: Pick<Telling, "note" | "lease" | "announce" | "tellNow" | "anew">;
  addresses: Pick<Addresses, "tell">;
  holders: Pick<Holders, "first">;
  waking: Pick<Waking, "arm" | "resume" | "pause" | "mayForget" | "forgetOld">;
  offers: Pick<Offers, "offer">;
  /** How what a turn brings about leaves the school. */
  posting(scene: TurnScene): Posting;
  /** Lets something go on behind the answer. */
  background(work: Promise<unknown>): void;
}

/** What a turn is about besides the live runs, and what its caller sees to. */
interface TurnOptions {
  /** Ended runs. */
  more?: readonly Run[];
  /** What of what the turn offers the caller takes care of. */
  by?: Caller;
  /** Given the deliveries that the caller is to take up. */
  onDeliveries?: (deliveries: Offered["deliveries"]) => void;
  /** The turn found that there is nothing to keep. */
  isIdle?: () => boolean;
  /** Done where D1 is to hear of the user, instead of announcing it: the caller sees to it. */
  onNews?: () => void;
}

/**
 * The shell around the pure engine: reads what is slow first, then does one turn in one transaction, and lets the
 * effects leave. What lies in the store is changed in place, by the engine too, and read anew where the turn throws.
 */
export class Turns {
  /** The generation of stamps in which D1 was last told anew. */
  private seen = 0;

  constructor(private readonly parts: TurnParts) {}

  /** @param more runs that the turn is about besides the live ones */
  scene(reference: SchoolReference, more: readonly Run[] = [], before?: AskedNames): Promise<TurnScene> {
    const { source, store, clock } = this.parts;
    let begins: number | undefined;
    // Asked within the turn: whoever comes after an erasure begins after it.
    const born = (): number => {
      begins ??= clock();
      return store.load()?.born ?? begins;
    };
    return setScene(source, reference, { state: store.load()?.state ?? undefined, born }, more, before);
  }

  /**
   * One turn: what is slow first, then all of it at once, kept whole or not at all, then what leaves.
   * `hasNews`: the caller is to announce the user; `wakes`: and to have the user woken; `lead`: and to move the lead of an address that is the user's now.
   * @param act nothing in it waits, so that no other turn comes between; done again where names were not at hand
   */
  async play<T>(
    reference: SchoolReference,
    act: (scene: TurnScene) => T,
    { more = [], by = {}, onDeliveries }: TurnOptions = {},
  ): Promise<{ result: T; hasNews: boolean; wakes: boolean; lead?: string | undefined }> {
    const { store, telling, addresses, waking, offers } = this.parts;
    const { scene, result } = await this.act(reference, act, more);
    if (!scene.school.suspended) waking.resume();
    waking.pause(scene.school.paused);
    const packed = store.load();
    const hasNews = packed !== null && telling.lease(packed);
    waking.arm();
    if (scene.school.mode === "test") await telling.tellNow();
    const { wakes, deliveries } = offers.offer(scene.school, by);
    onDeliveries?.(deliveries);
    if (waking.mayForget) this.parts.background(waking.forgetOld());
    const told = addresses.tell();
    if (!told) return { result, hasNews, wakes };
    const lead = await told;
    // For what could not be told.
    waking.arm();
    return { result, hasNews, wakes, lead };
  }

  /**
   * Does what the turn is about and keeps it. Where it asked for names of products that are not at hand, none of it is
   * kept: they are read, and it is done again in the scene as it is then.
   */
  private async act<T>(reference: SchoolReference, act: (scene: TurnScene) => T, more: readonly Run[]) {
    const { source, store } = this.parts;
    for (let names: AskedNames | undefined; ; ) {
      const scene = await this.scene(reference, more, names);
      const { stamp } = scene.school;
      const wentBack = this.wentBack(stamp);
      try {
        if (wentBack) this.tellAnew(wentBack);
        const result = act(scene);
        if (scene.names.isWhole) {
          store.commit();
          this.seen = generationOf(stamp);
          return { scene, result };
        }
      } catch (error) {
        store.open();
        throw error;
      }
      store.open();
      names = scene.names;
      await source.readNames(names);
    }
  }

  /** What lies packed, where D1 has gone back since the user was last here; null: it has not. */
  private wentBack(stamp: number): Packed | null {
    const packed = this.parts.store.load();
    const seen = Math.max(this.seen, generationOf(packed?.state?.stamp ?? stamp));
    return packed?.movedTo === undefined && seen < generationOf(stamp) ? packed : null;
  }

  private tellAnew(packed: Packed): void {
    const { store, telling, clock } = this.parts;
    telling.anew(packed, packed.isLive ? clock() - WENT_BACK_MS : null);
    store.save(packed);
  }

  /**
   * A turn that changes what lies packed, saves it and announces its user itself; null where the user is not known and
   * none is to be made, and where all is another's, or is being handed over.
   */
  async change<T>(
    reference: SchoolReference,
    creates: boolean,
    act: (packed: InPlace<Packed>, scene: TurnScene) => T,
    options: TurnOptions = {},
  ): Promise<T | null> {
    const { store, telling, holders, background } = this.parts;
    const { result, hasNews } = await this.play(
      reference,
      (scene) => {
        const mayCreate = creates && holders.first === undefined;
        const packed = store.load() ?? (mayCreate ? emptyPacked(scene.school.mode, scene.born()) : null);
        if (!packed || packed.movedTo !== undefined) return null;
        const done = act(packed, scene);
        if (packed.state && !options.isIdle?.()) store.save(packed);
        return done;
      },
      options,
    );
    if (hasNews && options.onNews) options.onNews();
    else if (hasNews) background(telling.announce());
    return result;
  }

  /**
   * Lets something happen to the user. In a test school held mails come first whose time comes before it: as in a live
   * one, where the alarm sees to them, they meet the user as at that time.
   */
  happen(packed: InPlace<Packed>, scene: TurnScene, input: Played, event: EventId | null = null): Happened {
    const until = input.kind === "time" ? input.until : Math.max(scene.now, packed.state?.clock ?? 0);
    let steps = 0;
    for (let first = this.nextHeld(packed, scene, until); first; first = this.nextHeld(packed, scene, until)) {
      const { until: at } = first.held;
      const passed = this.happenNow(packed, scene, timeUpTo(at, input, steps), null);
      steps += passed.effects.steps;
      if (!passed.finished) return passed;
      // What happened on the way may have ended it.
      if (packed.outbox[first.delivery.id] === first) releaseHeld(packed, scene, first, passed.now);
    }
    const happened = this.happenNow(packed, scene, withSteps(input, steps), event);
    const held = scene.school.paused ? undefined : firstHeld(packed)?.held.until;
    if (held !== undefined) packed.nextWake = Math.min(packed.nextWake ?? held, held);
    return happened;
  }

  private nextHeld(packed: Packed, { school }: TurnScene, until: number): HeldItem | null {
    const first = school.paused ? null : firstHeld(packed);
    return first && first.held.until <= until ? first : null;
  }

  /** Takes up what comes of it, and writes both down in the journal. */
  private happenNow(packed: InPlace<Packed>, scene: TurnScene, input: Played, event: EventId | null): Happened {
    const { place, store, telling } = this.parts;
    // A user may be ahead of the school, by time that brought nothing about and so is not told of.
    const at = Math.max(scene.now, packed.state?.clock ?? 0);
    const moment = { input, eventId: event?.id ?? null, at };
    const { clock = 0, order = 0, stamp = 0 } = packed.state ?? {};
    const was = MAY_BE_IDLE.has(input.kind) ? store.textOfUser(packed) : null;
    const goals = followGoals(packed, scene.world);
    const outcome = play(packed.state, place.user, moment, goals?.world ?? scene.world);
    const { before, effects, refused } = outcome;
    store.noteChanged(before.changed);
    store.noteChanged(effects.changed);
    if (refused && !packed.state) return { ...outcome, receipts: [] };
    packed.state = outcome.state;
    if (before.renamed || effects.renamed) telling.note(packed);
    if (outcome.nextWake !== undefined) packed.nextWake = outcome.nextWake;
    if (was !== null && isNothing(before) && isNothing(effects) && store.textOfUser(packed) === was) {
      // As if it had not been: whoever folds the journal does not meet it.
      Object.assign(outcome.state, { clock, order, stamp });
      return { ...outcome, receipts: [], isIdle: true };
    }
    this.noteWatched(packed, scene);
    // Of what is refused nothing stays, but time was let pass.
    this.record(packed, scene, at, before, refused ? { kind: "time", until: at } : null);
    if (refused) {
      this.noteGoals(packed, scene, goals?.settle([before]), at);
      return { ...outcome, receipts: [] };
    }
    // Time that brings nothing about is passed over again with whatever comes next.
    if (input.kind === "time" && isNothing(effects)) return { ...outcome, receipts: [] };
    const receipts = this.take(packed, scene, effects).filter(({ run }) => effects.begun.includes(run));
    const begun = effects.begun.flatMap((id): BegunRun[] => {
      const run = effects.runs.get(id);
      return run ? [[run.id, run.automation, run.synchronous, run.status]] : [];
    });
    packed.entries.push({
      seq: packed.seq,
      ...moment,
      facts: effects.facts,
      stamp: scene.world.stamp,
      ...usedIn(scene),
      ...(event?.hash ? { hash: event.hash } : {}),
      ...(event?.hash && begun.length ? { runs: begun } : {}),
      ...(event?.hash && receipts.length ? { receipts } : {}),
    });
    if (input.kind !== "event" || input.isNew || effects.facts.length || effects.changes.length) telling.note(packed);
    this.noteGoals(packed, scene, goals?.settle([before, effects]), at);
    return { ...outcome, receipts };
  }

  /** The directory hears of what an automation has begun to watch. A test school's hears of all there is. */
  private noteWatched(packed: InPlace<Packed>, { school, world }: TurnScene): void {
    if (school.mode === "test") return;
    const before = packed.watched;
    packed.watched = watchedScopes(world.automations);
    if (!before || packed.watched.every((scope) => before.includes(scope))) return;
    // What is on its way tells of none of it: that is a change behind.
    packed.seq++;
    this.parts.telling.note(packed);
  }

  private noteGoals(packed: InPlace<Packed>, scene: TurnScene, reached: readonly Reached[] = [], at: number): void {
    for (const one of reached) {
      const noted = noteReached(this.parts.store, packed, one, at);
      if (noted) this.happen(packed, scene, noted);
    }
  }

  /** Notes what products were called, for D1 to hear where it is new. */
  noteNames(packed: Packed, scene: TurnScene, names: readonly ToldName[]): void {
    noteNames(packed, names, this.parts.posting(scene));
  }

  private take(packed: Packed, scene: TurnScene, effects: Effects): Receipt[] {
    return take(packed, effects, this.parts.posting(scene));
  }

  /** Takes up what time brought about on the way, with a journal entry of its own. */
  private record(packed: Packed, scene: TurnScene, at: number, effects: Effects, input: Played | null): void {
    if (isNothing(effects)) return;
    this.take(packed, scene, effects);
    if (!effects.facts.length && !effects.changes.length && !input) return;
    this.parts.telling.note(packed);
    const played = input ? { input, stamp: scene.world.stamp, ...usedIn(scene) } : {};
    packed.entries.push({ seq: packed.seq, at, eventId: null, facts: effects.facts, ...played });
  }
}

type TimeInput = Extract<Played, { kind: "time" }>;

/** Time on the way to an input, `steps` of which have been made. */
const timeUpTo = (until: number, input: Played, steps: number): TimeInput =>
  input.kind === "time" ? { ...withSteps(input, steps), until } : { kind: "time", until, jumps: true };

/** An input of which so many steps have been made. */
const withSteps = <T extends Played>(input: T, steps: number): T =>
  input.kind === "time" && input.maxSteps !== undefined
    ? { ...input, maxSteps: Math.max(0, input.maxSteps - steps) }
    : input;

/** A job brings in line all users there are, of whom most are; what is undone may be undone again. */
const MAY_BE_IDLE: ReadonlySet<Played["kind"]> = new Set(["align", "undo"]);

/** The names that were used since the entry before. */
function usedIn({ names }: TurnScene): Pick<JournalEntry, "names"> {
  const used = names.takeUsed();
  return used.length ? { names: used } : {};
}

const isNothing = ({ facts, changes, runs, deliveries }: Effects): boolean =>
  !facts.length && !changes.length && !runs.size && !deliveries.length;
