/** How long an answer waits for the LMS where the caller does not say, and at most, in seconds. */
const DEFAULT_S = 2;
const MOST_S = 5;

const WAIT = /(?:^|[,;\s])wait\s*=\s*"?(\d+(?:\.\d+)?)"?(?=$|[,;\s])/i;

/**
 * Until when an answer may wait for what is carried out elsewhere, real time, ms: `Prefer: wait=<s>` (RFC 7240). What is no
 * such preference is ignored.
 * @example deadlineOf(new Headers({ prefer: "wait=5" }), 0) // 5000
 */
export function deadlineOf(headers: Headers, now: number): number {
  const [, wait] = WAIT.exec(headers.get("prefer") ?? "") ?? [];
  return now + Math.min(wait === undefined ? DEFAULT_S : Number(wait), MOST_S) * 1_000;
}
