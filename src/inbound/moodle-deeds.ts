import type { Env } from "../base/env";
import { referenceOf, userObject } from "../calls/stub";
import { countUnmapped } from "../db/unmapped";
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
  const isDone = deed.does === "deleted" ? await endUser(env, school, deed) : await moveMember(env, school, deed);
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

/**
 * Ends all that goes on for a user, and lets nothing start before an event comes, or erases them, as the school has
 * chosen; false: nobody knows them.
 */
async function endUser(env: Env, school: School, { user, id }: MoodleDeed): Promise<boolean> {
  const object = userObject(env, school, user);
  if (school.settings.on_user_deleted === "erase") {
    if (!(await object.addresses())) return false;
    await eraseUser(env, school, user);
    return true;
  }
  const input = { kind: "gone", origin: { by: "event", id } } as const;
  return (await object.change(referenceOf(school), input, { creates: false, once: id })) !== null;
}
