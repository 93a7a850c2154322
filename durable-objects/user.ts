import type { Env } from "../src/base/env";
import { measure } from "../src/base/reports/metrics";
import type { AddressHolder, UserAddresses } from "../src/calls/addresses";
import type { LmsAnswer, LmsAsked } from "../src/calls/lms";
import type { MailLook, MailReport, WriteCall, WrittenTo } from "../src/calls/mail";
import type { OwnDeliveries, OwnRuns } from "../src/calls/own";
import { placeOf } from "../src/calls/reaching/stub";
import type { Retelling } from "../src/calls/retelling";
import type { Beginning, Ended, Handed, JournalEntry, Page } from "../src/calls/shape";
import type { UndoAsked, Undone } from "../src/calls/undo";
import type {
  Advance,
  AdvanceOptions,
  CarriedOut,
  Changed,
  Claim,
  EventCall,
  EventOptions,
  EventsAnswer,
  LoggedIds,
  NotTaken,
  Range,
  RemoteUser,
  Resent,
  SchoolReference,
  Settled,
  SettledOne,
  SettleOptions,
  TimelineRange,
  Untold,
} from "../src/calls/user";
import type { Backtested, Missed, TriedCall } from "../src/calls/what-if";
import { asTexts, wholeAnswer, wholeCallIn } from "../src/calls/whole";
import type { Proof } from "../src/catalogue/facts/proven";
import { type Marked, presentGiven } from "../src/catalogue/shown/present-givers";
import type { SendResult } from "../src/connectors/ports";
import type { Change } from "../src/engine/play";
import { wouldStart } from "../src/engine/step";
import type { Delivery, LoggedRun, Run, UserState } from "../src/engine/types";
import { addressesOf } from "./address/addresses";
import { everythingIn } from "./everything";
import { erase, handOver, holderOf, takeBack, takeMore, takeOver } from "./handing/handing";
import { takeEntries } from "./handing/journal";
import { hearOfMail } from "./mail/reports";
import { writeTo } from "./mail/write-to";
import { loggedIds, mayRetry, ownDeliveries, ownRuns } from "./own";
import { type UserParts, userParts } from "./parts";
import { claim, postpone, takeDataLayer } from "./sending/outbox";
import { resend, settleCarried, settleSent } from "./sending/settling";
import { goBack, learnFromLog, tellAnew } from "./telling/retelling";
import { advance } from "./turns/advance";
import { type ChangeOptions, change, control } from "./turns/changing";
import { compareWithLms } from "./turns/drift";
import { takeEvents } from "./turns/events";
import { undo } from "./turns/undo";
import { backtest, missed } from "./turns/what-if";

/** How often an object that a later release has stored looks whether that is there again. */
const LATER_MS = 10 * 60_000;

/** Everything of one user, behind what may be called on it: each call is one turn around the pure engine. */
export class User implements RemoteUser {
  private readonly parts: UserParts;

  constructor(
    private readonly ctx: DurableObjectState,
    private readonly env: Env,
  ) {
    this.parts = userParts(ctx, env, placeOf(ctx.id.name), (reference) =>
      this.advance(reference, null, Number.POSITIVE_INFINITY),
    );
  }

  async open(): Promise<this> {
    const { store, telling, waking, holders } = this.parts;
    store.open();
    holders.open();
    // Nothing waits where nothing is: whatever alarm may stand there finds nothing to do.
    if (store.isOfLater || store.tables.isEmpty) return this;
    const alarmAt = await this.ctx.storage.getAlarm();
    telling.wake(alarmAt);
    waking.wake(alarmAt);
    return this;
  }

  async alarm(called?: AlarmInvocationInfo): Promise<void> {
    const { school } = this.parts.place;
    if (called) measure(this.env, "alarm", { ms: Date.now() - called.scheduledTime, school });
    // Its time comes when the release that stored it is there again.
    if (this.parts.store.isOfLater) return this.ctx.storage.setAlarm(Date.now() + LATER_MS);
    return this.parts.waking.ring();
  }

  // ---- What happens to the user ----

  async events(reference: SchoolReference, calls: EventCall[], options?: EventOptions): Promise<EventsAnswer> {
    return asTexts(await takeEvents(this.parts, reference, calls, options));
  }

  async fetch(asked: Request): Promise<Response> {
    const { reference, call, budgetMs } = await wholeCallIn(asked);
    return wholeAnswer(await takeEvents(this.parts, reference, [call], { budgetMs }));
  }

  carriedOut(reference: SchoolReference, carried: CarriedOut): Promise<Settled> {
    return settleCarried(this.parts, reference, carried);
  }

  change(reference: SchoolReference, input: Change, options: ChangeOptions): Promise<Changed | null> {
    return change(this.parts, reference, input, options);
  }

  compareWithLms(reference: SchoolReference, asked: LmsAsked): Promise<LmsAnswer> {
    return compareWithLms(this.parts, reference, asked);
  }

  async advance(
    reference: SchoolReference,
    until: number | null,
    maxSteps: number,
    options: AdvanceOptions = {},
  ): Promise<Advance> {
    return advance(this.parts, reference, until, maxSteps, options);
  }

  async control(reference: SchoolReference, run: string, what: "cancel" | "skip"): Promise<boolean> {
    return control(this.parts.turns, reference, { kind: "control", run, what });
  }

  async retryRun(reference: SchoolReference, run: Run): Promise<boolean> {
    const { turns, store } = this.parts;
    return control(turns, reference, { kind: "retry", run }, { more: [run], may: () => mayRetry(store, run) });
  }

  undo(reference: SchoolReference, asked: UndoAsked): Promise<Undone> {
    return undo(this.parts, reference, asked);
  }

  // ---- What is known of the user ----

  async read(reference: SchoolReference, { givers }: { givers: boolean | Marked }): Promise<unknown> {
    const { world } = await this.parts.turns.scene(reference);
    const packed = this.parts.store.load();
    const learner = packed?.movedTo === undefined ? packed?.state?.learner : undefined;
    if (!learner) return null;
    return presentGiven(learner, world.school, givers);
  }

  async state(): Promise<UserState | null> {
    return this.parts.store.load()?.state ?? null;
  }

  async journal(range: Range): Promise<Page<JournalEntry>> {
    return this.parts.store.entries(range);
  }

  async timeline(range: TimelineRange): Promise<JournalEntry[]> {
    return this.parts.store.timeline(range);
  }

  async ended(range: Range): Promise<Page<Ended>> {
    return this.parts.store.ended(range);
  }

  async ownRuns(query: OwnRuns): Promise<LoggedRun[]> {
    return ownRuns(this.parts.store, query);
  }

  async ownDeliveries(query: OwnDeliveries): Promise<Delivery[]> {
    return ownDeliveries(this.parts.store, query);
  }

  async proofs(): Promise<Proof[]> {
    return this.parts.store.proofs.all();
  }

  async loggedIds(): Promise<LoggedIds> {
    return loggedIds(this.parts.store);
  }

  async beginning(): Promise<Beginning | null> {
    return this.parts.store.beginning();
  }

  async inbox(): Promise<Delivery[] | null> {
    const packed = this.parts.store.load();
    return packed?.movedTo === undefined ? (packed?.inbox ?? null) : null;
  }

  async wouldStart(reference: SchoolReference, automation: string, once?: string): Promise<boolean> {
    const { world, now } = await this.parts.turns.scene(reference);
    const packed = this.parts.store.load();
    if (once !== undefined && packed?.once?.includes(once)) return true;
    const state = packed?.state;
    return state ? wouldStart(state, world, now, automation) : false;
  }

  backtest(reference: SchoolReference, tried: TriedCall): Promise<Backtested | null> {
    return backtest(this.parts, reference, tried);
  }

  missed(reference: SchoolReference, tried: TriedCall): Promise<Missed | null> {
    return missed(this.parts, reference, tried);
  }

  async addresses(askedBy?: string): Promise<UserAddresses | null> {
    const packed = this.parts.store.load();
    if (packed && askedBy !== undefined) this.parts.addresses.isKnownTo(askedBy);
    return packed && addressesOf(packed);
  }

  async areNew(events: readonly Pick<EventCall, "id" | "hash">[]): Promise<boolean> {
    return events.every(({ id, hash }) => hash === null || this.parts.store.eventBefore(id) === null);
  }

  async everything(): Promise<ReadableStream<Uint8Array> | null> {
    return this.parts.store.load() ? everythingIn(this.parts.store) : null;
  }

  // ---- Whose it is, and erasure ----

  async holder(): Promise<AddressHolder> {
    const { holders, store } = this.parts;
    await holders.ask(store.load() !== null);
    return holderOf(this.parts);
  }

  async hold(user: string, registeredAt: number): Promise<boolean> {
    const { holders, store } = this.parts;
    holders.add({ user, registeredAt });
    return store.load() !== null;
  }

  async release(user: string): Promise<AddressHolder> {
    const { holders, store } = this.parts;
    holders.remove(user);
    const left = holderOf(this.parts);
    if (left.user === null && !left.holdsLead && !store.hasErased) await this.parts.clear();
    return left;
  }

  handOver(user: string): Promise<{ lead: Handed; to: string } | null> {
    return handOver(this.parts, user);
  }

  async takeBack(from: string): Promise<void> {
    takeBack(this.parts, from);
  }

  takeOver(reference: SchoolReference, handed: Handed, id: string): Promise<NotTaken | null> {
    return takeOver(this.parts, reference, handed, id);
  }

  async takeEntries(name: string, entries: readonly JournalEntry[], from = 0): Promise<void> {
    takeEntries(this.parts.store, name, entries, from);
  }

  takeEnded(reference: SchoolReference, name: string, ended: readonly Ended[]): Promise<void> {
    return takeMore(this.parts, reference, name, ended);
  }

  erase(to?: string): Promise<LoggedIds | null> {
    return erase(this.parts, to);
  }

  async forgetOld(): Promise<void> {
    await this.parts.waking.forgetOld();
    this.parts.waking.arm();
  }

  async leaveSchool(): Promise<void> {
    await this.parts.leave();
  }

  // ---- Deliveries ----

  async claim(reference: SchoolReference, id: string): Promise<Claim | null> {
    this.parts.offers.taken(id);
    return this.parts.turns.change(reference, false, (packed, scene) => claim(packed, scene, id, this.parts.clock()));
  }

  async postpone(reference: SchoolReference, id: string, until: number): Promise<void> {
    await this.parts.turns.change(reference, false, (packed) => postpone(packed, id, until, this.parts.clock()));
  }

  settle(reference: SchoolReference, id: string, sending: SendResult, options?: SettleOptions): Promise<SettledOne> {
    return settleSent(this.parts, reference, id, sending, options);
  }

  resend(reference: SchoolReference, delivery: Delivery): Promise<Resent> {
    return resend(this.parts, reference, delivery);
  }

  writeTo(reference: SchoolReference, call: WriteCall): Promise<WrittenTo | null> {
    return writeTo(this.parts, reference, call);
  }

  async hearOfMail(reference: SchoolReference, report: MailReport | MailLook): Promise<void> {
    await this.parts.turns.change(reference, false, (packed) => hearOfMail(packed, this.parts.store, report));
  }

  dataLayer(reference: SchoolReference): Promise<Record<string, unknown>[] | null> {
    return this.parts.turns.change(reference, false, takeDataLayer);
  }

  // ---- What went back ----

  async tellAnew(since: number | null): Promise<Retelling | null> {
    return tellAnew(this.parts, since);
  }

  async learnFromLog(known: readonly Delivery[]): Promise<void> {
    learnFromLog(this.parts, known);
  }

  goBack(to: number): Promise<string> {
    return goBack(this.ctx, to);
  }

  // ---- The log ----

  async untold(options: { heard: number | null; exact: boolean }): Promise<Untold> {
    const untold = this.parts.telling.untold(options);
    if (options.heard !== null) this.parts.waking.arm();
    return untold;
  }
}
