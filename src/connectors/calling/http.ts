import { checkUrl } from "../../catalogue/options/address";
import type { Parcel, SendResult, Tools } from "../ports";
import { PRIVATE, whereLeads } from "./address";

export const TIMEOUT_MS = 10_000;
const READ_BYTES = 64 * 1024;
const KEEP_CHARACTERS = 1_024;
const LONGEST_WAIT_MS = 24 * 3_600_000;

/** What came back: a status, or the reason why there is none. */
export type Reply =
  | { reached: true; status: number; text: string; retryAfterMs?: number }
  | { reached: false; timedOut: boolean; error: string };

/** Milliseconds of a `Retry-After` header (seconds or a date, RFC 9110), at most a day; undefined when there is none. */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), LONGEST_WAIT_MS) : undefined;
}

/** The beginning of a body, without taking in more than so many bytes of it, however much there is. */
async function beginning(response: Response, most: number): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return "";
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  while (bytes < most) {
    const { done, value } = await reader.read();
    if (done) return text;
    bytes += value.byteLength;
    text += decoder.decode(value.subarray(0, most), { stream: true });
  }
  await reader.cancel();
  return text;
}

/** `mostBytes`: so much of the answer is read; 64 KiB where it is left out. */
export interface VendorRequest {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  mostBytes?: number;
}

/**
 * One HTTP request with all that every one of them needs: a time limit over the whole of it, no redirects
 * followed, a body read to a bound. Rejects never for what the world does.
 */
export async function callVendor(tools: Tools, url: string, request: VendorRequest): Promise<Reply> {
  const limitMs = tools.timeoutMs ?? TIMEOUT_MS;
  const signal = AbortSignal.timeout(limitMs);
  try {
    const response = await tools.fetch(url, {
      method: request.method ?? "POST",
      headers: {
        accept: "application/json",
        "user-agent": "Schoolbell/1 (+https://schoolbell.dev)",
        ...request.headers,
      },
      ...(request.body === undefined ? {} : { body: request.body }),
      redirect: "manual",
      signal,
    });
    const wait = retryAfterMs(response.headers.get("retry-after"), tools.now());
    const text = await beginning(response, request.mostBytes ?? READ_BYTES);
    return { reached: true, status: response.status, text, ...(wait === undefined ? {} : { retryAfterMs: wait }) };
  } catch (error) {
    if (signal.aborted) return { reached: false, timedOut: true, error: `no whole answer within ${limitMs} ms` };
    return { reached: false, timedOut: false, error: `not reached: ${error instanceof Error ? error.message : error}` };
  }
}

/** What is kept of an answer for people to read: its beginning, on one line. */
export const kept = (text: string): string =>
  text
    .slice(0, KEEP_CHARACTERS)
    .replaceAll(/[\p{Cc}\s]+/gu, " ")
    .trim();

const statusError = (status: number, text: string) => {
  const reason = status >= 300 && status < 400 ? "a redirect, which is not followed" : kept(text);
  return reason ? `${status}: ${reason}` : String(status);
};

/** Statuses by which a server says that the same request may do better later. */
const LATER = new Set([408, 425, 429]);

/** A vendor's answer: 2xx is a yes, 429 and 5xx ask for patience, every other status is final. */
export function judgeVendor(answer: Reply): SendResult {
  if (!answer.reached) return { ok: false, error: answer.error, retry: true };
  const { status, text } = answer;
  if (status >= 200 && status < 300) return { ok: true, code: status };
  return failed(answer, statusError(status, text), status >= 500 || LATER.has(status));
}

/** The answer to a school's own webhook: its makers deploy and mend it, so all but 410 (gone) is tried again. */
export function judgeWebhook(answer: Reply): SendResult {
  if (!answer.reached) return { ok: false, error: answer.error, retry: true };
  const { status, text } = answer;
  if (status >= 200 && status < 300) return { ok: true, code: status, ...(text ? { detail: kept(text) } : {}) };
  return failed(answer, statusError(status, text), status !== 410);
}

/** A refusal with what the answer said of when to come back. */
export const failed = (answer: Reply, error: string, retry: boolean): SendResult => ({
  ok: false,
  error,
  retry,
  ...(answer.reached ? { code: answer.status } : {}),
  ...(retry && answer.reached && answer.retryAfterMs !== undefined ? { retryAfterMs: answer.retryAfterMs } : {}),
});

const ownOf = ({ ownHosts, loopback }: Tools) => ({ ownHosts, ...(loopback ? { loopback } : {}) });

/** Why an address that a school gave must not be called now, or null. */
export async function refusal(url: string, parcel: Pick<Parcel, "mode">, tools: Tools): Promise<SendResult | null> {
  const fault = checkUrl(url, { mode: parcel.mode, ...ownOf(tools) });
  if (fault !== null) return { ok: false, error: fault, retry: false };
  return refusalOfHost(new URL(url).hostname, tools);
}

/** Why a host must not be connected to now, by what its name leads to, or null. Names lead anew each time: so is this asked. */
export async function refusalOfHost(host: string, { resolve }: Tools): Promise<SendResult | null> {
  const leads = resolve ? await whereLeads(host, resolve) : "public";
  switch (leads) {
    case "public":
      return null;
    case "private":
      return { ok: false, error: PRIVATE, retry: false };
    case "nowhere":
      return { ok: false, error: "this host has no address", retry: true };
    case "unknown":
      return { ok: false, error: "where this host leads cannot be looked up", retry: true };
  }
}
