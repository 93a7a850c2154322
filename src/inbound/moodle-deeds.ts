import type { Env } from "../base/env";
import { referenceOf, userObject } from "../calls/stub";
import { countUnmapped } from "../db/unmapped";
import { isLive } from "../engine/runs";
import { segmentKind, setMember } from "../segments/members";
import { eraseUser } from "../users/erase";
import type { School } from "../world/snapshot";
import type { MoodleDeed } from "./moodle";

/*
 * What Moodle tells that no event of ours says: who joined and left a cohort, and who was deleted. Done twice it is done
 * once.
 */

/** Does it, or counts it as unmapped where it is of nothing that we have. */
export async function doDeed(env: Env, school: School, deed: MoodleDeed): Promise<void> {
  const isDone = deed.does === "deleted" ? await endUser(env, school, deed.user) : await moveMember(env, school, deed);
  if (!isDone) await countUnmapped(env, school.id, "moodle", [deed.name]);
}

/** A cohort is the segment of its id. A managed one has its rules, and what Moodle says of it is no news. */
async function moveMember(
  env: Env,
  school: School,
  { segment, user, id, does }: MoodleDeed & { does: "joined" | "left" },
): Promise<boolean> {
  if ((await segmentKind(env, school.id, segment)) !== "by_hand") return false;
  const joins = does === "joined";
  const origin = { by: "event", id } as const;
  await setMember(env, school, segment, user, { joins, quiet: false, origin, creates: true, once: id });
  return true;
}

/** Ends all that goes on for a user, or erases them, as the school has chosen; false: nobody knows them. */
async function endUser(env: Env, school: School, user: string): Promise<boolean> {
  const object = userObject(env, school, user);
  if (school.settings.on_user_deleted === "erase") {
    if (!(await object.addresses())) return false;
    await eraseUser(env, school, user);
    return true;
  }
  const state = await object.state();
  for (const run of state?.runs.filter(isLive) ?? []) await object.control(referenceOf(school), run.id, "cancel");
  return state !== null;
}
