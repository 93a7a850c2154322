import type { Env } from "../../base/env";
import { referenceOf, userObject } from "../../calls/reaching/stub";
import { addressFault, addressKey } from "../../catalogue/account/email";
import { logOf } from "../../db/log";
import { suppress } from "../../schools/suppressions";
import { nowOf, type School } from "../../world/snapshot";
import { isLook, type Look, type VendorReport } from "./report";

/** What a vendor calls its `what` in the school's words: why an address is suppressed, or what became of a mail. */
const REASONS = { bounced: "bounced", bounced_softly: null, complained: "complained" } as const;

/**
 * Takes what a mail vendor says: bounces for good and complaints suppress the address; the mail says what became of it,
 * also who opened it where the school tracks that.
 */
export async function takeReports(
  env: Env,
  school: School,
  vendor: string,
  reports: readonly VendorReport[],
): Promise<void> {
  for (const report of reports) {
    if (isLook(report)) {
      if (school.settings.mail?.track) await tellLook(env, school, report);
      continue;
    }
    const { address, what, key, detail } = report;
    if (addressFault(address) !== null) continue;
    const reason = REASONS[what];
    if (reason !== null) await suppress(env, school, { address, reason, source: vendor, detail }, null);
    const delivery = key === null ? null : await deliveryOf(env, school.id, key);
    if (!delivery) continue;
    await userObject(env, school, delivery.user).hearOfMail(referenceOf(school), {
      key: addressKey(address),
      about: {
        delivery: delivery.id,
        seq: delivery.seq,
        reason: what,
        failed: what === "bounced",
        at: nowOf(school),
        detail,
      },
    });
  }
}

async function tellLook(env: Env, school: School, { what, key }: Look): Promise<void> {
  const delivery = key === null ? null : await deliveryOf(env, school.id, key);
  // Programs that fetch pictures tell the same again and again.
  if (!delivery || delivery[what] !== null) return;
  const look = { delivery: delivery.id, seq: delivery.seq, what, at: nowOf(school) };
  await userObject(env, school, delivery.user).hearOfMail(referenceOf(school), look);
}

const FIND = `select id, user, seq, opened_at as opened, clicked_at as clicked from deliveries indexed by deliveries_by_run
  where school = ?1 and run = ?2 and idempotency_key = ?3`;

/** A mail as D1 has it; when it was looked at. */
interface Found {
  id: string;
  user: string;
  seq: number;
  opened: number | null;
  clicked: number | null;
}

/** The delivery of an idempotency key, which begins with its run. */
const deliveryOf = async (env: Env, school: string, key: string): Promise<Found | null> =>
  (await logOf(env, school))
    .prepare(FIND)
    .bind(school, key.slice(0, Math.max(0, key.indexOf("-"))), key)
    .first();
