import type { LaneSpec } from "./lanes";

/*
 * The catalogue as it travels (`GET /v1/catalogue`): what cards say of themselves, for forms, sentences and docs.
 */

/** The part of JSON Schema that the catalogue uses, with its extension keys. */
export interface OptionSchema {
  type?: string | string[];
  title?: string;
  description?: string;
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  format?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  items?: OptionSchema;
  properties?: Record<string, OptionSchema>;
  required?: string[];
  additionalProperties?: boolean | OptionSchema;
  anyOf?: OptionSchema[];
  oneOf?: OptionSchema[];
  /** Which vocabulary the ids come from: "course", "tag", … */
  /** Its values hold no commas. */
  plain?: boolean;
  picker?: string;
  /** Of a field: it must hold a date. */
  dated?: boolean;
  /** Whether "$trigger" may stand for the one in the fact that started the run. */
  trigger?: boolean;
  /** A Liquid text, and what it is rendered to. "data" may be any JSON whose strings are Liquid. */
  template?: "line" | "text" | "html" | "data";
  /** An input of its own. */
  widget?: "trigger" | "condition" | "steps" | "shares" | "window";
  /** A form of its own for the whole card. */
  form?: "wait" | "match";
  /** What each choice is called, where its name does not say it; under an empty name, to choose none. */
  choices?: Readonly<Record<string, string>>;
  /** Values that are always there. */
  examples?: unknown[];
  /** Options with which a new card begins. */
  begins?: Record<string, unknown>;
  /** One of these options is to be given, and no other of them; what is said to people who give none or several. */
  exactly_one?: { of: string[]; message: string };
}

export interface CatalogueEntry {
  type: string;
  label: string;
  /** Other words that people look for it by. */
  also?: readonly string[];
  category: string;
  description?: string;
  params: OptionSchema;
  /** Triggers that this condition or action needs: every trigger of `when` must be among them. */
  only_with?: readonly string[];
  /** Of a kind of step: where it holds further steps. */
  lanes?: readonly LaneSpec[];
  /** Of a kind of step: a run takes one of its ways, whatever happens. */
  takes_one_way?: boolean;
  /** Of a kind of step: its steps happen several times, and none of its sort stands inside it. */
  repeats?: boolean;
  /** Of a kind of step: no run gets past it. */
  ends?: boolean;
  /** Of a kind of step: a run may stop at it for a time. */
  waits?: boolean;
  /** Of a trigger: only `when` may name it. */
  starting?: boolean;
  /** How it is said to people: a template, as `catalogue/card.ts` describes them. */
  says?: string;
  /** What a list counts an action as: "1 mail", "2 mails". */
  counted?: readonly [one: string, several: string];
  /** Of an event: whether a page may send it, with a user's own token. */
  browser?: boolean;
  /** Of an action: what it makes. */
  makes?: unknown;
  /** A trigger whose facts are of many types: each begins with `prefix`, and the rest is what this option says. */
  family?: { prefix: string; option: string };
}

export interface CatalogueCategory {
  type: string;
  label: string;
  icon: string;
}

export interface Catalogue {
  events: readonly CatalogueEntry[];
  triggers: readonly CatalogueEntry[];
  /** Triggers that only `exit_when` and `wait_for` may name. */
  listeners: readonly CatalogueEntry[];
  conditions: readonly CatalogueEntry[];
  actions: readonly CatalogueEntry[];
  steps: readonly CatalogueEntry[];
  variables: readonly Pick<CatalogueEntry, "type" | "label">[];
  /** Facts that no trigger listens to. */
  facts: readonly Pick<CatalogueEntry, "type" | "label" | "says">[];
  categories: readonly CatalogueCategory[];
  /** What ids are ids of: what a `picker` names, and what people call one. */
  kinds: readonly Pick<CatalogueEntry, "type" | "label">[];
}

/** What an entry describes; with its type it names the entry. */
export type PartKind = "trigger" | "condition" | "action" | "step";
