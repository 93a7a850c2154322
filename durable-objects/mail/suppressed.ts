import type { Packed } from "../../src/calls/shape";
import { addressKey } from "../../src/catalogue/account/email";
import { channelOf } from "../../src/catalogue/channels";
import { keepsBack, type SuppressionReason } from "../../src/catalogue/messages/suppression";
import { stepEntry } from "../../src/engine/runs";
import type { Delivery, Effects } from "../../src/engine/types";

/*
 * What keeps a mail back: its address is suppressed.
 */

const isMail = ({ channel }: Pick<Delivery, "channel">): boolean => channelOf(channel).isMail === true;

/** The user's own address, as addresses are compared. */
export const ownKey = ({ state }: Packed): string | null =>
  state?.learner.email === null || state?.learner.email === undefined ? null : addressKey(state.learner.email);

/** Whether a mail is to the user; what goes to others is looked at as it leaves. */
export const isToUser = (packed: Packed, { to }: Pick<Delivery, "to">): boolean => {
  const key = ownKey(packed);
  return key !== null && to.every((one) => addressKey(one) === key);
};

/** Why the user's address keeps a mail back; null: it does not, as far as was heard. */
export function keptBackBy(packed: Packed, delivery: Delivery): SuppressionReason | null {
  const { known } = packed.mail;
  if (!isMail(delivery) || !known?.reason || !isToUser(packed, delivery) || known.key !== ownKey(packed)) return null;
  return keepsBack(known.reason, delivery.content.kind) ? known.reason : null;
}

/**
 * Keeps back the mails of a turn whose address is suppressed, which is asked for once an address; their steps say so.
 * @param suppressionOf why the address of a key is suppressed, as far as that is known
 * @param effects what the turn brought about: its deliveries and runs are changed
 */
export function keepBack(
  packed: Packed,
  { deliveries, runs }: Effects,
  suppressionOf: (key: string) => SuppressionReason | null,
): void {
  for (const delivery of deliveries) {
    const key = ownKey(packed);
    if (key === null || delivery.status !== "queued" || !isMail(delivery) || !isToUser(packed, delivery)) continue;
    if (packed.mail.known?.key !== key) packed.mail.known = { key, reason: suppressionOf(key) };
    const reason = keptBackBy(packed, delivery);
    if (reason === null) continue;
    Object.assign(delivery, { status: "suppressed", reason });
    const entry = stepEntry(runs.get(delivery.run), delivery.step, delivery.round);
    if (entry) Object.assign(entry, { status: "skipped", detail: { ...entry.detail, reason } });
  }
}
