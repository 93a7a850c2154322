import { and, eq, ne, sql } from "drizzle-orm";
import type { Env } from "../../base/env";
import { type Fault, invalid, Problem } from "../../base/errors/errors";
import { newId } from "../../base/ids";
import { database } from "../../db/client";
import { type Due, listed, listIndex, notingFirst, requireDue, requireStanding } from "../../db/deleting/held";
import type { ListQuery } from "../../db/lists/list";
import { getRow, ifGiven, listRows } from "../../db/lists/rows";
import { segmentSyncs } from "../../db/schema";
import { prepareJob } from "../../jobs/start";
import { alignJob } from "../../users/courses/align-job";
import { courseIdIn } from "../../world/naming/ids";
import type { School } from "../../world/snapshot";
import { segmentMeant } from "../find";
import { changingDefinitions, writeDefinition } from "../write";
import { circlesBySync } from "./circles";
import { movesMembers, syncFault } from "./sync-rules";

export type Sync = typeof segmentSyncs.$inferSelect;
export type NewSync = Omit<Sync, "school" | "id" | "deleteAt" | "createdAt">;

interface Options {
  fire: boolean;
  who: string;
}

const which = (school: string, id: string) => and(eq(segmentSyncs.school, school), eq(segmentSyncs.id, id));
const told = ({ school: _, id: __, createdAt: ___, deleteAt: ____, ...rest }: Sync) => rest;

/** A page of the syncs of a school, or of one segment, oldest first. */
export function listSyncs(
  env: Env,
  school: string,
  query: ListQuery & { segment?: string | undefined; deleted?: boolean },
) {
  const { segment, deleted } = query;
  const index = segment === undefined ? listIndex("segment_sync", deleted) : "segment_syncs_of";
  const where = and(
    eq(segmentSyncs.school, school),
    ifGiven(segmentSyncs.segment, segment),
    listed("segment_sync", deleted),
  );
  return listRows(env, segmentSyncs, ["id"], query, where, index);
}

/** A sync of a school; 404 when it is another's. */
export const getSync = (env: Env, school: string, id: string): Promise<Sync> =>
  getRow(env, segmentSyncs, which(school, id), "sync");

/** 409 where another sync is the same already: in the role, or for the group where they enrol nobody. */
async function requireNoTwin(env: Env, school: School, { enrol, ...sync }: Sync): Promise<void> {
  const courseId = await courseIdIn(env, school);
  const others = await database(env.DB)
    .select()
    .from(segmentSyncs)
    .where(
      and(
        eq(segmentSyncs.school, sync.school),
        eq(segmentSyncs.segment, sync.segment),
        eq(segmentSyncs.enrol, enrol),
        enrol ? eq(segmentSyncs.role, sync.role) : sql`${segmentSyncs.group} is ${sync.group}`,
        ne(segmentSyncs.id, sync.id),
      ),
    );
  const twin = others.find(({ course }) => courseId(course) === courseId(sync.course));
  if (!twin) return;
  requireStanding("segment_sync", twin.id, twin);
  throw new Problem(
    "conflict",
    enrol
      ? "The segment is synced with this course in this role already."
      : "The segment is synced with this group of the course already.",
  );
}

function requireWhole(sync: Sync): void {
  const faults = syncFault(sync);
  if (faults.length) throw invalid(faults);
}

/** What is wrong with the parts of a new sync, of which some may be missing. */
export const faultsOfSync = async (
  env: Env,
  school: School,
  { segment, enrol = true, group = null }: Partial<Pick<NewSync, "segment" | "enrol" | "group">>,
): Promise<Fault[]> => [
  ...(segment === undefined ? [] : (await segmentMeant(env, school.id, segment)).faults),
  ...syncFault({ enrol, group }),
];

/**
 * Makes a sync; when it is active, members are enrolled by a job. 409 when this segment has one for the course and role,
 * or, where it enrols nobody, for the group.
 */
export async function createSync(env: Env, school: School, asked: NewSync, options: Options) {
  return changingDefinitions(env, school, async (stamp) => {
    const db = database(env.DB);
    const faults = await faultsOfSync(env, school, asked);
    if (faults.length) throw invalid(faults);
    const sync: Sync = { ...asked, school: school.id, id: newId("syn_"), deleteAt: null, createdAt: Date.now() };
    await requireNoTwin(env, school, sync);
    const job = sync.active ? await prepareJob(env, school, alignJob, { sync: sync.id, fire: options.fire }) : null;
    await writeDefinition(env, school, stamp, {
      statements: [db.insert(segmentSyncs).values(sync)],
      who: options.who,
      what: "segment_sync.created",
      subject: sync.id,
      after: told(sync),
      job,
    });
    return { sync, jobId: job?.id, warned: await circlesBySync(env, school.id, sync) };
  });
}

export type SyncChange = { [K in "name" | "active" | "role" | "group" | "onLeave" | "enrol"]?: Sync[K] | undefined };

/** A sync as it will be. */
export function changedSync(before: Sync, change: SyncChange): Sync {
  const after: Sync = {
    ...before,
    name: change.name ?? before.name,
    active: change.active ?? before.active,
    role: change.role ?? before.role,
    group: change.group === undefined ? before.group : change.group,
    onLeave: change.onLeave ?? before.onLeave,
    enrol: change.enrol ?? before.enrol,
  };
  requireWhole(after);
  return after;
}

const isOtherPlace = (before: Sync, after: Sync): boolean =>
  before.enrol !== after.enrol || (after.enrol ? before.role !== after.role : before.group !== after.group);

/** Changes a sync. Members are brought in line with it by a job; what an inactive one gave stays. */
export async function changeSync(env: Env, school: School, id: string, change: SyncChange, options: Options) {
  return changingDefinitions(env, school, async (stamp) => {
    const before = await getSync(env, school.id, id);
    requireStanding("segment_sync", id, before);
    const after = changedSync(before, change);
    // Two that have come to be the same, since their courses turned out to be one, may be renamed and switched off.
    if (isOtherPlace(before, after)) await requireNoTwin(env, school, after);
    const job = movesMembers(before, after)
      ? await prepareJob(env, school, alignJob, { sync: id, fire: options.fire })
      : null;
    await writeDefinition(env, school, stamp, {
      statements: [database(env.DB).update(segmentSyncs).set(told(after)).where(which(school.id, id))],
      who: options.who,
      what: "segment_sync.changed",
      subject: id,
      before: told(before),
      after: told(after),
      job,
    });
    return { sync: after, jobId: job?.id, warned: await circlesBySync(env, school.id, after) };
  });
}

/** Deletes a sync; what it gave is withdrawn by the job answered with. */
export async function deleteSync(env: Env, school: School, id: string, options: Options & Due): Promise<string> {
  return changingDefinitions(env, school, async (stamp) => {
    const db = database(env.DB);
    const before = await getSync(env, school.id, id);
    requireDue("segment_sync", before, options);
    const job = await prepareJob(env, school, alignJob, { withdrawSync: id, fire: options.fire });
    await writeDefinition(env, school, stamp, {
      statements: [db.delete(segmentSyncs).where(which(school.id, id)), notingFirst(db, school.id)],
      who: options.who,
      what: "segment_sync.deleted",
      subject: id,
      before: told(before),
      job,
    });
    return job.id;
  });
}
