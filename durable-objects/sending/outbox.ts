import type { OutboxItem, Packed } from "../../src/calls/shape";
import type { Claim } from "../../src/calls/user";
import { channelOf } from "../../src/catalogue/channels";
import { HELD_MOST_MS, HOLDS, type Hold } from "../../src/catalogue/messages/manners";
import { lmsOf } from "../../src/connectors";
import { nextAttempt, nextTurn } from "../../src/connectors/calling/backoff";
import type { SendResult } from "../../src/connectors/ports";
import type { Delivery } from "../../src/engine/types";
import type { School } from "../../src/world/snapshot";
import { hold, isOfPause, letGo, mannerFor, noteLeft } from "../mail/held";
import { keptBackBy } from "../mail/suppressed";
import type { TurnScene } from "../scene";
import { firstChange, UNSUPPORTED, withFirst } from "./changes";
import { capture, finish, finishRecalled, recalledBy } from "./posting";

/** How long one consumer has a delivery to itself; then it is offered again. */
export const DELIVERY_LEASE_MS = 60_000;
/** How long what may not leave now is put off. */
const DEFER_MS = 60_000;
/** Why it is kept: nobody has set up how it leaves. */
const NOT_SET_UP = "not_set_up";

/** Gives a delivery to one consumer, after a last look; null: settled, recalled, held, or in another's hands. */
export function claim(packed: Packed, scene: TurnScene, id: string, realNow: number): Claim | null {
  const item = packed.outbox[id];
  if (!packed.state || !item || item.dueAt === null || item.leasedUntil > realNow) return null;
  const { delivery } = item;
  const { learner } = packed.state;
  const user = { id: learner.id, email: learner.email, pushTokens: learner.pushTokens };
  if (channelOf(delivery.channel).staysOwn) {
    // What comes before it is settled first.
    if (firstChange(packed) !== item) return null;
    if (scene.school.suspended) {
      item.dueAt = realNow + DEFER_MS;
      return null;
    }
    const more = withFirst(packed, changesAtOnce(scene.school));
    for (const one of [item, ...more]) handOut(one, realNow);
    return { delivery, user, ...(more.length ? { more: more.map((one) => one.delivery) } : {}) };
  }
  const end = endOf(packed, scene, item);
  if (end !== null) {
    finish(packed, delivery, "suppressed", end);
    return null;
  }
  // Offered before the pause: whoever ends that has it offered again.
  if (scene.school.paused) return null;
  if (!mayGo(scene, delivery)) {
    item.dueAt = realNow + DEFER_MS;
    return null;
  }
  if (!leaves(packed, scene, item, scene.now)) return null;
  handOut(item, realNow);
  return { delivery, user };
}

/**
 * Gives the first message that may leave to whoever has just brought it about; null: none does. Changes for the LMS wait
 * for each other.
 */
export function claimFirst(packed: Packed, scene: TurnScene, realNow: number): Claim | null {
  for (const id of leaving(packed, realNow, scene.school.paused)) {
    const delivery = packed.outbox[id]?.delivery;
    if (delivery && !channelOf(delivery.channel).staysOwn) return claim(packed, scene, id, realNow);
  }
  return null;
}

/** The last look: why a message is not to leave any more; null: it is. */
function endOf(packed: Packed, scene: TurnScene, item: OutboxItem): string | null {
  const { delivery, isRecalled } = item;
  if (delivery.automation !== BY_HAND && !scene.world.byId.has(delivery.automation)) return "deleted";
  if (isRecalled) return recalledBy(item);
  const { marketingConsent, topicsOff = [] } = packed.state?.learner ?? {};
  const { kind, topic } = delivery.content;
  if (kind === "marketing" && marketingConsent !== true) return "no_consent";
  if (typeof topic === "string" && topicsOff.includes(topic)) return "topic_off";
  return keptBackBy(packed, delivery);
}

/** As its automation a mail that somebody of the school wrote has none. */
const BY_HAND = "";

/** Whether nothing holds up what is sent. */
const mayGo = ({ world, school }: TurnScene, { automation }: Delivery): boolean =>
  (automation === BY_HAND || world.byId.get(automation)?.active === true) && !school.suspended;

/** Whether a mail may leave by quiet hours and the cap; else it waits, or has ended. @param now the school's clock */
function leaves(packed: Packed, scene: TurnScene, item: OutboxItem, now: number): boolean {
  const { delivery } = item;
  const manner = mannerFor(packed, delivery, scene.school.settings, now, item.held?.since);
  if (manner.kind === "waits") hold(packed, item, manner, now);
  else letGo(item);
  if (manner.kind === "ends") finish(packed, delivery, "suppressed", manner.reason);
  if (manner.kind === "leaves") noteLeft(packed, delivery, now);
  return manner.kind === "leaves";
}

/** How long a held mail of an automation that is off waits until it is looked at again. */
const LOOK_AGAIN_MS = 3_600_000;

/** Of a test school: a held mail whose time has come is kept, as it would have left. @param now its time */
export function releaseHeld(packed: Packed, scene: TurnScene, item: OutboxItem, now: number): void {
  const { delivery } = item;
  if (isOfPause(item)) delete item.held;
  const since = item.held?.since ?? now;
  const end = endOf(packed, scene, item);
  if (end !== null) finish(packed, delivery, "suppressed", end);
  else if (mayGo(scene, delivery)) {
    if (leaves(packed, scene, item, now)) capture(packed, delivery, now);
  } else if (now >= since + HELD_MOST_MS) finish(packed, delivery, "suppressed", delivery.reason);
  else hold(packed, item, { kind: "waits", until: now + LOOK_AGAIN_MS, reason: holdOf(delivery) }, now);
}

const holdOf = ({ reason }: Delivery): Hold => HOLDS.find((one) => one === reason) ?? "at_most";

function handOut(item: OutboxItem, realNow: number): void {
  item.leasedUntil = item.dueAt = realNow + DELIVERY_LEASE_MS;
  item.firstAt ??= realNow;
  item.isOut = true;
}

const changesAtOnce = ({ settings }: School): number => {
  const lms = lmsOf(settings.connectors);
  return lms?.port.atOnce(lms.settings) ?? 1;
};

/** Notes that a delivery nobody has claimed is still on its way, so that it is not offered again before a moment. */
export function postpone(packed: Packed, id: string, until: number, realNow: number): void {
  const item = packed.outbox[id];
  if (!item || item.dueAt === null || item.leasedUntil > realNow) return;
  item.dueAt = Math.max(item.dueAt, until);
}

/** Notes how an attempt went; what failed is tried again for a day. Answers with the delivery where that has ended. */
export function settle(
  packed: Packed,
  scene: TurnScene,
  id: string,
  sending: SendResult,
  realNow: number,
): Delivery | null {
  const item = packed.outbox[id];
  if (!packed.state || !item) return null;
  const { delivery } = item;
  if (!sending.ok && sending.notYet) return putOff(packed, item, sending.retryAfterMs, realNow);
  if (!sending.ok && sending.notSetUp) return finish(packed, delivery, "not_sent", NOT_SET_UP);
  if (!sending.ok && sending.suppressed) return finish(packed, delivery, "suppressed", sending.suppressed);
  delivery.attempts.push({
    at: scene.now,
    ok: sending.ok,
    ...(sending.code === undefined ? {} : { code: sending.code }),
    ...(sending.ok ? {} : { error: sending.error }),
  });
  if (sending.ok) return finish(packed, delivery, sending.captured ? "captured" : "sent");
  if (sending.unsupported) return finish(packed, delivery, "suppressed", UNSUPPORTED);
  const again = sending.retry
    ? nextAttempt(
        delivery.attempts.length - (item.attemptsBefore ?? 0),
        item.firstAt ?? realNow,
        realNow,
        sending.retryAfterMs,
      )
    : null;
  if (item.isRecalled) return finishRecalled(packed, item);
  if (again === null) return finish(packed, delivery, "failed", sending.error);
  const last = delivery.attempts.at(-1);
  if (last) last.nextAt = again;
  // Nobody may have it sooner: a message that comes late or twice would make light of the back-off.
  item.dueAt = item.leasedUntil = again;
  delete item.isOut;
  packed.logSeq = item.seq = ++packed.seq;
  return null;
}

/** Lets what found no room at a vendor's rate ask again: nothing was sent. */
function putOff(packed: Packed, item: OutboxItem, retryAfterMs: number | undefined, realNow: number): Delivery | null {
  if (item.isRecalled) return finishRecalled(packed, item);
  const asked = item.turns ?? 0;
  item.turns = asked + 1;
  item.dueAt = item.leasedUntil = nextTurn(asked, lotOf(`${item.delivery.id}${asked}`), realNow, retryAfterMs);
  if (!item.delivery.attempts.length) item.firstAt = null;
  delete item.isOut;
  return null;
}

/** The same from 0 to 1 for the same text, as good as any chance. */
function lotOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0) / 2 ** 32;
}

/**
 * Puts a delivery that ended `failed` or `not_sent` back on its way, with its key, and has one that waits for its next
 * attempt leave now; false where it is on its way already.
 */
export function sendAgain(packed: Packed, delivery: Delivery, realNow: number): boolean {
  if (!packed.state) return false;
  const waiting = packed.outbox[delivery.id];
  if (waiting) return hurry(packed, waiting, realNow);
  const again: Delivery = { ...delivery, status: "queued" };
  delete again.reason;
  const attemptsBefore = delivery.attempts.length;
  packed.logSeq = ++packed.seq;
  const item = { seq: packed.seq, dueAt: realNow, leasedUntil: 0, firstAt: null, attemptsBefore };
  packed.outbox[delivery.id] = { delivery: again, ...item };
  return true;
}

/** Has what was put off by a failed attempt leave now. */
function hurry(packed: Packed, item: OutboxItem, realNow: number): boolean {
  const last = item.delivery.attempts.at(-1);
  if (item.isOut || last?.nextAt === undefined || last.nextAt <= realNow) return false;
  last.nextAt = item.dueAt = realNow;
  item.leasedUntil = 0;
  packed.logSeq = item.seq = ++packed.seq;
  return true;
}

/** Hands what waits for the user's page over to it. */
export function takeDataLayer(packed: Packed, scene: TurnScene): Record<string, unknown>[] {
  const waiting = Object.values(packed.outbox).filter((item) => item.dueAt === null && !item.held);
  for (const { delivery } of waiting) {
    delivery.attempts.push({ at: scene.now, ok: true });
    finish(packed, delivery, "sent");
  }
  return waiting.map(({ delivery }) => delivery.content);
}

/** Ids of the deliveries that may leave now: of changes the first alone, and nothing else while the school is paused. */
export function leaving(packed: Packed, realNow: number, isPaused = false): string[] {
  const first = firstChange(packed);
  return Object.values(packed.outbox).flatMap((item) => {
    const { delivery, dueAt, leasedUntil } = item;
    if (dueAt === null || dueAt > realNow || leasedUntil > realNow) return [];
    const mayLeave = channelOf(delivery.channel).staysOwn ? item === first : !isPaused;
    return mayLeave ? [delivery.id] : [];
  });
}
