import type { MailLook, MailReport } from "../../src/calls/mail";
import type { Ended, Packed } from "../../src/calls/shape";
import { UNDONE } from "../../src/engine/runs";
import type { Delivery } from "../../src/engine/types";
import type { Store } from "../store/store";
import { ownKey } from "./suppressed";

/*
 * What is said of the user's address, and by vendors of mails that have left.
 */

/** Takes what was said of the user's address, and of a mail that has left. */
export function hearOfMail(packed: Packed, store: Pick<Store, "ended">, report: MailReport | MailLook): void {
  if ("what" in report) return hearOfLook(packed, store, report);
  const { key, reason, about } = report;
  if (reason !== undefined && key === ownKey(packed)) packed.mail.known = { key, reason };
  const delivery = about && endedMail(packed, store, about);
  if (!about || !delivery || delivery.reason === about.reason || delivery.reason === UNDONE) return;
  const told: Delivery = {
    ...delivery,
    ...(about.failed ? { status: "failed" } : {}),
    reason: about.reason,
    attempts: about.failed
      ? [...delivery.attempts, { at: about.at, ok: false, ...(about.detail ? { error: about.detail } : {}) }]
      : delivery.attempts,
  };
  packed.logSeq = ++packed.seq;
  packed.ended.push({ seq: packed.seq, at: about.at, delivery: told });
}

/** Takes that a mail was looked at, the first time; who follows a link has opened it, whether or not that was seen. */
function hearOfLook(packed: Packed, store: Pick<Store, "ended">, look: MailLook): void {
  const { what, at } = look;
  const mail = endedMail(packed, store, look);
  if (!mail || (what === "opened" ? mail.openedAt : mail.clickedAt) !== undefined) return;
  const seen: Delivery = {
    ...mail,
    openedAt: mail.openedAt ?? at,
    ...(what === "clicked" ? { clickedAt: at } : {}),
  };
  packed.logSeq = ++packed.seq;
  packed.ended.push({ seq: packed.seq, at, delivery: seen });
}

/** So far before the change that D1 knows a mail by it is looked for: many are told together. */
const TOLD_TOGETHER = 24;

/**
 * A mail that was sent, as it stands now. It lies among what D1 has not heard yet, or by what it has heard of it; only
 * what came by a merge, whose changes another counted, lies anywhere.
 */
function endedMail(
  packed: Packed,
  store: Pick<Store, "ended">,
  { delivery: id, seq }: Pick<MailLook, "delivery" | "seq">,
): Delivery | null {
  if (packed.outbox[id]) return null;
  const isIt = (one: Ended): one is Ended & { delivery: Delivery } => "delivery" in one && one.delivery.id === id;
  if (seq !== undefined) {
    const near =
      packed.ended.findLast(isIt) ??
      // What D1 has not heard is little.
      store.ended({ after: packed.heardSeq, newestFirst: true }).items.find(isIt) ??
      store.ended({ before: seq + 1, newestFirst: true, most: TOLD_TOGETHER }).items.find(isIt);
    if (near) return near.delivery;
  }
  for (let before: number | undefined; ; ) {
    const { items, next } = store.ended({ before, newestFirst: true });
    const found = items.find(isIt);
    if (found || next === null) return found?.delivery ?? null;
    before = next;
  }
}
