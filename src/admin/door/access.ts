import { createRemoteJWKSet, type JWTVerifyGetKey, jwtVerify } from "jose";
import * as z from "zod";
import { Cache } from "../../base/cache";
import { type Env, variablesOf } from "../../base/env";
import { log } from "../../base/reports/log";
import { addressKey } from "../../catalogue/account/email";

/*
 * Cloudflare Access in front of the UI, where its two variables are set: whoever comes is known already, and who does
 * not come through it stays out.
 */

/** Keys change over every few weeks: one that is not known yet is asked for, at most once a minute. */
const KEPT_MS = 10 * 60_000;
const NOT_AGAIN_MS = 60_000;

/** The keys that Access signs with, by the team's domain. */
const teams = new Cache<JWTVerifyGetKey>({ entries: 10 });

const keysOf = (domain: string): JWTVerifyGetKey =>
  teams.get(domain) ??
  teams.set(
    domain,
    createRemoteJWKSet(new URL(`https://${domain}/cdn-cgi/access/certs`), {
      cacheMaxAge: KEPT_MS,
      cooldownDuration: NOT_AGAIN_MS,
    }),
  );

const claims = z.object({ email: z.email() });

export type Identity = { kind: "off" } | { kind: "nobody" } | { kind: "somebody"; email: string };

/** Whom Access says a request is from; `off` where it is not configured. */
export async function identityOf(env: Env, request: Request): Promise<Identity> {
  const { ACCESS_TEAM_DOMAIN: domain, ACCESS_AUD: audience } = variablesOf(env);
  if (domain === undefined || audience === undefined) return { kind: "off" };
  const token = request.headers.get("cf-access-jwt-assertion");
  if (token === null) return { kind: "nobody" };
  try {
    const { payload } = await jwtVerify(token, keysOf(domain), {
      algorithms: ["RS256"],
      issuer: `https://${domain}`,
      audience,
      requiredClaims: ["exp"],
    });
    return { kind: "somebody", email: addressKey(claims.parse(payload).email) };
  } catch (error) {
    // The library says no by throwing, whatever the reason; its messages repeat the assertion.
    log("warn", "access.refused", { subject: error instanceof Error ? error.name : "" });
    return { kind: "nobody" };
  }
}
