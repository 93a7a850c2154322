import type { SuppressionReason } from "../catalogue/messages/suppression";

/** What is said of an address, and of a mail that has left for it. */
export interface MailReport {
  /** The address, as `addressKey` compares it. */
  key: string;
  /** Why it is suppressed now; null: it is not any more; left out: as before. */
  reason?: SuppressionReason | null;
  /** `failed`: it did not arrive; `at` by the school's clock, ms; `detail` in the vendor's words. */
  about?: { delivery: string; reason: string; failed: boolean; at: number; detail: string | null };
}
