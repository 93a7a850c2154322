import type { Wanted } from "../../users/events/carry";

/** How long an answer waits for the LMS where the caller does not say, and at most, in seconds. */
const DEFAULT_S = 2;
const MOST_S = 5;

const WAIT = /(?:^|[,;\s])wait\s*=\s*"?(\d+(?:\.\d+)?)"?(?=$|[,;\s])/i;
const MINIMAL = /(?:^|[,;\s])return\s*=\s*"?minimal"?(?=$|[,;\s])/i;

/**
 * What is wanted of the answer to events, by `Prefer` (RFC 7240): `wait=<s>`, so long it may wait for what is carried out
 * elsewhere, and `return=minimal`, it leaves the user out. What is no such preference is ignored.
 * @param now real time, ms, as the deadline is
 * @example wantedBy(new Headers({ prefer: "return=minimal, wait=5" }), 0) // { deadline: 5000, isMinimal: true }
 */
export function wantedBy(headers: Headers, now: number): Wanted {
  const prefer = headers.get("prefer") ?? "";
  const [, wait] = WAIT.exec(prefer) ?? [];
  const waitMs = Math.min(wait === undefined ? DEFAULT_S : Number(wait), MOST_S) * 1_000;
  return { deadline: now + waitMs, isMinimal: MINIMAL.test(prefer) };
}

/** Says that what was preferred was done; of a time to wait nothing is said, as it is no promise. */
export const appliedOf = ({ isMinimal }: Wanted): Record<string, string> =>
  isMinimal ? { "preference-applied": "return=minimal" } : {};
