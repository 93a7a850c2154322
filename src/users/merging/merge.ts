import type { Env } from "../../base/env";
import { invalid, notFound, Problem } from "../../base/errors/errors";
import { userObject } from "../../calls/reaching/stub";
import { isLead } from "../../catalogue/facts/facts";
import { limitText } from "../../catalogue/facts/limits";
import type { PresentedUser } from "../../catalogue/shown/present";
import type { School } from "../../world/snapshot";
import { readUser } from "../change";
import { handOver, isListed } from "./hand-over";

/**
 * Gives everything of one user to another; again is as once.
 * @returns the other as it then is, and whether it was this call that did it
 * @throws Problem 404 where either is not known, 422 for itself or where the two are too much for one, 409 where the
 * other is just being merged itself
 */
export async function mergeUsers(
  env: Env,
  school: School,
  id: string,
  from: string,
): Promise<{ user: PresentedUser; isDone: boolean }> {
  if (isLead(id)) throw invalid([{ path: "", message: "a lead takes nobody in" }]);
  if (from === id) throw invalid([{ path: "/from", message: "a user cannot be merged into itself" }]);
  await readUser(env, school, id);
  const { user, holdsLead } = await userObject(env, school, from).holder();
  const isOthers = user !== null && user !== id;
  // What was begun for another is finished for it.
  if (holdsLead && isOthers) await handOver(env, school, from, user);
  if (isOthers || (user === null && !holdsLead)) throw notFound("user to merge");
  let isDone = false;
  if (holdsLead || (await isListed(env, school.id, from))) {
    const { not, isDone: isOurs = false } = await handOver(env, school, from, id);
    isDone = isOurs;
    if (not?.refused) throw invalid([{ path: "/from", message: limitText(not.refused.limit) }]);
    if (not?.isUnknown) throw notFound("user");
    if (not) throw new Problem("conflict", "The user is just being merged into another.");
  }
  return { user: await readUser(env, school, id), isDone };
}
