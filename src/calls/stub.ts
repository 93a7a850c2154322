import type { Env } from "../base/env";
import { notFound } from "../base/errors";
import type { RemoteUser, SchoolReference } from "./user";

/**
 * The platform tells an object its own name up to this length only; no id that the contract allows makes a longer one.
 */
const MAX_NAME_BYTES = 1_024;
const MAX_BYTES_A_UNIT = 3;

const isTooLong = (name: string) =>
  name.length * MAX_BYTES_A_UNIT > MAX_NAME_BYTES && new TextEncoder().encode(name).length > MAX_NAME_BYTES;

/** The object of a user; 404 for what is too long to be one. Its name is JSON, as ids may hold any character. */
export function userObject(env: Env, school: string, user: string): RemoteUser {
  const name = JSON.stringify([school, user]);
  if (isTooLong(name)) throw notFound("user");
  // The platform's type of a stub refuses `unknown`; all that its methods take and give is JSON.
  return env.USERS.getByName(name) as unknown as RemoteUser;
}

export const referenceOf = (school: SchoolReference): SchoolReference => ({
  id: school.id,
  stamp: school.stamp,
  now: school.now,
});
