import { z } from "zod";
import type { ChannelName } from "./channels";
import type { Fact, Learner, OrderedFact, School, Turn, View } from "./facts";
import { triggerValue } from "./facts";
import { TRIGGER } from "./fields";
import { metaOf, pickerOf } from "./meta";

/*
 * A card says what an entry is; plain functions say what it does. `define…` closes over the type of the params, so
 * that what comes out is of one type for all entries and the engine needs no knowledge of any of them.
 */

type Shape = z.ZodRawShape;
type Params<S extends Shape> = z.output<z.ZodObject<S, z.core.$strict>>;

interface Card {
  type: string;
  label: string;
  description: string;
}

// ---- Events ----

export interface Event extends Card {
  kind: "event";
  /** A user token may send it. */
  browser: boolean;
  data: z.ZodType<Record<string, unknown>>;
  /** Folds the event into the learner and says what became true. `data` has passed the schema. */
  apply(turn: Turn, data: Record<string, unknown>): void;
}

export function defineEvent<S extends Shape>(
  card: Card & { browser?: true; data: S; apply(turn: Turn, data: Params<S>): void },
): Event {
  // Open: what an LMS tells besides is kept, for templates and conditions to name.
  const schema = z.looseObject(card.data);
  return {
    ...card,
    kind: "event",
    browser: card.browser ?? false,
    // An object's output is a record; zod cannot say so of a generic shape.
    data: schema as unknown as z.ZodType<Record<string, unknown>>,
    // The caller hands in what `data` has let through.
    apply: (turn, data) => card.apply(turn, data as Params<S>),
  };
}

// ---- $trigger ----

/** The names of the lists in `params` that hold `"$trigger"`, with the kind of id each wants. */
function triggerLists(shape: Shape, params: Record<string, unknown>): [name: string, kind: string][] {
  return Object.entries(shape).flatMap(([name, field]) => {
    const value = params[name];
    if (!Array.isArray(value) || !value.includes(TRIGGER)) return [];
    const picker = pickerOf(field);
    return picker ? [[name, picker] satisfies [string, string]] : [];
  });
}

/** Params with `"$trigger"` replaced; null where a list is left empty, so that nothing can be meant. */
function resolver<P extends Record<string, unknown>>(shape: Shape, params: P): (fact: Fact) => P | null {
  const lists = triggerLists(shape, params);
  if (!lists.length) return () => params;
  return (fact) => {
    const resolved: Record<string, unknown> = { ...params };
    for (const [name, kind] of lists) {
      const value = triggerValue(kind, fact.data);
      // triggerLists has found an array here.
      const list = (params[name] as unknown[]).flatMap((item) => (item === TRIGGER ? (value ?? []) : item));
      if (!list.length) return null;
      resolved[name] = list;
    }
    // The same keys, with lists of the same element type.
    return resolved as P;
  };
}

// ---- Triggers ----

/** A fact on its turn, with what the state was when it was made. */
export interface TriggerFact extends OrderedFact {
  /** Keys of the tags held when the fact was made; on facts about tags. */
  tagsThen?: readonly string[];
  /** Keys of the tags once held and held no more by then. */
  pastTagsThen?: readonly string[];
}

export interface BoundTrigger {
  type: string;
  params: Record<string, unknown>;
  /** Types of fact it listens to. */
  on: readonly string[];
  /** Whether a fact with this data could be meant, whatever the user's state. `start` resolves `"$trigger"`. */
  accepts(data: Record<string, unknown>, start?: Fact): boolean;
  /** Whether this fact of this user is meant. */
  matches(fact: TriggerFact, learner: Learner, school: School, start?: Fact): boolean;
  /** Data of a fact that is meant, as far as the params tell. */
  example: Record<string, unknown>;
}

export interface Trigger extends Card {
  kind: "trigger";
  category: string;
  params: z.ZodObject<Shape, z.core.$strict>;
  /** Only `exit_when` and `wait_for` may name it. */
  listening: boolean;
  bind(params: unknown): BoundTrigger;
}

export function defineTrigger<S extends Shape>(
  card: Card & {
    category: string;
    params: S;
    listening?: true;
    on?: (params: Params<S>) => readonly string[];
    /** What the params ask of the data beyond one id or word of each list. */
    example?(params: Params<S>): Record<string, unknown>;
    accepts?(params: Params<S>, data: Record<string, unknown>): boolean;
    holds?(params: Params<S>, fact: TriggerFact, learner: Learner, school: School): boolean;
  },
): Trigger {
  const schema = z.strictObject(card.params);
  return {
    type: card.type,
    label: card.label,
    description: card.description,
    kind: "trigger",
    category: card.category,
    params: schema,
    listening: card.listening ?? false,
    bind(raw) {
      const params: Params<S> = schema.parse(raw);
      const resolve = resolver(card.params, params);
      const on = card.on?.(params) ?? [card.type];
      const accepts = (data: Record<string, unknown>, start?: Fact) => {
        const resolved = start ? resolve(start) : params;
        return resolved !== null && (card.accepts?.(resolved, data) ?? true);
      };
      return {
        type: card.type,
        params,
        on,
        accepts,
        example: { ...firstOfLists(card.params, params), ...card.example?.(params) },
        matches: (fact, learner, school, start) => {
          if (!on.includes(fact.type) || !accepts(fact.data, start)) return false;
          const resolved = start ? resolve(start) : params;
          return resolved !== null && (card.holds?.(resolved, fact, learner, school) ?? true);
        },
      };
    },
  };
}

/** The first of each list of ids or words in the params, by the name that a fact has for one: `courses` → `course`. */
function firstOfLists(shape: Shape, params: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(shape).flatMap(([name, field]) => {
      const list = params[name];
      const picker = pickerOf(field);
      if (!Array.isArray(list) || typeof list[0] !== "string") return [];
      return picker && !metaOf(field, "trigger") ? [] : [[picker ?? name.replace(/s$/, ""), list[0]]];
    }),
  );
}

// ---- Conditions ----

export interface BoundCondition {
  type: string;
  params: Record<string, unknown>;
  test(view: View): boolean;
  /** The value that was looked at, for people who ask why. */
  seen(view: View): unknown;
}

export interface Condition extends Card {
  kind: "condition";
  category: string;
  params: z.ZodObject<Shape, z.core.$strict>;
  /** Types of trigger it makes sense with; every trigger of the automation must be one of them. */
  onlyWith?: readonly string[];
  bind(params: unknown): BoundCondition;
}

export function defineCondition<S extends Shape>(
  card: Card & {
    category: string;
    params: S;
    onlyWith?: readonly string[];
    check?(params: Params<S>): { message: string; path?: PropertyKey[] } | null;
    test(params: Params<S>, view: View): boolean;
    seen(view: View, params: Params<S>): unknown;
  },
): Condition {
  const schema = checked(card.params, card.check);
  return {
    type: card.type,
    label: card.label,
    description: card.description,
    kind: "condition",
    category: card.category,
    params: schema,
    ...(card.onlyWith ? { onlyWith: card.onlyWith } : {}),
    bind(raw) {
      const params: Params<S> = schema.parse(raw);
      const resolve = resolver(card.params, params);
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
export interface Sending {
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
  step: { id: string };
  send(sending: Sending): void;
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

/** An outcome, with what was asked for: params whose `"$trigger"` is replaced. */
export interface Performed extends Outcome {
  params: Record<string, unknown>;
}

export interface BoundAction {
  type: string;
  params: Record<string, unknown>;
  perform(doing: Doing): Performed;
  /** Facts it may make, as far as its params tell: what warns of automations that start each other. */
  mayMake: readonly { type: string; data: Record<string, unknown> }[];
}

export interface Action extends Card {
  kind: "action";
  category: string;
  params: z.ZodObject<Shape, z.core.$strict>;
  makes: readonly string[];
  onlyWith?: readonly string[];
  /** Makes sense for someone of whom only an address is known. */
  forLeads: boolean;
  /** Changes the learner: an LMS that is connected hears of it. */
  changes: boolean;
  bind(params: unknown): BoundAction;
}

export function defineAction<S extends Shape>(
  card: Card & {
    category: string;
    params: S;
    makes: readonly string[];
    onlyWith?: readonly string[];
    forLeads?: true;
    check?(params: Params<S>): { message: string; path?: PropertyKey[] } | null;
    mayMake?(params: Params<S>): { type: string; data: Record<string, unknown> }[];
    perform(doing: Doing, params: Params<S>): Outcome;
  },
): Action {
  const schema = checked(card.params, card.check);
  return {
    type: card.type,
    label: card.label,
    description: card.description,
    kind: "action",
    category: card.category,
    params: schema,
    makes: card.makes,
    forLeads: card.forLeads ?? false,
    changes: !card.forLeads,
    ...(card.onlyWith ? { onlyWith: card.onlyWith } : {}),
    bind(raw) {
      const params: Params<S> = schema.parse(raw);
      const resolve = resolver(card.params, params);
      return {
        type: card.type,
        params,
        mayMake: card.mayMake?.(params) ?? card.makes.map((type) => ({ type, data: {} })),
        perform: (doing) => {
          const resolved = resolve(doing.fact);
          return resolved === null
            ? { ...skipped("nothing_meant"), params }
            : { ...card.perform(doing, resolved), params: resolved };
        },
      };
    },
  };
}

/** A strict object of a shape, with a rule over several of its options. */
function checked<S extends Shape>(
  shape: S,
  check?: (params: Params<S>) => { message: string; path?: PropertyKey[] } | null,
): z.ZodObject<S, z.core.$strict> {
  const schema = z.strictObject(shape);
  if (!check) return schema;
  return schema.superRefine((params, context) => {
    const fault = check(params);
    if (fault) context.addIssue({ code: "custom", message: fault.message, path: fault.path ?? [] });
  });
}

export type AnyEntry = Event | Trigger | Condition | Action;
