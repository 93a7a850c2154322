import ipaddr from "ipaddr.js";
import { Cache } from "../../base/cache";
import type { Env } from "../../base/env";
import { Problem } from "../../base/errors/errors";
import { isAtHand, loadSchool, type School } from "../../world/snapshot";

/*
 * Credentials that name nobody. To look for whom one names costs a read of D1, and costs whoever makes them up nothing.
 * So what was looked for in vain is known for a few seconds, and an address from which too many came is refused before
 * the next one is looked for. Whom we have seen to be somebody is not held up by others at the same address.
 */

/** What is made meanwhile under a name that was asked for is seen here at once, and within this time everywhere. */
const NOBODY_MS = 5_000;
const nobodies = new Cache<true>({ entries: 10_000, characters: 1_000_000 });
const acquaintances = new Cache<true>({ entries: 10_000, characters: 1_000_000 });

/** Makes this isolate look anew for names that were nobody's, after a school was made. */
export const forgetNobodies = (): void => nobodies.clear();

/**
 * Looks for whom a credential names; null: nobody. 429 where too many from this address named nobody.
 * @param name what it is known by: the same for no two credentials of which one may be good
 */
export async function lookFor<T>(
  env: Env,
  request: Request,
  name: string,
  find: () => Promise<T | null>,
): Promise<T | null> {
  if (nobodies.get(name, Date.now())) return null;
  if (!acquaintances.get(name)) requireFew(request);
  const found = await find();
  if (found !== null) {
    acquaintances.set(name, true);
    return found;
  }
  acquaintances.delete(name);
  nobodies.set(name, true, Date.now() + NOBODY_MS);
  await count(env, request);
  return null;
}

/** The school that somebody unknown names, or null. One at hand costs no read, so it is neither counted nor refused. */
export const schoolNamed = (env: Env, request: Request, id: string): Promise<School | null> =>
  isAtHand(id) ? loadSchool(env, id) : lookFor(env, request, `school ${id}`, () => loadSchool(env, id));

// ---- By address ----

const REFUSED_MS = 10_000;
/** Real time until which an address is refused. */
const refusedUntil = new Cache<number>({ entries: 10_000 });

const tooMany = (leftMs: number) =>
  new Problem("too_many", "Too many credentials from your address name nobody.", undefined, Math.ceil(leftMs / 1_000));

/** Where a request comes from, as the platform says; of IPv6 the network, for its holder has all addresses in it. */
function networkOf(request: Request): string {
  const address = request.headers.get("cf-connecting-ip") ?? "";
  if (!ipaddr.IPv6.isValid(address)) return `address ${address}`;
  return `network ${ipaddr.IPv6.parse(address).parts.slice(0, 4).join()}`;
}

function requireFew(request: Request): void {
  const now = Date.now();
  const until = refusedUntil.get(networkOf(request), now);
  if (until !== undefined) throw tooMany(until - now);
}

/** Counts one by the limit that a user has too; 429 for the first beyond it. */
async function count(env: Env, request: Request): Promise<void> {
  const network = networkOf(request);
  if (!env.USER_LIMIT || (await env.USER_LIMIT.limit({ key: network })).success) return;
  const end = Date.now() + REFUSED_MS;
  refusedUntil.set(network, end, end);
  throw tooMany(REFUSED_MS);
}
