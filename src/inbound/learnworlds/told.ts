import type { Loose } from "../read";
import type { Holding } from "./echo";
import { type SeenUser, secondsIn } from "./user";

/* What an event is made of, and what is made first: an event as yet without its user. */

export interface Situation {
  /** The school's time, ms. */
  now: number;
  /** The school's currency: most payments name none. */
  currency: string | undefined;
  /** Null where this user's first webhook comes. */
  seen: SeenUser | null;
  /** What this user holds here; asked for where an enrolment by hand is told, and may be ours. */
  holdings: readonly Holding[];
}

export interface ReadWebhook extends Situation {
  type: string;
  data: Loose;
  user: Loose;
}

export interface WebhookEvent {
  type: string;
  data: Record<string, unknown>;
  /** What copies have in common beside type and user; left out where two of them may be two events. */
  key?: readonly unknown[];
  /** The event's id, where theirs is one. */
  id?: string;
  /** Seconds. */
  at?: number | undefined;
  /** Instead of the webhook's user. */
  user?: Record<string, unknown>;
}

/** Events of ours; none where the webhook says nothing to us. */
export type Make = (told: ReadWebhook) => WebhookEvent[];

/** An event at a time that the webhook gives: copies are known by it. */
export const timed = (type: string, data: Record<string, unknown>, time: unknown): WebhookEvent => {
  const at = secondsIn(time);
  return { type, data, ...(at === undefined ? {} : { key: [...Object.values(data), at] }), at };
};
