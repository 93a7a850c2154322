import type { SuppressionReason } from "../catalogue/messages/suppression";

/** That a mail that has left was opened, or a link in it followed; `at` by the school's clock, ms. */
export interface MailLook {
  delivery: string;
  what: "opened" | "clicked";
  at: number;
}

/** What is said of an address, and of a mail that has left for it. */
export interface MailReport {
  /** The address, as `addressKey` compares it. */
  key: string;
  /** Why it is suppressed now; null: it is not any more; left out: as before. */
  reason?: SuppressionReason | null;
  /** `failed`: it did not arrive; `at` by the school's clock, ms; `detail` in the vendor's words. */
  about?: { delivery: string; reason: string; failed: boolean; at: number; detail: string | null };
}
