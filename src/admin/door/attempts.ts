import { type Env, variablesOf } from "../../base/env";
import { Problem } from "../../base/errors/errors";
import { say } from "../../language/say";
import { countTry } from "../../schools/sign-in/attempts";

/** How often in 15 minutes. */
const MOST = {
  /** Links to one email address. */
  account: 5,
  /** Tries of any kind from one network address. */
  address: 30,
} as const;

/** Where a request comes from; one address for all where the platform does not say. */
const addressOf = (request: Request): string => request.headers.get("cf-connecting-ip") ?? "";

async function count(env: Env, of: keyof typeof MOST, who: string): Promise<void> {
  const tried = await countTry(env, `${of} ${who}`);
  if (tried.count <= MOST[of]) return;
  const seconds = Math.ceil((tried.until - Date.now()) / 1_000);
  throw new Problem(
    "too_many",
    say("Too many attempts. Try again in {n} minutes.", { n: Math.ceil(seconds / 60) }),
    undefined,
    seconds,
  );
}

/** Counts a try to sign in; 429 beyond what is allowed. The same for addresses we know and others. */
export async function countAttempt(env: Env, request: Request, email: string | null): Promise<void> {
  // On a developer's own machine all come from one address, tests in a row too.
  if (!variablesOf(env).LOCAL || addressOf(request) !== "") await count(env, "address", addressOf(request));
  if (email !== null) await count(env, "account", email);
}
