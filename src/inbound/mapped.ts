import { sha256, toBase64Url } from "../base/bytes";
import type { ToldName } from "../catalogue/facts/told-names";

/*
 * What a way in makes of a message: pure functions of the message alone, so that a copy of it makes the same.
 */

/** An event as contract §4 has it; it is checked like any other. */
export interface InboundEvent {
  id?: string;
  type: string;
  user: Record<string, unknown>;
  data?: Record<string, unknown>;
  occurred_at?: string;
  /** When it happened, ms: instead of `occurred_at` where that is no part of what copies are known by. */
  at?: number;
}

/**
 * The events of a message, or what it is counted as when it says nothing to us. `names`: what it calls products; no part
 * of its events, of which copies may call them otherwise.
 */
export type Mapped = { events: InboundEvent[]; names?: ToldName[] } | { unmapped: string; user?: string };

/** @param user whom it speaks of, where it says so */
export const asUnmapped = (name: string, user?: string): Mapped => ({
  unmapped: name,
  ...(user === undefined ? {} : { user }),
});

const MAX_ID_LENGTH = 128;

/** An id of theirs as one of ours: as it is, or hashed where it is too long. */
export async function eventId(text: string): Promise<string> {
  if (text.length <= MAX_ID_LENGTH) return text;
  return toBase64Url(await sha256(text));
}
