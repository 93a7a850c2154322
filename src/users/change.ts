import type { Env } from "../base/env";
import { invalid, notFound, pointer } from "../base/errors";
import { referenceOf, userObject } from "../calls/stub";
import { type Attributes, fieldFaults } from "../catalogue/account/attributes";
import type { PresentedUser } from "../catalogue/present";
import type { School } from "../world/snapshot";
import { loadWorld } from "../world/world";

// What an object answers of a user is what presentLearner made of it.
type Presented = PresentedUser;

/** The user as the contract shows one; 404 when not known. */
export async function readUser(env: Env, school: School, id: string): Promise<Presented> {
  const user = await userObject(env, school, id).read(referenceOf(school));
  if (!user) throw notFound("user");
  return user as Presented;
}

/** Makes a user, or merges attributes into one; 422 for values that their declared fields do not take. */
export async function changeUser(env: Env, school: School, id: string, given: Attributes): Promise<Presented> {
  const world = await loadWorld(env, school);
  const faults = fieldFaults(world.school.fields, given.fields ?? {});
  if (faults.length) throw invalid(faults.map(({ key, message }) => ({ path: pointer(["fields", key]), message })));
  const changed = await userObject(env, school, id).change(
    referenceOf(school),
    { kind: "put", attributes: given },
    { creates: true },
  );
  if (!changed) throw notFound("user");
  return changed.user as Presented;
}
