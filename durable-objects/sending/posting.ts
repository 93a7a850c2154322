import type { OutboxItem, Packed } from "../../src/calls/shape";
import type { SchoolEpoch } from "../../src/calls/user";
import { type ChannelName, channelOf } from "../../src/catalogue/channels";
import type { SuppressionReason } from "../../src/catalogue/messages/suppression";
import { type LmsPort, lmsOf } from "../../src/connectors";
import { UNDONE } from "../../src/engine/runs";
import type { Delivery } from "../../src/engine/types";
import { forgetLeft, hold, keepThroughPause, type MailRules, mannerFor, noteLeft } from "../mail/held";
import type { TurnScene } from "../scene";

/*
 * How what a turn brought about leaves: into the outbox, or at once to the log.
 */

export const MAX_INBOX = 200;

export interface Posting {
  /** Whose it is. */
  user: string;
  /** Real time. */
  realNow: number;
  /** Changes of a test school are kept, and told to nobody. */
  mode: "live" | "test";
  /** The school is paused: what it would send stays. */
  paused: boolean;
  /** Whether deliveries by a channel leave; else they are kept. */
  leaves(channel: ChannelName): boolean;
  /** Whether deliveries by a channel wait for the page. */
  waitsForPage(channel: ChannelName): boolean;
  /** The LMS that is told of changes; null: none is. */
  lms: Pick<LmsPort, "supports"> | null;
  /** Words the isolate knows to be in the vocabulary; with a name, that it was told of it. */
  isKnownWord(kind: string, value: string, name?: string): boolean;
  /** Why the address of an `addressKey` is suppressed; null: it is not. Where that has to be read, the turn is played again. */
  suppressionOf(key: string): SuppressionReason | null;
  /** What the school says of its mail. */
  mail: MailRules;
}

/** How the effects of a turn leave a school. */
export function postingOf(
  { school, names }: Pick<TurnScene, "school" | "names">,
  user: string,
  realNow: number,
  isKnown: (school: SchoolEpoch, kind: string, value: string, name?: string) => boolean,
): Posting {
  const { connectors } = school.settings;
  return {
    user,
    realNow,
    mode: school.mode,
    paused: school.paused,
    leaves: (channel) =>
      school.mode === "live" || (channelOf(channel).sendsInTest?.(connectors[channel] ?? null) ?? false),
    waitsForPage: (channel) => channelOf(channel).waitsForPage?.(connectors[channel] ?? null) ?? false,
    lms: lmsOf(connectors)?.port ?? null,
    isKnownWord: (kind, value, name) => isKnown(school, kind, value, name),
    suppressionOf: (key) => names.suppressionOf(key),
    mail: school.settings,
  };
}

/** Posts what a run sends. */
export function postDelivery(packed: Packed, delivery: Delivery, posting: Posting): void {
  const { staysHere } = channelOf(delivery.channel);
  if (staysHere) packed.inbox = [...packed.inbox, delivery].slice(-MAX_INBOX);
  const manner = mannerFor(packed, delivery, posting.mail, delivery.createdAt);
  if (delivery.status !== "queued") finish(packed, delivery, delivery.status, delivery.reason);
  else if (packed.left?.includes(delivery.key)) finish(packed, delivery, "suppressed", "sent_before");
  else if (manner.kind === "waits") {
    const item = { delivery, seq: packed.seq, dueAt: null, leasedUntil: 0, firstAt: null };
    packed.outbox[delivery.id] = item;
    hold(packed, item, manner, delivery.createdAt);
  } else if (!posting.leaves(delivery.channel)) {
    if (posting.paused && !staysHere) keepThroughPause(packed, delivery);
    else capture(packed, delivery);
  } else if (staysHere) {
    delivery.attempts.push({ at: delivery.createdAt, ok: true });
    finish(packed, delivery, "sent");
  } else {
    packed.logSeq = packed.seq;
    packed.outbox[delivery.id] = {
      delivery,
      seq: packed.seq,
      dueAt: posting.waitsForPage(delivery.channel) ? null : posting.realNow,
      leasedUntil: 0,
      firstAt: null,
    };
  }
}

/** Keeps what a test school would have sent. @param at when it would have left, by the school's clock */
export function capture(packed: Packed, delivery: Delivery, at = delivery.createdAt): Delivery {
  noteLeft(packed, delivery, at);
  delivery.attempts.push({ at, ok: true });
  return finish(packed, delivery, "captured");
}

/** What became of a change is told to D1 where somebody has to look at it, or D1 knows of it already. */
const isOfNote = ({ channel, status }: Delivery, wasTold: boolean): boolean =>
  !channelOf(channel).staysOwn || wasTold || TO_BE_SEEN.has(status);
const TO_BE_SEEN: ReadonlySet<Delivery["status"]> = new Set(["failed", "not_sent", "captured"]);

/** Why what is recalled does not leave: its run was undone, or ended otherwise. */
export const recalledBy = ({ isUndone }: OutboxItem): string => (isUndone ? UNDONE : "exited");

export const finishRecalled = (packed: Packed, item: OutboxItem): Delivery =>
  finish(packed, item.delivery, "suppressed", recalledBy(item));

/** Settles a delivery: it leaves the outbox and goes to the log. */
export function finish(packed: Packed, delivery: Delivery, status: Delivery["status"], reason?: string): Delivery {
  const wasTold = (packed.outbox[delivery.id]?.seq ?? 0) > 0;
  delete packed.outbox[delivery.id];
  if (status !== "sent" && status !== "captured") forgetLeft(packed, delivery);
  const settled = { ...delivery, status, ...(reason === undefined ? {} : { reason }) };
  const at = delivery.attempts.at(-1)?.at ?? delivery.createdAt;
  const seq = ++packed.seq;
  const isTold = isOfNote(settled, wasTold);
  if (isTold) packed.logSeq = seq;
  packed.ended.push({ seq, at, ...(isTold ? {} : { isOwn: true }), delivery: settled });
  return settled;
}
