/*
 * Addresses that a school's mail does not go to.
 */

/** Why an address is suppressed, the strongest first. */
export const SUPPRESSION_REASONS = ["bounced", "by_hand", "complained"] as const;
export type SuppressionReason = (typeof SUPPRESSION_REASONS)[number];

/** Of two reasons for one address the one that keeps back more. */
export const stronger = (one: SuppressionReason, other: SuppressionReason): SuppressionReason =>
  SUPPRESSION_REASONS.indexOf(one) <= SUPPRESSION_REASONS.indexOf(other) ? one : other;

/**
 * Whether a reason keeps a mail back. Who called a mail spam is written to about what they did themselves, and no more;
 * where no mail arrives, or a person said so, none is sent at all.
 */
export const keepsBack = (reason: SuppressionReason, kind: unknown): boolean =>
  reason !== "complained" || kind === "marketing";
