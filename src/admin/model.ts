/** Definitions, catalogue entries and faults as they travel between the admin UI and `/admin/api` (contract §6, §9). */

/** A trigger, condition or action as written in a definition: its type and its options side by side. */
export interface Card {
  type: string;
  [option: string]: unknown;
}

/** One step of `then`: an action, or one of `wait`, `wait_for`, `branch`, `split`, `exit`. */
export interface Step extends Card {
  id?: string;
}

export type Condition = Card | { all: Condition[] } | { any: Condition[] } | { not: Condition };

/** Keys that lead to a place in a definition: `["then", 2, "yes"]`. */
export type Path = readonly (string | number)[];

export interface Definition {
  name: string;
  description: string;
  active: boolean;
  synchronous: boolean;
  when: Card[];
  only_if: Condition | null;
  then: Step[];
  exit_when: Card[];
  exit_if: Condition | null;
  reentry: "always" | "one_at_a_time" | "restart" | "once";
  reentry_per: "user" | "trigger";
  cooldown: string | null;
}

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
}

export interface Entry {
  type: string;
  label: string;
  category: string;
  description?: string;
  params: Schema;
  /** Triggers that this condition or action needs: every trigger of `when` must be among them. */
  only_with?: string[];
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
}

/** What an entry describes; with its type it names the entry ("trigger:tag.added"). */
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

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isGroup = (condition: Condition): condition is Exclude<Condition, Card> => !("type" in condition);

/** The parts of a group and how they are joined; undefined for a leaf. */
export function groupOf(condition: Condition): { join: "all" | "any" | "not"; parts: Condition[] } | undefined {
  if (!isGroup(condition)) return undefined;
  if ("all" in condition) return { join: "all", parts: condition.all };
  if ("any" in condition) return { join: "any", parts: condition.any };
  return { join: "not", parts: [condition.not] };
}

/** One way that a step holds further steps: where they stand in it and what to call it. */
export interface Lane {
  /** Keys that lead from the step to the list. */
  path: Path;
  name: string;
  steps: Step[];
}

// The casts below rest on the definition's schema: these keys hold lists of steps wherever a definition was accepted;
// a list that is missing counts as empty.
const stepsAt = (step: Step, key: string): Step[] => (Array.isArray(step[key]) ? (step[key] as Step[]) : []);

const LANES: ReadonlyMap<string, (step: Step) => Lane[]> = new Map([
  [
    "branch",
    (step: Step): Lane[] => [
      { path: ["yes"], name: "yes", steps: stepsAt(step, "yes") },
      { path: ["no"], name: "no", steps: stepsAt(step, "no") },
    ],
  ],
  [
    "wait_for",
    (step: Step): Lane[] => [
      { path: ["on_event"], name: "it happened", steps: stepsAt(step, "on_event") },
      { path: ["on_timeout"], name: "timed out", steps: stepsAt(step, "on_timeout") },
    ],
  ],
  [
    "split",
    (step: Step): Lane[] =>
      splitPaths(step).map((path, i) => ({
        path: ["paths", i, "steps"],
        name: `${path.percent} %`,
        steps: path.steps,
      })),
  ],
]);

export interface SplitPath {
  percent: number;
  steps: Step[];
}

export const splitPaths = (step: Step): SplitPath[] =>
  Array.isArray(step.paths)
    ? step.paths.filter(isRecord).map((path) => ({
        percent: typeof path.percent === "number" ? path.percent : 0,
        steps: Array.isArray(path.steps) ? (path.steps as Step[]) : [],
      }))
    : [];

/** The lists of steps inside a step; none for an action, a wait or an exit. */
export const lanesOf = (step: Step): Lane[] => LANES.get(step.type)?.(step) ?? [];

const STRUCTURE = new Set(["wait", "wait_for", "branch", "split", "exit"]);

/** Whether a step steers the run (contract §6) rather than acting. */
export const isStructure = (step: { type: string }): boolean => STRUCTURE.has(step.type);

/** Every step with the keys that lead to it from `then`, in reading order. */
export function* walk(steps: Step[], path: Path = ["then"]): Generator<{ step: Step; path: Path }> {
  for (const [i, step] of steps.entries()) {
    yield { step, path: [...path, i] };
    for (const lane of lanesOf(step)) yield* walk(lane.steps, [...path, i, ...lane.path]);
  }
}
