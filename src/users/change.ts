import type { Env } from "../base/env";
import { type Fault, invalid, notFound, pointer } from "../base/errors/errors";
import { referenceOf, userObject } from "../calls/reaching/stub";
import type { Attributes } from "../catalogue/account/attributes";
import { fieldFaults } from "../catalogue/account/field-values";
import type { Origin } from "../catalogue/facts/givers";
import type { PresentedUser } from "../catalogue/shown/present";
import type { UserWithGivers } from "../catalogue/shown/present-givers";
import type { School } from "../world/snapshot";
import { loadWorld } from "../world/world";
import { changeOf, ofUser } from "./merging/moved";

// What an object answers of a user is what presentLearner made of it.
type Presented = PresentedUser;

/** The user as the contract shows one; 404 when not known. */
export async function readUser(env: Env, school: School, id: string): Promise<Presented> {
  const user = await userObject(env, school, id).read(referenceOf(school), { givers: false });
  if (!user) throw notFound("user");
  return user as Presented;
}

/** The same of whoever speaks by a token or a link of their own: of an id that was merged into another, the other. */
export async function readOwn(env: Env, school: School, id: string): Promise<Presented> {
  const user = await ofUser(env, school, id, (of) =>
    userObject(env, school, of).read(referenceOf(school), { givers: false }),
  );
  if (!user) throw notFound("user");
  return user as Presented;
}

/** The same with who gave what is held. */
export async function readUserWithGivers(env: Env, school: School, id: string): Promise<UserWithGivers> {
  const user = await userObject(env, school, id).read(referenceOf(school), { givers: true });
  if (!user) throw notFound("user");
  // Made by presentWithGivers, as above.
  return user as UserWithGivers;
}

/** What is wrong with the values of fields, by how they are declared. */
export async function faultsOfFields(
  env: Env,
  school: School,
  { fields }: Pick<Attributes, "fields">,
): Promise<Fault[]> {
  const { school: view } = await loadWorld(env, school);
  return fieldFaults(view.fields, fields ?? {}).map(({ key, message }) => ({
    path: pointer(["fields", key]),
    message,
  }));
}

/**
 * Makes a user, or merges attributes into one; 422 for values that their declared fields do not take.
 * @param origin who gives them
 */
export async function changeUser(
  env: Env,
  school: School,
  id: string,
  given: Attributes,
  origin: Origin,
): Promise<Presented> {
  const faults = await faultsOfFields(env, school, given);
  if (faults.length) throw invalid(faults);
  const changed = await changeOf(env, school, id, { kind: "put", attributes: given, origin }, { creates: true });
  if (!changed) throw notFound("user");
  return changed.user as Presented;
}
