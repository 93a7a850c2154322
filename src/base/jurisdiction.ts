/*
 * In which of Cloudflare's jurisdictions a school's objects and its log lie; null: in none. It is fixed at the making of a
 * school, as objects never move. See docs/decisions/0031-jurisdiction-in-the-epoch.md.
 */

export const JURISDICTIONS = ["eu", "us"] as const;
export type Jurisdiction = (typeof JURISDICTIONS)[number] | null;

/** From here on an epoch's last digit names a jurisdiction; no installation ever made so many schools of one id before. */
const FIRST = 1_000;
const BY_LAST_DIGIT: readonly Jurisdiction[] = [null, ...JURISDICTIONS];

/** That of a school, by its epoch, which whatever names an object or a school's row has along. */
export const jurisdictionOf = (epoch: number): Jurisdiction =>
  epoch < FIRST ? null : (BY_LAST_DIGIT[epoch % 10] ?? null);

/** The epoch of a new school in a jurisdiction. @param before that of the last one of its id; 0: there was none */
export function epochAfter(before: number, jurisdiction: Jurisdiction): number {
  let epoch = jurisdiction === null ? before + 1 : Math.max(before + 1, FIRST);
  while (jurisdictionOf(epoch) !== jurisdiction) epoch++;
  return epoch;
}
