import type { Env } from "../../src/base/env";
import { remindToForget } from "../../src/cron/forget";
import { type Found, findOld, retainIn, retainInShards, retainShared } from "../../src/cron/retention";

/* For tests: a round over all schools, of which each does so much as one message may. */

/** Whether anything of a school is old is looked at, whatever was seen before: tests put what is old already. */
async function findAll(env: Env): Promise<Found> {
  await env.DB.prepare("update school_ages set at = 0 where at > 0").run();
  return findOld(env, { most: -1 });
}

/** Deletes what is kept no more. @returns whether there may be more of it */
export async function retain(env: Env): Promise<boolean> {
  const { old, due } = await findAll(env);
  const shared = await retainShared(env);
  const left = await retainIn(env, old);
  const { isLeft } = await retainInShards(
    env,
    due.map(({ school }) => school),
  );
  return shared || left || isLeft;
}

/** Reminds those of a school who are to forget. */
export async function remind(env: Env, school: string): Promise<void> {
  const { away } = await findAll(env);
  await remindToForget(
    env,
    away.filter((one) => one === school),
  );
}
