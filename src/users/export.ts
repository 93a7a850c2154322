import type { Env } from "../env";
import type { School } from "../schools/snapshot";
import { readUser } from "./change";
import { readHeld } from "./held";
import { userObject } from "./object";

/** All that is held of a user: in the object, and in D1 by table. */
export async function exportUser(env: Env, school: School, id: string) {
  const user = await readUser(env, school, id);
  const held = await userObject(env, school.id, id).everything();
  const emails = user.email === null ? [] : [user.email];
  return {
    user,
    push_tokens: held?.packed.state?.learner.pushTokens ?? [],
    state: held?.packed ?? null,
    journal: held?.journal ?? [],
    log: await readHeld(env, { school: school.id, id, emails }),
  };
}
