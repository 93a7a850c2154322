import type { Env } from "../../base/env";
import { userObject } from "../../calls/reaching/stub";
import type { EventCall, SchoolEpoch } from "../../calls/user";

/**
 * Whether an event came before: a copy tells nothing of the school, which may have been told otherwise since. A call, so
 * only for what would change the school.
 */
export const isCopy = async (
  env: Env,
  school: SchoolEpoch,
  user: string,
  { id, hash }: Pick<EventCall, "id" | "hash">,
): Promise<boolean> =>
  // That there is a hash says that copies may come; which, is looked for by the id.
  hash !== null && !(await userObject(env, school, user).areNew([{ id, hash: "" }]));
