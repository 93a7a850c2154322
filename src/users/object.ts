import type { SchoolReference } from "../../durable-objects/calls";
import type { UserObject } from "../../durable-objects/user";
import type { Env } from "../env";
import type { School } from "../schools/snapshot";

/** What may be called on a user's object. */
export type RemoteUser = Omit<UserObject, "alarm" | "fetch" | "ctx" | "env">;

/** The object of a user. Its name is JSON, as ids may hold any character. */
export const userObject = (env: Env, school: string, user: string): RemoteUser =>
  // The platform's type of a stub refuses `unknown`; all that its methods take and give is JSON.
  env.USERS.getByName(JSON.stringify([school, user])) as unknown as RemoteUser;

export const referenceOf = (school: School): SchoolReference => ({
  id: school.id,
  stamp: school.stamp,
  now: school.now,
});
