import type { MailLook, MailReport } from "../../src/calls/mail";
import type { Packed } from "../../src/calls/shape";
import type { Delivery } from "../../src/engine/types";
import type { Store } from "../store";
import { ownKey } from "./suppressed";

/*
 * What is said of the user's address, and by vendors of mails that have left.
 */

/** Takes what was said of the user's address, and of a mail that has left. */
export function hearOfMail(packed: Packed, store: Pick<Store, "ended">, report: MailReport | MailLook): void {
  if ("what" in report) return hearOfLook(packed, store, report);
  const { key, reason, about } = report;
  if (reason !== undefined && key === ownKey(packed)) packed.mail.known = { key, reason };
  const delivery = about && endedMail(packed, store, about.delivery);
  if (!about || !delivery || delivery.reason === about.reason) return;
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
function hearOfLook(packed: Packed, store: Pick<Store, "ended">, { delivery, what, at }: MailLook): void {
  const mail = endedMail(packed, store, delivery);
  if (!mail || (what === "opened" ? mail.openedAt : mail.clickedAt) !== undefined) return;
  const seen: Delivery = {
    ...mail,
    openedAt: mail.openedAt ?? at,
    ...(what === "clicked" ? { clickedAt: at } : {}),
  };
  packed.logSeq = ++packed.seq;
  packed.ended.push({ seq: packed.seq, at, delivery: seen });
}

/** A mail that was sent, as it stands now. */
function endedMail(packed: Packed, store: Pick<Store, "ended">, id: string): Delivery | null {
  if (packed.outbox[id]) return null;
  for (let before: number | undefined; ; ) {
    const { items, next } = store.ended({ before, newestFirst: true });
    for (const one of items) if ("delivery" in one && one.delivery.id === id) return one.delivery;
    if (next === null) return null;
    before = next;
  }
}
