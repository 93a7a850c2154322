import type { Env } from "../../base/env";
import { referenceOf, userObject } from "../../calls/reaching/stub";
import type { Changed } from "../../calls/user";
import { isLead } from "../../catalogue/facts/facts";
import type { Change } from "../../engine/play";
import type { School } from "../../world/snapshot";
import { handOver } from "./hand-over";

/*
 * What comes for the id of a user who was merged into another is the other's. Nobody pays for it who was not: it is asked
 * only where there is nobody.
 */

/** Does something with a user, and where there is nobody with whom that one was merged into; null: there is nobody. */
export async function ofUser<T>(
  env: Env,
  school: School,
  user: string,
  act: (user: string) => Promise<T | null>,
): Promise<T | null> {
  const result = await act(user);
  if (result !== null || isLead(user)) return result;
  const { user: holder, holdsLead } = await userObject(env, school, user).holder();
  if (holder === null) return null;
  return act(holdsLead ? (await handOver(env, school, user, holder)).to : holder);
}

/** `tells`: the caller has D1 hear of it, by the id that it has; `lists`: at once. */
export const changeOf = (
  env: Env,
  school: School,
  user: string,
  input: Change,
  { tells = false, lists = false, ...options }: { creates: boolean; once?: string; tells?: boolean; lists?: boolean },
): Promise<Changed | null> =>
  ofUser(env, school, user, (of) =>
    userObject(env, school, of).change(referenceOf(school), input, {
      ...options,
      tells: tells && of === user,
      lists: lists && of === user,
    }),
  );

/** Who is meant by an id; itself where nobody was merged, or nobody is there. */
export async function whoIs(env: Env, school: School, user: string): Promise<string> {
  return (
    (await ofUser(env, school, user, async (of) => ((await userObject(env, school, of).addresses()) ? of : null))) ??
    user
  );
}
