import type { Env } from "../base/env";
import { notFound } from "../base/errors";
import { userObject } from "../calls/stub";
import { compile } from "../engine/compile";
import { reasonsOf, type WhyReason } from "../engine/why";
import { journalOf } from "../users/past";
import type { School } from "../world/snapshot";
import { readDefinition } from "../world/upgrades";
import { loadWorld } from "../world/world";
import { automationRow } from "./document";

export interface Asked {
  automation: string;
  user: string;
  /** Only what this event brought about. */
  event?: string | undefined;
  /** After this place, the newest being the first. */
  after?: WhyReason["place"] | undefined;
  /** So many, and one more where there are more. */
  limit: number;
}

/** What became of a user's facts for an automation, newest first; 404 when either is not known. */
export async function whyOf(
  env: Env,
  school: School,
  { automation, user, event, after, limit }: Asked,
): Promise<WhyReason[]> {
  const row = await automationRow(env, school.id, automation);
  const state = await userObject(env, school, user).state();
  if (!state) throw notFound("user");
  const world = await loadWorld(env, school);
  const asked = { id: row.id, program: compile(readDefinition(row.definition), row.version, world.school.courseId) };
  const tell = reasonsOf(asked, state.learner, world.school);
  const isMeant = ({ place: [seq, index], eventId }: WhyReason): boolean =>
    (event === undefined || eventId === event) &&
    (after === undefined || seq < after[0] || (seq === after[0] && index < after[1]));
  const found: WhyReason[] = [];
  for await (const entries of journalOf(env, school, user, { newestFirst: true, most: limit + 1 })) {
    for (const entry of entries) found.push(...tell(entry).filter(isMeant));
    if (found.length > limit) break;
  }
  return found;
}
