import type { LaneSpec } from "../definition/lanes";

/** Catalogue entries and faults as they travel between the admin UI and its browsers (contract §6, §9). */

/** The part of JSON Schema that the catalogue uses, with its extension keys. */
export interface Schema {
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
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  /** Which vocabulary the ids come from: "course", "tag", … */
  picker?: string;
  /** Whether "$trigger" may stand for the one in the fact that started the run. */
  trigger?: boolean;
  /** A Liquid text, and what it is rendered to. "data" may be any JSON whose strings are Liquid. */
  template?: "line" | "text" | "html" | "data";
  /** An input of its own. */
  widget?: "trigger" | "condition" | "steps" | "shares" | "window";
  /** A form of its own for the whole card. */
  form?: "wait";
  /** Options with which a new card begins. */
  begins?: Record<string, unknown>;
  /** One of these options is to be given, and no other of them; what is said to people who give none or several. */
  exactly_one?: { of: string[]; message: string };
}

export interface Entry {
  type: string;
  label: string;
  category: string;
  description?: string;
  params: Schema;
  /** Triggers that this condition or action needs: every trigger of `when` must be among them. */
  only_with?: string[];
  /** Of a kind of step: where it holds further steps. */
  lanes?: LaneSpec[];
  /** Of a kind of step: a run takes one of its ways, whatever happens. */
  takes_one_way?: boolean;
  /** Of a kind of step: no run gets past it. */
  ends?: boolean;
  /** Of a kind of step: a run may stop at it for a time. */
  waits?: boolean;
  /** How it is said to people: a template, as `catalogue/card.ts` describes them. */
  says?: string;
  /** What a list counts an action as: "1 mail", "2 mails". */
  counted?: readonly [one: string, several: string];
  /** A trigger whose facts are of many types: each begins with `prefix`, and the rest is what this option says. */
  family?: { prefix: string; option: string };
}

export interface Category {
  type: string;
  label: string;
  icon: string;
}

export interface Catalogue {
  events: Entry[];
  triggers: Entry[];
  /** Triggers that only `exit_when` and `wait_for` may name. */
  listeners?: Entry[];
  conditions: Entry[];
  actions: Entry[];
  steps: Entry[];
  variables: Pick<Entry, "type" | "label">[];
  /** Facts that no trigger listens to. */
  facts?: Pick<Entry, "type" | "label" | "says">[];
  categories?: Category[];
  /** What ids are ids of: what a `picker` names, and what people call one. */
  kinds?: Pick<Entry, "type" | "label">[];
}

/** What an entry describes; with its type it names the entry. */
export type Kind = "trigger" | "condition" | "action" | "step";

export interface Fault {
  /** JSON pointer into the definition. */
  path: string;
  message: string;
}

export interface Warning {
  code: string;
  message: string;
  automations?: string[];
}

/** Counts of one step, as `GET …/stats` answers them. */
export interface StepStats {
  entered: number;
  done: number;
  failed: number;
  waiting: number;
  exited: number;
  yes?: number;
  no?: number;
}

export type { Draft as Definition } from "../definition/types";
