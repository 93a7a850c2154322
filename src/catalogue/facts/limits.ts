import { enrolmentOf } from "../enrolment/change";
import { tagKey } from "../tags/key";
import type { Learner, ProductType } from "./facts";

/** How much of a kind a user has at most (contract §1); of runs, those that are live; `merged`: ids of others merged into one. */
export const LIMITS = { tags: 1_000, enrolments: 2_000, runs: 500, merged: 50 } as const;

/** What something gives, as far as a user may hold only so much of it. */
export interface Gives {
  tags?: readonly string[];
  enrolments?: readonly { type: ProductType; product: string }[];
}
export type GivenLimit = keyof Gives;
export type Limit = keyof typeof LIMITS;

/** What is said where a limit would be passed. */
export const limitText = (limit: Limit): string =>
  `a user has at most ${LIMITS[limit].toLocaleString("en")} ${SAID[limit]}`;
const SAID: Record<Limit, string> = {
  tags: "tags",
  enrolments: "enrolments",
  runs: "live runs",
  merged: "other users merged into one",
};

/** The limit that a user would pass who was given all of it; null: none. What is held already takes no further room. */
export function limitPassed(learner: Learner, { tags = [], enrolments = [] }: Gives): GivenLimit | null {
  // Far from a limit, as nearly everybody is, nothing is looked up.
  if (learner.tags.length + tags.length > LIMITS.tags) {
    const held = new Set(learner.tags.map(tagKey));
    const fresh = new Set(tags.map(tagKey).filter((key) => !held.has(key))).size;
    if (fresh && held.size + fresh > LIMITS.tags) return "tags";
  }
  if (learner.enrolments.length + enrolments.length > LIMITS.enrolments) {
    const unknown = enrolments.filter(({ type, product }) => !enrolmentOf(learner, type, product));
    const fresh = new Set(unknown.map(({ type, product }) => `${type} ${product}`)).size;
    if (fresh && learner.enrolments.length + fresh > LIMITS.enrolments) return "enrolments";
  }
  return null;
}
