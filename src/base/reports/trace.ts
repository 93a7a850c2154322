/*
 * Trace Context (W3C): one id for all that one request brings about, here and in the systems before and behind us.
 */

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?$/;

/** The trace that a `traceparent` names, 32 hex digits; null: it names none. */
export function traceIn(header: string | null): string | null {
  const [, trace, more] = TRACEPARENT.exec(header ?? "") ?? [];
  // The version of today has nothing more; those to come may.
  return trace === undefined || (more !== undefined && header?.startsWith("00-")) ? null : trace;
}

const SPAN_DIGITS = 16;

/** Says that something belongs to a trace, as a call of its own within it. */
export const traceparentOf = (trace: string): string =>
  // The last digits of an id are random but for two bits, which are never nought.
  `00-${trace}-${crypto.randomUUID().replaceAll("-", "").slice(-SPAN_DIGITS)}-01`;
