import { isSameSecret } from "../../base/bytes";
import { randomText } from "../../base/ids";
import type { School } from "../../world/snapshot";

/*
 * The hook key stands in the addresses that an LMS posts to, where no header can be had. It names its school, so that
 * it is found without a search.
 */

export const makeHookKey = (school: string): string => `${school}.${randomText(32)}`;

/**
 * The school of a hook key, or null.
 * @param load finds the school that it names
 */
export async function schoolOfHookKey(
  hookKey: string,
  load: (id: string) => Promise<School | null>,
): Promise<School | null> {
  const school = await load(hookKey.slice(0, hookKey.lastIndexOf(".")));
  if (!school) return null;
  return (await isSameSecret(hookKey, school.edition.hookKey)) ? school : null;
}
