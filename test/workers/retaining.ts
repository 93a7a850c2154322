import type { Env } from "../../src/base/env";
import { remindToForget } from "../../src/cron/forget";
import { findOld, retainIn, retainInShards, retainShared } from "../../src/cron/retention";
import { LAST } from "../../src/cron/rounds";

/* For tests: a round over all schools, of which each does so much as one message may. */

const EVERY_SCHOOL = { after: "", through: LAST };

/** Deletes what is kept no more. @returns whether there may be more of it */
export async function retain(env: Env): Promise<boolean> {
  const { old } = await findOld(env, { ...EVERY_SCHOOL, most: -1 });
  const left = [await retainShared(env), await retainIn(env, old), await retainInShards(env, EVERY_SCHOOL)];
  return left.includes(true);
}

/** Reminds of some schools those who are to forget. */
export async function remind(env: Env, range: typeof EVERY_SCHOOL): Promise<void> {
  const { away } = await findOld(env, { ...range, most: -1 });
  await remindToForget(env, away);
}
