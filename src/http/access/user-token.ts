import { compactVerify, decodeJwt, errors } from "jose";
import * as z from "zod";
import type { Env } from "../../base/env";
import { Problem } from "../../base/errors/errors";
import { signingSecretsOf } from "../../schools/keys/signing-secret";
import { userId } from "../../users/events/event";
import { schoolNamed } from "./strangers";

/*
 * Tokens of learners' browsers: JWTs that an LMS's backend signs with its school's secret (HS256).
 */

const AUDIENCE = "schoolbell";
const MAX_CHARACTERS = 4_096;
/** How far ahead a token may end, in seconds. */
const MAX_LIFE_S = 24 * 3_600;
/** How far the LMS's clock may be from ours, in seconds. */
const LEEWAY_S = 60;

/** What a token says, each claim by a schema of its own, so that a refusal can name it. @param nowS real time, seconds */
const claimsAt = (nowS: number) => ({
  sub: userId.refine((text) => text.isWellFormed() && !text.includes("\0")),
  aud: z.union([z.literal(AUDIENCE), z.array(z.string()).refine((all) => all.includes(AUDIENCE))]),
  exp: z
    .number()
    .gt(nowS - LEEWAY_S)
    .lte(nowS + MAX_LIFE_S + LEEWAY_S),
  nbf: z
    .number()
    .lte(nowS + LEEWAY_S)
    .optional(),
});

const RULES: Readonly<Record<keyof ReturnType<typeof claimsAt>, string>> = {
  sub: "is the id of a user",
  aud: `is "${AUDIENCE}"`,
  exp: "is the end of the token in seconds since 1970, not past and at most 24 h ahead",
  nbf: "is the begin of the token in seconds since 1970, and not ahead",
};

/**
 * Reads a user's token: null where no school that it names has signed it, which says no more.
 * @returns the school and the user's id; `until` when it ends, real time, ms
 * @throws Problem 401 that names the claim at fault of a token that is signed
 */
export async function readUserToken(
  env: Env,
  request: Request,
  token: string,
): Promise<{ school: string; user: string; until: number } | null> {
  if (token.length > MAX_CHARACTERS) return null;
  const payload = payloadOf(token);
  const named = z.string().min(1).max(128).safeParse(payload?.school);
  if (!payload || !named.success) return null;
  // Nothing of the token is believed yet: the school named has to have signed it.
  const school = await schoolNamed(env, request, named.data);
  if (!school || !(await isSignedByOne(token, await signingSecretsOf(env, school)))) return null;
  const claims = z.object(claimsAt(Date.now() / 1_000)).safeParse(payload);
  if (claims.success) {
    const { sub, exp } = claims.data;
    return { school: school.id, user: sub, until: (exp + LEEWAY_S) * 1_000 };
  }
  const [claim] = claims.error.issues[0]?.path ?? [];
  throw new Problem("unauthorized", `The token is signed, but not good: \`${String(claim)}\` ${ruleOf(claim)}.`);
}

const ruleOf = (claim: PropertyKey | undefined): string =>
  Object.entries(RULES).find(([name]) => name === claim)?.[1] ?? "is not as it must be";

function payloadOf(token: string): Record<string, unknown> | null {
  try {
    return decodeJwt(token);
  } catch (error) {
    // It throws for whatever is no token: nobody's.
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}

async function isSignedByOne(token: string, secrets: readonly string[]): Promise<boolean> {
  for (const secret of secrets) {
    try {
      await compactVerify(token, new TextEncoder().encode(secret), { algorithms: ["HS256"] });
      return true;
    } catch (error) {
      // It says no by throwing; all reasons are one to us.
      if (!(error instanceof errors.JOSEError)) throw error;
    }
  }
  return false;
}
