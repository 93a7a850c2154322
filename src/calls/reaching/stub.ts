import type { Env } from "../../base/env";
import { notFound } from "../../base/errors/errors";
import { type Jurisdiction, jurisdictionOf } from "../../base/jurisdiction";
import type { RemoteSchool } from "../school";
import type { RemoteUser, SchoolEpoch, SchoolReference, UserPlace } from "../user";
import { remote, SCHOOL_CALLS, USER_CALLS } from "./again";

/**
 * The platform tells an object its own name up to this length only; no id that the contract allows makes a longer one.
 */
const MAX_NAME_BYTES = 1_024;
const MAX_BYTES_A_UNIT = 3;

const isTooLong = (name: string) =>
  name.length * MAX_BYTES_A_UNIT > MAX_NAME_BYTES && new TextEncoder().encode(name).length > MAX_NAME_BYTES;

/** Its name is JSON, as ids may hold any character. The first schools of an id were not counted yet. */
const nameOf = ({ school, epoch, user }: UserPlace): string =>
  JSON.stringify(epoch === 1 ? [school, user] : [school, user, epoch]);

/** Whose object has a name. */
export function placeOf(name: string | undefined): UserPlace {
  const [school, user, epoch = 1]: unknown[] = JSON.parse(name ?? "[]");
  if (typeof school !== "string" || typeof user !== "string" || typeof epoch !== "number")
    throw new Error("an object is reached by its school and user");
  return { school, epoch, user };
}

/** Objects of a school that has a jurisdiction are in no other namespace: another has an object of its own by the same name. */
function within(objects: DurableObjectNamespace, epoch: number): DurableObjectNamespace {
  const jurisdiction = jurisdictionOf(epoch);
  return jurisdiction === null ? objects : objects.jurisdiction(jurisdiction);
}

/** Whether there can be objects in a jurisdiction: at Cloudflare there can, in workerd by itself not. */
export function keepsObjectsIn(env: Env, jurisdiction: NonNullable<Jurisdiction>): boolean {
  try {
    return Boolean(env.USERS.jurisdiction(jurisdiction));
  } catch {
    return false;
  }
}

/** The object of a user; 404 for what is too long to be one. */
export const userObject = (env: Env, { id, epoch }: SchoolEpoch, user: string): RemoteUser =>
  objectAt(env, { school: id, epoch, user });

export function objectAt(env: Env, place: UserPlace): RemoteUser {
  const name = nameOf(place);
  if (isTooLong(name)) throw notFound("user");
  // The platform's type of a stub refuses `unknown`; all that its methods take and give is JSON.
  return remote(() => within(env.USERS, place.epoch).getByName(name) as unknown as RemoteUser, USER_CALLS);
}

/** The object of a school as a whole. */
export function schoolObject(env: Env, { id, epoch }: SchoolEpoch): RemoteSchool {
  const name = JSON.stringify(epoch === 1 ? [id] : [id, epoch]);
  // As above.
  return remote(() => within(env.SCHOOLS, epoch).getByName(name) as unknown as RemoteSchool, SCHOOL_CALLS);
}

export const referenceOf = (school: SchoolReference): SchoolReference => ({
  id: school.id,
  stamp: school.stamp,
  now: school.now,
});
