import type { z } from "zod";
import { once } from "../base/cache";
import { type Meaningful, meaningOf } from "./account/meant";
import { type Counted, checked, type Params, type Part, partOf, type Shape } from "./card";
import type { ChannelName } from "./channels";
import type { DateWatch } from "./dates/dates";
import type { Event } from "./define-event";
import { type ChangeType, changeTypes } from "./facts/changes";
import { type Effect, giving } from "./facts/effect";
import type { Fact, Judging, Learner, OrderedFact, SchoolView, Turn, View } from "./facts/facts";
import { type Gives, limitPassed } from "./facts/limits";
import { type Subject, subjectIn } from "./facts/subject";
import type { VisitScope } from "./inactivity/visits";
import { firstOfLists, resolver } from "./options/id-lists";
import type { Undo } from "./undo/things";

/*
 * A card says what an entry is; plain functions say what it does. `define…` closes over the type of the params, so that
 * all are of one type and the engine knows none of them. Schemas are made when they are first asked for: few soon are.
 */

// ---- Triggers ----

/** A fact on its turn, with what the state was when it was made. */
export interface TriggerFact extends OrderedFact {
  /** Keys of the tags held when the fact was made, and of those held once and no more by then; on facts about tags. */
  tagsThen?: readonly string[];
  pastTagsThen?: readonly string[];
}

/** A moment that comes by itself: so many days after the last visit in a scope, or before the end of a trial. */
export interface Watch {
  scope: VisitScope | "trial";
  days: number;
  direction: "after" | "before";
  /** The courses it is about; undefined: all. */
  courses?: readonly string[] | undefined;
  /** Those past it when the watching begins are meant too. */
  includeAlready: boolean;
}

export interface BoundTrigger {
  type: string;
  params: Record<string, unknown>;
  /** The moment at which its fact is made, where time alone brings it about. */
  watches: Watch | null;
  /** The dates of the user at which its fact is made. */
  reaches: DateWatch | null;
  /** Types of fact it listens to. */
  on: readonly string[];
  /** What a fact must be about to be meant; null: it may be about anything. */
  subject: Subject | null;
  /** Whether a fact with this data could be meant, whatever the user's state. `start` resolves `"$trigger"`. */
  accepts(data: Record<string, unknown>, start?: Fact): boolean;
  /** Whether this fact of this user is meant. */
  matches(fact: TriggerFact, learner: Learner, school: SchoolView, start?: Fact): boolean;
  /** Data of a fact that is meant, as far as the params tell. */
  example: Record<string, unknown>;
}

/** Facts of many types: each begins with `prefix`, and the rest is what this option says. */
interface Family {
  prefix: string;
  option: string;
}

export interface Trigger extends Part, Meaningful<Record<string, unknown>> {
  kind: "trigger";
  params: z.ZodObject<Shape, z.core.$strict>;
  /** Only `exit_when` and `wait_for` may name it. */
  listening: boolean;
  /** Only `when` may name it. */
  starting: boolean;
  /** What it listens to, where that is not its own type. */
  family?: Family;
  /** The option whose list narrows it, and the name of the data that must be one of it; whether users bear a mark of that from then on. */
  narrows?: { option: string; data: string; lasts?: true };
  /** Whether no fact is meant by both of two, whose params have passed. */
  neverBoth(one: Record<string, unknown>, other: Record<string, unknown>, school: Judging): boolean;
  bind(params: unknown): BoundTrigger;
}

export function defineTrigger<S extends Shape>(
  card: Part &
    Meaningful<Params<S>> & {
      /** Made when first asked for. */
      params(): S;
      listening?: true;
      starting?: true;
      check?(params: Params<S>): { message: string; path?: PropertyKey[] } | null;
      family?: Family & { option: keyof S };
      watches?(params: Params<S>): Watch;
      reaches?(params: Params<S>): DateWatch;
      /** A list of values of which a fact must name one, under `data`, where it names any. */
      subject?: { option: keyof S & string; data: string; lasts?: true; keyOf?(value: string): string };
      /** What the params ask of the data beyond one id or word of each list. */
      example?(params: Params<S>): Record<string, unknown>;
      neverBoth?(one: Params<S>, other: Params<S>, school: Judging): boolean;
      accepts?(params: Params<S>, data: Record<string, unknown>): boolean;
      holds?(params: Params<S>, fact: TriggerFact, learner: Learner, school: SchoolView): boolean;
    },
): Trigger {
  const shape = once(card.params);
  const schema = once(() => checked(shape(), card.check));
  return {
    ...partOf(card),
    kind: "trigger",
    get params() {
      return schema();
    },
    listening: card.listening ?? false,
    starting: card.starting ?? false,
    ...(card.family ? { family: card.family } : {}),
    ...(card.subject ? { narrows: card.subject } : {}),
    // The caller hands in what the schema has let through.
    neverBoth: (one, other, school) => card.neverBoth?.(one as Params<S>, other as Params<S>, school) ?? false,
    ...meaningOf(card, schema),
    bind(raw) {
      const params: Params<S> = schema().parse(raw);
      const resolve = resolver(shape(), params);
      const { family } = card;
      // An object's output is a record; zod cannot say so of a generic shape.
      const on = [family ? family.prefix + String((params as Record<string, unknown>)[family.option]) : card.type];
      const accepts = (data: Record<string, unknown>, start?: Fact) => {
        const resolved = start ? resolve(start) : params;
        return resolved !== null && (card.accepts?.(resolved, data) ?? true);
      };
      return {
        type: card.type,
        params,
        watches: card.watches?.(params) ?? null,
        reaches: card.reaches?.(params) ?? null,
        on,
        subject: subjectIn(params, card.subject),
        accepts,
        example: { ...firstOfLists(shape(), params), ...card.example?.(params) },
        matches: (fact, learner, school, start) => {
          if (!on.includes(fact.type) || !accepts(fact.data, start)) return false;
          const resolved = start ? resolve(start) : params;
          return resolved !== null && (card.holds?.(resolved, fact, learner, school) ?? true);
        },
      };
    },
  };
}

// ---- Conditions ----

export interface BoundCondition {
  type: string;
  params: Record<string, unknown>;
  test(view: View): boolean;
  /** The value that was looked at, for people who ask why. */
  seen(view: View): unknown;
}

type Said<P> = { params: P; holds: boolean };

export interface ConditionCard extends Part, Meaningful<Record<string, unknown>> {
  kind: "condition";
  params: z.ZodObject<Shape, z.core.$strict>;
  /** Types of condition that never hold together with this one when both have the same options. */
  denies: readonly string[];
  /** Whether two of it, each of which holds or does not, are never so together. */
  neverBoth(one: Said<unknown>, other: Said<unknown>, school: Judging): boolean;
  /** Types of trigger it makes sense with; every trigger of the automation must be one of them. */
  onlyWith?: readonly string[];
  bind(params: unknown): BoundCondition;
}

export function defineCondition<S extends Shape>(
  card: Part &
    Meaningful<Params<S>> & {
      /** Made when first asked for. */
      params(): S;
      denies?: readonly string[];
      neverBoth?(one: Said<Params<S>>, other: Said<Params<S>>, school: Judging): boolean;
      onlyWith?: readonly string[];
      check?(params: Params<S>): { message: string; path?: PropertyKey[] } | null;
      test(params: Params<S>, view: View): boolean;
      seen(view: View, params: Params<S>): unknown;
    },
): ConditionCard {
  const shape = once(card.params);
  const schema = once(() => checked(shape(), card.check));
  const parsed = ({ params, holds }: Said<unknown>): Said<Params<S>> => ({ params: schema().parse(params), holds });
  return {
    ...partOf(card),
    kind: "condition",
    denies: card.denies ?? [],
    neverBoth: (one, other, school) => card.neverBoth?.(parsed(one), parsed(other), school) ?? false,
    get params() {
      return schema();
    },
    ...(card.onlyWith ? { onlyWith: card.onlyWith } : {}),
    ...meaningOf(card, schema),
    bind(raw) {
      const params: Params<S> = schema().parse(raw);
      const resolve = resolver(shape(), params);
      return {
        type: card.type,
        params,
        test: (view) => {
          const resolved = resolve(view.fact);
          return resolved !== null && card.test(resolved, view);
        },
        seen: (view) => card.seen(view, params),
      };
    },
  };
}

// ---- Actions ----

/** A message, call or LMS change that is to leave. `content` is rendered. */
export interface Outgoing {
  channel: ChannelName;
  to: string[];
  content: Record<string, unknown>;
  /** Several of one step are numbered in their keys. */
  numbered?: true;
  /** Why it is not sent after all. */
  suppressed?: string;
}

/** What an action gets in hand: the learner to change, what started the run, and ways to make facts and send. */
export interface Doing extends Turn, View {
  /** `lineage`: the automations that brought the run about, through waits too, its own included. */
  run: { id: string; automation: string; lineage: readonly string[] };
  /** `key`: what tells it from others of its run, its round of a `repeat` included. */
  step: { id: string; key: string };
  send(sending: Outgoing): void;
}

export interface Outcome {
  status: "done" | "skipped";
  detail: Record<string, unknown>;
}

export const done = (detail: Record<string, unknown> = {}): Outcome => ({ status: "done", detail });
export const skipped = (reason: string, detail: Record<string, unknown> = {}): Outcome => ({
  status: "skipped",
  detail: { ...detail, reason },
});

/** An action that cannot be carried out: its step fails, with this said. */
export class StepError extends Error {
  override readonly name = "StepError";
}

/** Before an action gives anything: where it would pass a limit of the user's, its step fails and nothing is given. */
export function requireRoom({ learner }: Turn, gives: Gives): void {
  if (limitPassed(learner, gives)) throw new StepError("limit");
}

export interface BoundAction {
  type: string;
  params: Record<string, unknown>;
  perform(doing: Doing): Outcome;
  /** Facts it may make, as far as its params tell, and those that time makes of what it gives: for warnings of circles. */
  mayMake: readonly { type: string; data: Record<string, unknown> }[];
  endsLater: readonly { type: string; data: Record<string, unknown> }[];
}

export interface Action extends Part, Meaningful<Record<string, unknown>> {
  kind: "action";
  params: z.ZodObject<Shape, z.core.$strict>;
  makes: readonly string[];
  /** Changes for the LMS that it makes itself: without them it does nothing there. */
  tells: readonly ChangeType[];
  /** The channel that its messages leave by. */
  sends?: ChannelName;
  onlyWith?: readonly string[];
  /** What a list counts it as; without it, its label. */
  counted?: Counted;
  /** What it does with what its options name; of one whose options name nothing of a school's, left out. `params` have passed. */
  effect?(params: Record<string, unknown>): Effect;
  /** What of it an undo takes back; without it nothing. */
  undo?: Undo;
  /** Makes sense for someone of whom only an address is known. */
  forLeads: boolean;
  /** What the vendor that it sends to would drop without a word. The params have passed. */
  vendorFaults?(params: Record<string, unknown>): string[];
  /** Of a message, what of it is empty, as sentences: nobody would want it sent so. */
  saysNothing?(params: Record<string, unknown>): string[];
  bind(params: unknown): BoundAction;
}

export function defineAction<S extends Shape>(
  card: Part &
    Meaningful<Params<S>> & {
      counted?: Counted;
      undo?: Undo;
      /** Made when first asked for. */
      params(): S;
      makes: readonly string[];
      /** Left out: those by the names of the facts it makes. */
      tells?: readonly ChangeType[];
      sends?: ChannelName;
      effect?(params: Params<S>): Effect;
      onlyWith?: readonly string[];
      forLeads?: true;
      check?(params: Params<S>): { message: string; path?: PropertyKey[] } | null;
      mayMake?(params: Params<S>): { type: string; data: Record<string, unknown> }[];
      endsLater?(params: Params<S>): { type: string; data: Record<string, unknown> }[];
      vendorFaults?(params: Params<S>): string[];
      saysNothing?(params: Params<S>): string[];
      perform(doing: Doing, params: Params<S>): Outcome;
    },
): Action {
  const shape = once(card.params);
  const schema = once(() => checked(shape(), card.check));
  return {
    ...partOf(card),
    kind: "action",
    ...(card.counted && { counted: card.counted }),
    ...(card.undo && { undo: card.undo }),
    get params() {
      return schema();
    },
    ...meaningOf(card, schema),
    makes: card.makes,
    tells: card.tells ?? changeTypes.filter((type) => card.makes.includes(type)),
    ...(card.sends ? { sends: card.sends } : {}),
    // The caller hands in what the schema has let through.
    ...(card.effect ? { effect: (params) => card.effect?.(params as Params<S>) ?? giving() } : {}),
    forLeads: card.forLeads ?? false,
    ...(card.onlyWith ? { onlyWith: card.onlyWith } : {}),
    ...(card.saysNothing ? { saysNothing: (params) => card.saysNothing?.(params as Params<S>) ?? [] } : {}),
    ...(card.vendorFaults ? { vendorFaults: (params) => card.vendorFaults?.(params as Params<S>) ?? [] } : {}),
    bind(raw) {
      const params: Params<S> = schema().parse(raw);
      const resolve = resolver(shape(), params);
      return {
        type: card.type,
        params,
        mayMake: card.mayMake?.(params) ?? card.makes.map((type) => ({ type, data: {} })),
        endsLater: card.endsLater?.(params) ?? [],
        perform: (doing) => {
          const resolved = resolve(doing.fact);
          return resolved === null ? skipped("nothing_meant") : card.perform(doing, resolved);
        },
      };
    },
  };
}

export type AnyEntry = Event | Trigger | ConditionCard | Action;
