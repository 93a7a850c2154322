import type { Env } from "../base/env";
import { userObject } from "../calls/stub";
import { readHeld } from "../journal/held";
import type { School } from "../world/snapshot";
import { readUser } from "./change";

/** All that is held of a user: in the object, and in D1 by table. */
export async function exportUser(env: Env, school: School, id: string) {
  const user = await readUser(env, school, id);
  const held = await userObject(env, school, id).everything();
  const emails = user.email === null ? [] : [user.email];
  return {
    user,
    push_tokens: held?.packed.state?.learner.pushTokens ?? [],
    state: held?.packed ?? null,
    journal: held?.journal ?? [],
    log: await readHeld(env, { school: school.id, id, emails }),
  };
}
