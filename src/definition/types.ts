/*
 * A definition as schools write it: When / Only if / Then. This folder imports nothing, so that the catalogue, the
 * engine and what runs in browsers share one model of it.
 */

/** A trigger, condition or action as written: its type and its options side by side. */
export interface CardUse {
  type: string;
  [option: string]: unknown;
}

/** One condition, or several joined; nested up to 5 deep. */
export type Condition = CardUse | { all: Condition[] } | { any: Condition[] } | { not: Condition };

/** One step as people write it: an action, or a kind of step. */
export interface Step extends CardUse {
  id?: string;
}

/** A step as it is kept: every one has an id, unique in its automation. */
export interface KeptStep extends Step {
  id: string;
}

export const REENTRY = ["always", "one_at_a_time", "restart", "once"] as const;
export const REENTRY_PER = ["user", "trigger"] as const;

/** So many starts at most in a time: an ISO 8601 duration; null: ever. */
export interface StartLimit {
  times: number;
  per: string | null;
}

/** What an automation does, as it is kept with each of its versions. */
export interface Definition {
  synchronous: boolean;
  when: CardUse[];
  only_if: Condition | null;
  then: KeptStep[];
  exit_when: CardUse[];
  exit_if: Condition | null;
  reentry: (typeof REENTRY)[number];
  reentry_per: (typeof REENTRY_PER)[number];
  /** An ISO 8601 duration. */
  cooldown: string | null;
  limit: StartLimit | null;
}

/** A definition on its way to being kept, with what people call it and whether it is on. */
export interface Draft extends Omit<Definition, "then"> {
  name: string;
  description: string;
  active: boolean;
  labels: string[];
  note: string;
  /** What it is to bring about. */
  goal: CardUse | null;
  then: Step[];
}

/** Keys that lead to a place in a definition: `["then", 2, "yes"]`. */
export type Path = readonly (string | number)[];

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
