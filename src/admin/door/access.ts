import { decode, verifyWithJwks } from "hono/jwt";
import { z } from "zod";
import { type Env, variablesOf } from "../../base/env";
import { log } from "../../base/log";

/*
 * Cloudflare Access in front of the UI, where its two variables are set: whoever comes is known already, and who does
 * not come through it stays out.
 */

/** A public key as a JWK set lists it. */
const jwk = z.looseObject({ kty: z.string(), kid: z.string() });
const jwkSet = z.object({ keys: z.array(jwk) });
export type Jwk = z.output<typeof jwk>;

/** The keys that Access signs with, by the team's domain. */
export type FetchKeys = (domain: string) => Promise<Jwk[]>;

const KEPT_MS = 10 * 60_000;
const kept = new Map<string, { keys: Jwk[]; until: number }>();

const fetchKeys: FetchKeys = async (domain) => {
  const response = await fetch(`https://${domain}/cdn-cgi/access/certs`);
  if (!response.ok) throw new Error(`Access answers ${response.status} to the question for its keys.`);
  return jwkSet.parse(await response.json()).keys;
};

/** Keys change over every few weeks: one that is not known yet is asked for, at most once a minute. */
async function keysFor(domain: string, kid: string | undefined, fetchKeys: FetchKeys): Promise<Jwk[]> {
  const now = Date.now();
  const known = kept.get(domain);
  const isOld = !known || known.until < now;
  const isStrange =
    known !== undefined && !known.keys.some((key) => key.kid === kid) && known.until - now < KEPT_MS - 60_000;
  if (known && !isOld && !isStrange) return known.keys;
  const keys = await fetchKeys(domain);
  kept.set(domain, { keys, until: now + KEPT_MS });
  return keys;
}

const claims = z.object({ email: z.email() });

export type Identity = { kind: "off" } | { kind: "nobody" } | { kind: "somebody"; email: string };

/** Whom Access says a request is from; `off` where it is not configured. `ask` fetches the keys: tests bring their own. */
export async function identityOf(env: Env, request: Request, ask: FetchKeys = fetchKeys): Promise<Identity> {
  const { ACCESS_TEAM_DOMAIN: domain, ACCESS_AUD: audience } = variablesOf(env);
  if (domain === undefined || audience === undefined) return { kind: "off" };
  const token = request.headers.get("cf-access-jwt-assertion");
  if (token === null) return { kind: "nobody" };
  try {
    const keys = await keysFor(domain, decode(token).header.kid, ask);
    const payload = await verifyWithJwks(token, {
      keys,
      allowedAlgorithms: ["RS256"],
      verification: { iss: `https://${domain}`, aud: audience },
    });
    return { kind: "somebody", email: claims.parse(payload).email.toLowerCase() };
  } catch (error) {
    // The library says no by throwing, whatever the reason; its messages repeat the assertion.
    log("warn", "access.refused", { subject: error instanceof Error ? error.name : "" });
    return { kind: "nobody" };
  }
}
