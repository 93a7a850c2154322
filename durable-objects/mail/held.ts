import type { OutboxItem, Packed } from "../../src/calls/shape";
import type { MailSettings } from "../../src/catalogue/messages/mail";
import { type Manner, mannerOf } from "../../src/catalogue/messages/manners";
import type { Delivery } from "../../src/engine/types";
import { isToUser } from "./suppressed";

/*
 * Mails that wait for quiet hours to end or for room under the cap. They lie in the outbox; of what has left the times
 * are remembered.
 */

/** Longer than any cap counts. */
const REMEMBERED_MS = 32 * 86_400_000;
const MOST_REMEMBERED = 200;

/** What a school says of its mail. */
export interface MailRules {
  mail?: MailSettings | undefined;
  /** Of the school. */
  timezone: string;
}

/** Only marketing for the learner waits, and counts. */
const isPolite = (packed: Packed, delivery: Delivery): boolean =>
  delivery.content.kind === "marketing" && isToUser(packed, delivery);

/** When a delivery may leave. @param since when it was first to, by the school's clock; left out: now */
export function mannerFor(
  packed: Packed,
  delivery: Delivery,
  { mail, timezone }: MailRules,
  now: number,
  since = now,
): Manner {
  if (!mail || !isPolite(packed, delivery)) return { kind: "leaves" };
  const zone = packed.state?.learner.timezone ?? timezone;
  const left = packed.mail.left.flatMap(({ id, at }) => (id === delivery.id ? [] : [at]));
  return mannerOf(mail, { now, since, zone, left });
}

/** Notes that a mail leaves, where that counts. Of another attempt the last counts. */
export function noteLeft(packed: Packed, delivery: Delivery, now: number): void {
  if (!isPolite(packed, delivery)) return;
  const others = packed.mail.left.filter(({ id, at }) => id !== delivery.id && at > now - REMEMBERED_MS);
  packed.mail.left = [...others, { id: delivery.id, at: now }].slice(-MOST_REMEMBERED);
}

/** A mail that did not leave after all counts no more. */
export function forgetLeft(packed: Packed, delivery: Pick<Delivery, "id">): void {
  packed.mail.left = packed.mail.left.filter(({ id }) => id !== delivery.id);
}

/**
 * Has an item wait; D1 hears of it.
 * @param isLive its time is real time; else a test school's clock comes to it
 */
export function hold(packed: Packed, item: OutboxItem, manner: Extract<Manner, { kind: "waits" }>, now: number): void {
  const { until, reason } = manner;
  item.held = { since: item.held?.since ?? now, until };
  item.dueAt = packed.isLive ? until : null;
  // Nobody may have it sooner: a message that comes late or twice would make light of it.
  item.leasedUntil = packed.isLive ? until : 0;
  delete item.isOut;
  Object.assign(item.delivery, { reason, waitsUntil: until });
  packed.logSeq = item.seq = ++packed.seq;
}

/** Of a test school: what would have left, had the school not been paused. It leaves when the pause ends, by its manners then. */
export function keepThroughPause(packed: Packed, delivery: Delivery): void {
  const at = delivery.createdAt;
  packed.logSeq = packed.seq;
  packed.outbox[delivery.id] = {
    delivery,
    seq: packed.seq,
    dueAt: null,
    leasedUntil: 0,
    firstAt: null,
    held: { since: at, until: at },
  };
}

/** Whether a pause alone kept it: it has not waited for its time yet. */
export const isOfPause = ({ held, delivery }: OutboxItem): boolean =>
  held !== undefined && delivery.waitsUntil === undefined;

/** It waits no more: what it waited for is not said of it any longer. */
export function letGo({ delivery, held }: OutboxItem): void {
  if (!held) return;
  delete delivery.reason;
  delete delivery.waitsUntil;
}

export type HeldItem = OutboxItem & Required<Pick<OutboxItem, "held">>;

const isHeld = (item: OutboxItem): item is HeldItem => item.held !== undefined;

/** Of a test school: the mail that is held and comes first; null: none is. */
export function firstHeld({ outbox, isLive }: Packed): HeldItem | null {
  if (isLive) return null;
  let first: HeldItem | null = null;
  for (const item of Object.values(outbox))
    if (isHeld(item) && (first === null || item.held.until < first.held.until)) first = item;
  return first;
}
