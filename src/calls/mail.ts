import type { Origin } from "../catalogue/facts/givers";
import type { MailPart } from "../catalogue/messages/says-nothing";
import type { SuppressionReason } from "../catalogue/messages/suppression";
import type { Delivery, Traced } from "../engine/types";

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

/** A mail that somebody of the school writes to the user. */
export interface WriteCall extends Traced {
  /** The caller's, by which a copy is known, with a digest of all else; null: none comes. */
  id: { id: string; hash: string } | null;
  /** The options of a mail, which have passed their schema. */
  mail: Readonly<Record<string, unknown>>;
  origin: Origin;
}

/**
 * What became of one: `isNew`, or a copy of one before, whose delivery may be kept no longer. `other_body`: its id was used
 * with something else; `unsent`: there is no mail, why, and which part is to blame; left
 * out: an object of the release before answers.
 */
export type WrittenTo =
  | { kind: "written"; isNew: boolean; delivery: Delivery | null }
  | { kind: "other_body" }
  | {
      kind: "unsent";
      reason: string;
      part?: MailPart | "topic";
      /** What else is wrong. */
      others?: { reason: string; part: MailPart | "topic" }[];
    };
