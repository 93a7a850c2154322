import { callVendor, type Reply, TIMEOUT_MS, type VendorRequest } from "../../calling/http";
import type { Tools } from "../../ports";
import type { Failure } from "./answer";

/* One attempt's requests, each in its turn: the school's requests are counted, and an attempt has so much time in all. */

/** So long an attempt waits in all for its turn; what has to wait longer comes again. */
const LONGEST_WAIT_MS = 2_000;

/**
 * So late a turn is still taken. What was held up for longer, by a laden machine or network, would go together with those
 * whose turn is now: it asks anew. The rate counts over so much more than the vendor does.
 */
export const LATE_MS = 1_000;

export interface Turns {
  /** Sends one request once there is room for it; a failure where there is none in time. */
  send(url: string, request: VendorRequest): Promise<Reply | { notYet: Failure }>;
  /** Lets time pass; false, at once, where the attempt has not so much left. */
  pause(ms: number): Promise<boolean>;
}

const USED_UP = "the school's requests are used up for now";

const passing = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Begins an attempt. */
export function turnsOf(tools: Tools): Turns {
  const endsAt = tools.now() + (tools.timeoutMs ?? TIMEOUT_MS);
  const leftMs = () => endsAt - tools.now();
  let waitedMs = 0;

  /** Waits for a turn; 0: it has come. Else in how many ms to come again. */
  async function room(): Promise<number> {
    if (!tools.admit) return 0;
    for (;;) {
      const mostMs = Math.max(0, Math.min(LONGEST_WAIT_MS - waitedMs, leftMs() - 1));
      const askedAt = tools.now();
      const waitMs = await tools.admit(mostMs);
      if (waitMs > mostMs) return waitMs;
      if (waitMs > 0) await passing(waitMs);
      const takenMs = tools.now() - askedAt;
      waitedMs += takenMs;
      if (takenMs - waitMs <= LATE_MS) return 0;
      if (waitedMs >= LONGEST_WAIT_MS) return LATE_MS;
    }
  }

  return {
    async send(url, request) {
      const waitMs = await room();
      if (waitMs > 0) return { notYet: { error: USED_UP, retry: true, retryAfterMs: waitMs, notYet: true } };
      const timeoutMs = leftMs();
      if (timeoutMs <= 0) return { notYet: { error: "no time left in this attempt", retry: true } };
      return callVendor({ ...tools, timeoutMs }, url, request);
    },
    async pause(ms) {
      if (ms >= leftMs()) return false;
      await passing(ms);
      return true;
    },
  };
}
