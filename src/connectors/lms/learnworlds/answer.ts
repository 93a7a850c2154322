import * as z from "zod";
import { kept, type Reply } from "../../calling/http";
import type { CarriedOut, LmsError } from "../port";

/* What LearnWorlds' answers mean. */

/** Why something was not carried out. */
export type Failure = Omit<Extract<CarriedOut, { status: "failed" }>, "status">;

/** `json`: undefined where the answer has no body. */
export type Answer = { ok: true; status: number; json: unknown } | ({ ok: false } & Failure);

/** Their window: after it there is room again. */
const RATE_WAIT_MS = 10_000;

/** Errors come in two bodies: a list with a word of context each, or one text. */
const listed = z.object({
  errors: z.array(z.object({ message: z.string().optional(), context: z.string().optional() })),
});
const single = z.object({ error: z.string() });
const refused = z.object({ success: z.literal(false) });

/** JSON, or undefined: whoever reads it takes it through a schema, which undefined does not pass. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a body says that went wrong. */
export function faultIn(text: string): string {
  const json = jsonOf(text);
  const list = listed.safeParse(json).data?.errors.flatMap(({ message, context }) => message ?? context ?? []);
  return kept(list?.length ? list.join("; ") : (single.safeParse(json).data?.error ?? text));
}

const waitOf = (reply: Reply, otherwise?: number): { retryAfterMs?: number } => {
  const wait = (reply.reached ? reply.retryAfterMs : undefined) ?? otherwise;
  return wait === undefined ? {} : { retryAfterMs: wait };
};

/**
 * Reads an answer: 429, 5xx and silence ask for patience, a redirect, 401 and 403 are the connection's,
 * which is mended one day; the rest is final.
 */
export function answerOf(reply: Reply): Answer {
  if (!reply.reached) return { ok: false, error: reply.error, retry: true };
  const { status: code, text } = reply;
  if (code >= 200 && code < 300) return yesOf(code, text);
  const fault = faultIn(text);
  const error = fault ? `${code}: ${fault}` : String(code);
  if (code >= 300 && code < 400) return { ok: false, error: REDIRECTED, code, retry: true, broken: true };
  if (code === 401) return brokenBy(NO_TOKEN, error, code);
  if (code === 403) return brokenBy(NO_RIGHT, error, code);
  if (code === 429) return { ok: false, error, code, retry: true, ...waitOf(reply, RATE_WAIT_MS) };
  if (code === 408 || code >= 500) return { ok: false, error, code, retry: true, ...waitOf(reply) };
  return { ok: false, error, code, retry: false };
}

const REDIRECTED = "the address redirects elsewhere, which is not followed: set the address it leads to";
const NO_TOKEN = "LearnWorlds refuses the token it has just given";
const NO_RIGHT = "LearnWorlds does not let the API client do this";
const A_PAGE = "a page stands where LearnWorlds' API should answer";

/** The school is told what is wrong in our words: theirs, in the delivery, may name a learner. */
const brokenBy = (advice: string, said: string, code: number): Answer => ({
  ok: false,
  error: `${advice} (${said})`,
  advice,
  code,
  retry: true,
  broken: true,
});

function yesOf(status: number, text: string): Answer {
  if (text.trim() === "") return { ok: true, status, json: undefined };
  const json = jsonOf(text);
  if (json === undefined) {
    const said = kept(text).slice(0, 100);
    if (/^\s*</.test(text)) return brokenBy(A_PAGE, said, status);
    return { ok: false, error: `an answer that is no JSON: ${said}`, code: status, retry: true };
  }
  if (refused.safeParse(json).success)
    return { ok: false, error: faultIn(text) || "refused without a reason", code: status, retry: false };
  return { ok: true, status, json };
}

/** That LearnWorlds does not know what a path names: the user, or something else in it. */
export const isUnknown = (answer: Answer): boolean => !answer.ok && answer.code === 404;

/** Statuses by which a repeat may be refused: how it is answered is not documented. */
const REPEATED = new Set([400, 404, 409, 422]);

/** By what a refusal says that it is so already. */
export const GIVEN = /\balready\b/i;
export const TAKEN = /\balready\b|\bnot (?:an? )?(?:enrolled|member)\b/i;

/** How a change went; a refusal that says it is so already is as good as a yes. */
export function carriedOut(answer: Answer, already: RegExp, detail?: string): CarriedOut {
  if (answer.ok) return { status: "done", code: answer.status, ...(detail === undefined ? {} : { detail }) };
  const { ok: _, ...failure } = answer;
  if (failure.code !== undefined && REPEATED.has(failure.code) && already.test(failure.error))
    return { status: "done", code: failure.code, detail: failure.error };
  return { status: "failed", ...failure };
}

/** The same failure, as reads throw it. */
export const failureOf = ({ retry, retryAfterMs, broken }: Failure): LmsError["failure"] => ({
  retry,
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  ...(broken ? { broken } : {}),
});
