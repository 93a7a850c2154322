import type { Attributes } from "../src/catalogue/account/attributes";
import type { Input } from "../src/engine/step";
import type { Delivery, World } from "../src/engine/types";
import type { School } from "../src/schools/snapshot";

/*
 * What a user's object is called with and answers: JSON, as it crosses between isolates.
 */

/** The school as the caller knows it: the object reads nothing older. */
export interface SchoolReference {
  id: string;
  stamp: number;
  /** Where a test school's clock stands, ms; null: real time. */
  now: number | null;
}

/** An event that has passed its schema. */
export interface EventCall {
  id: string;
  /** Tells equal bodies of one id; null: the id is ours, and no copy of the event can come. */
  hash: string | null;
  type: string;
  data: Record<string, unknown>;
  attributes: Attributes;
  /** `occurred_at`, ms; null: now. */
  at: number | null;
}

/** The answer as JSON text; null: the id was used with another body. */
export type EventAnswer = string | null;

export interface EventsAnswer {
  answers: EventAnswer[];
  /** A lead that is being handed over took none of them: they are this user's. */
  movedTo?: string;
  /** The caller is to announce the user: D1 has to hear of what happened. */
  hasNews: boolean;
}

/** What the object says to what D1 has heard. */
export interface Heard {
  /** The user was erased meanwhile: D1 must forget everything of changes below this one again. */
  erasedBelow: number | null;
  /** There is more since: the caller is to announce the user. */
  hasNews: boolean;
}

/** A change that is no event. */
export type UserInput = Exclude<Input, { kind: "event" }>;

/** How far a user got in time. */
export interface Advance {
  now: number;
  steps: number;
  finished: boolean;
  nextWake: number | null;
}

/** What a delivery needs to leave, given to one consumer at a time. */
export interface Claim {
  delivery: Delivery;
  user: { id: string; email: string | null; pushTokens: string[] };
}

/** What a turn is played in: the school, compiled, and its clock. */
export interface Scene {
  school: School;
  world: World;
  now: number;
}
