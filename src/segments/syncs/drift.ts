import { and, asc, eq, gt } from "drizzle-orm";
import pMap from "p-map";
import type { Env } from "../../base/env";
import { Problem } from "../../base/errors/errors";
import { log } from "../../base/reports/log";
import { userObject } from "../../calls/reaching/stub";
import type { Learner } from "../../catalogue/facts/facts";
import { database } from "../../db/client";
import { users } from "../../db/schema";
import { wouldBelong } from "../../engine/belonging/rules";
import type { CompiledSegment } from "../../engine/types";
import { nowOf, type School } from "../../world/snapshot";
import { loadWorld } from "../../world/world";
import { getSegment } from "../find";

/*
 * Who is in a managed segment, and who should be: asked of the users themselves.
 */

const AT_ONCE = 20;
/** How many users one request looks at. */
const MAX_LOOKED_AT = 1_000;

interface Difference {
  missing: string[];
  surplus: string[];
  /** How many users were looked at. */
  count: number;
  /** The last of them, when there are more. */
  last: string | null;
}

/** Compares the members of a segment with its rules, for users by id after `after`. */
async function differences(env: Env, school: School, segment: CompiledSegment, after: string): Promise<Difference> {
  const rows = await database(env.DB)
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.school, school.id), gt(users.id, after)))
    .orderBy(asc(users.id))
    .limit(MAX_LOOKED_AT + 1);
  const ids = rows.slice(0, MAX_LOOKED_AT).map((row) => row.id);
  const found: Difference = {
    missing: [],
    surplus: [],
    count: ids.length,
    last: rows.length > ids.length ? (ids.at(-1) ?? null) : null,
  };
  const now = nowOf(school);
  const standings = await pMap(ids, async (id) => standingOf(segment, await learnerOf(env, school, id), now), {
    concurrency: AT_ONCE,
  });
  for (const [index, id] of ids.entries()) {
    const standing = standings[index];
    if (standing === "missing" || standing === "surplus") found[standing].push(id);
  }
  return found;
}

/** Whether a learner should be in a segment and is not, or the other way round; null: as it should be, or not known. */
function standingOf(segment: CompiledSegment, learner: Learner | null, now: number): "missing" | "surplus" | null {
  if (!learner) return null;
  const isMember = learner.segments.includes(segment.id);
  if (wouldBelong(segment, learner, now) === isMember) return null;
  return isMember ? "surplus" : "missing";
}

/** One whose object fails is left out. */
async function learnerOf(env: Env, school: School, id: string): Promise<Learner | null> {
  try {
    return (await userObject(env, school, id).state())?.learner ?? null;
  } catch (error) {
    log("error", "user.not_read", { school: school.id, error });
    return null;
  }
}

export interface MembersPreview {
  would_join: number;
  would_leave: number;
  /** True: there are more users than were looked at, and the counts are projected from those. */
  estimated: boolean;
}

/** How many would join and leave a segment if these were its rules; one that is not managed stays as it is. */
export async function previewMembers(env: Env, school: School, segment: CompiledSegment): Promise<MembersPreview> {
  if (!segment.managed) return { would_join: 0, would_leave: 0, estimated: false };
  const { missing, surplus, count, last } = await differences(env, school, segment, "");
  if (last === null) return { would_join: missing.length, would_leave: surplus.length, estimated: false };
  const total = await database(env.DB).$count(users, eq(users.school, school.id));
  const projected = (part: number) => Math.round((part * total) / count);
  return { would_join: projected(missing.length), would_leave: projected(surplus.length), estimated: true };
}

/** Users who should be in a managed segment and are not, and the other way round; 409 for one kept by hand. */
export async function driftOf(env: Env, school: School, id: string, after: string): Promise<Difference> {
  await requireManaged(env, school.id, id);
  const segment = (await loadWorld(env, school)).segments.get(id);
  // The definitions of a moment ago: it was made since.
  if (!segment) return { missing: [], surplus: [], count: 0, last: null };
  return differences(env, school, segment, after);
}

export async function requireManaged(env: Env, school: string, id: string): Promise<void> {
  const { managed } = await getSegment(env, school, id);
  if (!managed) throw new Problem("conflict", "The members of this segment are kept by hand: it has none to follow.");
}
