import type { Env } from "../base/env";
import { Problem } from "../base/errors/errors";
import { referenceOf, userObject } from "../calls/reaching/stub";
import { COURSE_RESUMED, COURSE_SUSPENDED } from "../catalogue/enrolment/change";
import { LmsError } from "../connectors";
import { countUnmapped } from "../db/unmapped";
import { startJob } from "../jobs/start";
import { readerOf } from "../lms/reader";
import { segmentKind, setMember } from "../segments/members";
import { alignJob } from "../users/courses/align-job";
import { ingestAll } from "../users/events/batch";
import { UNREAD } from "../users/events/carry";
import { eraseUser } from "../users/past/erase";
import type { School } from "../world/snapshot";
import type { MoodleDeed } from "./moodle";

/*
 * What Moodle tells that no event of ours says: who joined and left a cohort, who was deleted, whose enrolment is another now, and what is
 * gone with all its members. Done twice it is done once.
 */

/**
 * Does it, or counts it as unmapped where it is of nothing that we have.
 * @param trace that Moodle named; null: none
 */
export async function doDeed(env: Env, school: School, deed: MoodleDeed, trace: string | null): Promise<void> {
  // The table has, for each deed, the function that takes deeds of that kind.
  const act = DEEDS[deed.does] as Act<MoodleDeed>;
  if (!(await act(env, school, deed, trace))) await countUnmapped(env, school.id, "moodle", [deed.name]);
}

/**
 * A cohort is the segment of its id. A managed one has its rules, and what Moodle says of it is no news; one that is to be
 * deleted takes in nobody.
 */
async function moveMember(
  env: Env,
  school: School,
  { segment, user, id, does }: Of<"joined" | "left">,
  trace: string | null,
): Promise<boolean> {
  const joins = does === "joined";
  const kept = await segmentKind(env, school.id, segment);
  if (kept !== "by_hand" && (joins || kept !== "held")) return false;
  const origin = { by: "event", id } as const;
  await setMember(env, school, segment, user, { joins, quiet: false, origin, creates: true, once: id, trace });
  return true;
}

/**
 * Ends all that goes on for a user, and lets nothing start before an event comes, or erases them, as the school has
 * chosen; false: nobody knows them.
 */
async function endUser(env: Env, school: School, { user, id }: Of<"deleted">): Promise<boolean> {
  const object = userObject(env, school, user);
  if (school.settings.on_user_deleted === "erase") {
    if (!(await object.addresses())) return false;
    await eraseUser(env, school, user, "system");
    return true;
  }
  const input = { kind: "gone", origin: { by: "event", id } } as const;
  return (await object.change(referenceOf(school), input, { creates: false, once: id })) !== null;
}

/** Suspended and resumed look the same in it: Moodle is asked which it was. False: it cannot be, or does not know. */
async function updateEnrolment(env: Env, school: School, deed: Of<"updated">, trace: string | null): Promise<boolean> {
  const { user, course, id, occurredAt } = deed;
  const isSuspended = await suspendedIn(env, school, course, user);
  if (isSuspended === null) return false;
  const event = {
    id,
    type: isSuspended ? COURSE_SUSPENDED : COURSE_RESUMED,
    user: { id: user },
    data: { course },
    ...(occurredAt === undefined ? {} : { occurred_at: occurredAt }),
  };
  const [result] = await ingestAll(env, school, [event], new Map(), UNREAD, { trace });
  if (result && "problem" in result && result.problem.kind !== "conflict") throw result.problem;
  return true;
}

async function suspendedIn(env: Env, school: School, course: string, user: string): Promise<boolean | null> {
  try {
    return (await (await readerOf(env, school)).isSuspended?.(course, user)) ?? null;
  } catch (error) {
    // No LMS that can be asked, or one that does not answer: it is counted, and a comparison finds it.
    if (error instanceof Problem || error instanceof LmsError) return null;
    throw error;
  }
}

/** Whoever was in it leaves, by a job: Moodle tells of none of them. A managed segment has its rules. */
async function dissolve(env: Env, school: School, { of, subject }: Of<"dissolved">): Promise<boolean> {
  if (of === "cohort" && !["by_hand", "held"].includes((await segmentKind(env, school.id, subject)) ?? ""))
    return false;
  const what = of === "cohort" ? { dropSegment: subject } : { dropGroup: subject };
  await startJob(env, school, alignJob, { fire: true, ...what });
  return true;
}

type Of<Does extends MoodleDeed["does"]> = Extract<MoodleDeed, { does: Does }>;

type Act<Deed> = (env: Env, school: School, deed: Deed, trace: string | null) => Promise<boolean>;

const DEEDS: { [Does in MoodleDeed["does"]]: Act<Of<Does>> } = {
  joined: moveMember,
  left: moveMember,
  deleted: endUser,
  updated: updateEnrolment,
  dissolved: dissolve,
};
