import { isSameSecret } from "../base/bytes";
import type { Env } from "../base/env";
import { randomText } from "../base/ids";
import { loadSchool, type School } from "../world/snapshot";

/*
 * The hook key stands in the addresses that an LMS posts to, where no header can be had. It names its school, so that
 * it is found without a search.
 */

export const makeHookKey = (school: string): string => `${school}.${randomText(32)}`;

/** The school of a hook key, or null. */
export async function schoolOfHookKey(env: Env, hookKey: string): Promise<School | null> {
  const school = await loadSchool(env, hookKey.slice(0, hookKey.lastIndexOf(".")));
  if (!school) return null;
  return (await isSameSecret(hookKey, school.edition.hookKey)) ? school : null;
}
