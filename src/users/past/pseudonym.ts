import { toBase64Url } from "../../base/bytes";
import type { Env } from "../../base/env";
import { lastingKey } from "../../world/secrets/secret-keys";
import type { School } from "../../world/snapshot";

/*
 * What stays of somebody who was erased: a name by which whoever knows the id, and our secret, can tell that it was this
 * user; nobody else learns whose it was. It is the same each time, also once the Worker's secret has become another.
 */

/** The purpose of the key behind it. */
export const ERASED_USERS = "erased-users";

const DIGITS = 16;

export async function pseudonymOf(
  env: Env,
  { id, epoch }: Pick<School, "id" | "epoch">,
  user: string,
): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify([id, epoch, user]));
  const digest = await crypto.subtle.sign("HMAC", await lastingKey(env, ERASED_USERS), text);
  return `erased-${toBase64Url(new Uint8Array(digest)).slice(0, DIGITS)}`;
}
