import * as z from "zod";
import { sha256, toBase64Url } from "../../base/bytes";
import { type Env, secretKeysOf } from "../../base/env";
import { Problem } from "../../base/errors/errors";
import { type IdSeed, withIdsFrom } from "../../base/ids";
import { canonical, readJson } from "../../base/json";
import { log } from "../../base/reports/log";
import { asDeed, type Deed } from "../../calls/reaching/deed";
import { open, type SealPlace, seal } from "../../connectors/secrets/sealed";
import {
  type AnswerClaim,
  type AnswerKey,
  claimAnswer,
  keepAnswer,
  leaveUnanswered,
  type Made,
  readAnswer,
  releaseAnswer,
  whatWasMade,
} from "../../db/answers";

/*
 * A write with an Idempotency-Key is done once: its first answer is kept for 24 real hours and given again. The row
 * is claimed before the work begins; what ends with a 5xx gives it free again.
 */

/** How long a copy waits for the first to end before it is told to come back. */
const POLLS = 10;
const POLL_MS = 200;

/** At three bytes a character well under the 2 MB that a row takes. */
const MAX_KEPT_CHARACTERS = 600_000;

const storedHeaders = z.record(z.string(), z.string());

/** An answer as it is kept. */
export interface KeptAnswer {
  status: number;
  headers: Record<string, string>;
  text: string | null;
}

/** An answer as it is sent, which may be a stream in place of a text. */
export interface SentAnswer extends KeptAnswer {
  stream?: ReadableStream<Uint8Array>;
}

/** To be kept it is read. */
const readWhole = async ({ stream, ...answer }: SentAnswer): Promise<KeptAnswer> =>
  stream ? { ...answer, text: await new Response(stream).text() } : answer;

export interface IdempotentRequest {
  /** Empty for the platform's. */
  school: string;
  /** The header. */
  key: string;
  method: string;
  /** Path and query. */
  path: string;
  /** Whose answers must not be given to others of the school: a user token's, or a maker of secrets. */
  owner: string | null;
  /** What the bodies are compared by: see `bodyHash`. */
  bodyHash: string;
  /** The answer shows a secret: it is kept sealed. */
  secret: boolean;
}

export const digestOf = async (data: string | Uint8Array): Promise<string> => toBase64Url(await sha256(data));

/** What two bodies are equal by: JSON as its meaning, anything else as its bytes. */
export async function bodyHash(bytes: Uint8Array): Promise<string> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    // Not JSON: its answer, whatever it is, is kept by the bytes.
    return digestOf(bytes);
  }
  try {
    return await digestOf(canonical(value));
  } catch (error) {
    // Nested too deep to be walked; it will be refused.
    if (error instanceof RangeError) return digestOf(bytes);
    throw error;
  }
}

/**
 * Does `work` once for a key, else gives its first answer again; 409 for another body, or while it is under way.
 * @param deed what of the work was done; what ended badly after that is looked for when the request comes again
 * @param answerOf makes the answer anew of a request that was cut off between its writing and the keeping of its answer
 */
export async function once(
  env: Env,
  request: IdempotentRequest,
  work: () => Promise<SentAnswer>,
  answerOf: (made: Made) => Promise<KeptAnswer>,
  deed: Deed,
): Promise<KeptAnswer> {
  if (!/^[\x20-\x7e]{1,255}$/.test(request.key)) {
    throw new Problem("invalid", "Idempotency-Key has 1 to 255 printable ASCII characters.");
  }
  const { school, bodyHash } = request;
  // Hashed: the path may name a user, and the key may be anything.
  const digest = await digestOf(JSON.stringify([request.key, request.method, request.path, request.owner]));
  const key: AnswerKey = { school, key: digest };

  let claim: AnswerClaim | null = null;
  for (let poll = 0; !claim; poll++) {
    claim = await claimAnswer(env, key, bodyHash);
    if (claim) break;
    const row = await readAnswer(env, key);
    if (!row) continue;
    if (row.bodyHash !== bodyHash) throw new Problem("conflict", "This Idempotency-Key was used with another body.");
    if (row.status !== null) {
      const headers = row.headers === null ? {} : readJson(storedHeaders, row.headers);
      const text = request.secret ? await unsealed(env, key, row.answer) : row.answer;
      return { status: row.status, headers: { ...headers, "idempotent-replayed": "true" }, text };
    }
    if (poll === POLLS)
      throw new Problem("conflict", "A request with this Idempotency-Key is under way.", undefined, 1);
    await scheduler.wait(POLL_MS);
  }

  // Ids derive from the request: what a request that died has written is found by them, and never written twice.
  const seed: IdSeed = { at: claim.at, digest };
  let answer: KeptAnswer;
  try {
    const made = claim.isSecondTry ? await whatWasMade(env, school, seed) : null;
    answer = await readWhole(made ? await answerOf(made) : await withIdsFrom(seed, work));
  } catch (error) {
    await (deed.isDone ? leaveUnanswered(env, key) : releaseAnswer(env, key));
    throw error;
  }
  // It is answered, whatever becomes of the row: a claim that stays is looked into when the request comes again.
  await asDeed({ isDone: true }, () => settleRow(env, key, request, answer, deed)).catch((error: unknown) =>
    log("error", "answer.not_kept", { school, error }),
  );
  return answer;
}

async function settleRow(
  env: Env,
  key: AnswerKey,
  { secret }: IdempotentRequest,
  { status, headers, text: plain }: KeptAnswer,
  { isDone }: Deed,
): Promise<void> {
  // What says to come again is no answer for a day: asked again, it is judged anew, by what was done if anything was.
  if (status >= 500 || "retry-after" in headers) return isDone ? leaveUnanswered(env, key) : releaseAnswer(env, key);
  const text = secret ? await sealed(env, key, plain) : plain;
  if ((text?.length ?? 0) > MAX_KEPT_CHARACTERS) return leaveUnanswered(env, key);
  return keepAnswer(env, key, { status, headers: JSON.stringify(headers), answer: text });
}

const place = ({ school, key }: AnswerKey): SealPlace => [school, "idempotency", "answer", key];

const sealed = async (env: Env, key: AnswerKey, text: string | null) =>
  text === null ? null : seal(secretKeysOf(env), place(key), text);

const unsealed = async (env: Env, key: AnswerKey, text: string | null) =>
  text === null ? null : open(secretKeysOf(env), place(key), text);
