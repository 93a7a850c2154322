import type { Env } from "../../base/env";
import { referenceOf, userObject } from "../../calls/reaching/stub";
import type { PresentedUser } from "../../catalogue/shown/present";
import { ofUser } from "../../users/merging/moved";
import type { School } from "../../world/snapshot";
import type { Holding } from "./echo";

/** What the user of a webhook holds. */
export async function holdingsOf(env: Env, school: School, user: string): Promise<readonly Holding[]> {
  const found = await ofUser(env, school, user, (of) =>
    userObject(env, school, of).read(referenceOf(school), { givers: false }),
  );
  // What an object answers of a user is what presentLearner made of it.
  return found ? (found as PresentedUser).enrolments : [];
}
