import type { Env } from "../../base/env";
import { notFound } from "../../base/errors/errors";
import { namedAt } from "../../base/errors/faults";
import { userObject } from "../../calls/reaching/stub";
import type { UserState } from "../../engine/types";
import type { School } from "../../world/snapshot";
import { exampleState } from "./example";

/** What is known of a user on whom something is tried; 404 where nobody is known by the id. */
export async function knownUser(env: Env, school: School, id: string): Promise<UserState> {
  const state = await userObject(env, school, id).state();
  if (!state) throw notFound("user");
  return state;
}

/** Of whom a body names at `/user`, or of an example where it names nobody. */
export const meantUser = (env: Env, school: School, id: string | undefined, now: number) =>
  namedAt("/user", id === undefined ? Promise.resolve(exampleState(now)) : knownUser(env, school, id));
