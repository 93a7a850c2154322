import type { SuppressionReason } from "../catalogue/messages/suppression";

/** A mail that has left. */
interface ToldMail {
  delivery: string;
  /** Of the user's change that D1 knows it by; left out: a Worker of the release before asks. */
  seq?: number;
}

/** That a mail that has left was opened, or a link in it followed; `at` by the school's clock, ms. */
export interface MailLook extends ToldMail {
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
  about?: ToldMail & { reason: string; failed: boolean; at: number; detail: string | null };
}
