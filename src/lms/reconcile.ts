import type { Env } from "../base/env";
import { Problem } from "../base/errors/errors";
import type { Sides } from "../catalogue/enrolment/drift";
import { type AuditEntry, recordAudit } from "../db/audit";
import { database } from "../db/client";
import type { ListPage } from "../db/lists/list";
import { beginJob, type PreparedJob, prepareJob, startJob } from "../jobs/start";
import { courseIdIn } from "../world/naming/ids";
import type { School } from "../world/snapshot";
import { type CourseDrift, type DriftQuery, keptDrift, listDrift, showDrift } from "./kept";
import { compareLive, LIVE_PEOPLE, type PersonDrift } from "./live";
import { callByOurIds, forAnswer, readerOf } from "./reader";
import { reconcileJob } from "./reconcile-job";
import { changesOf, whatNeedsConfirming } from "./sides";
import { syncJob } from "./sync-job";

type SyncParams = Parameters<typeof syncJob.ready>[0];

/** Who asks: as the audit log names them, and as what they changed does. */
export interface Asker {
  who: string;
  hand: string | null;
}

/** Brings in what the LMS has of a kind, by a job. */
export async function syncFromLms(env: Env, school: School, what: SyncParams["what"], who: string): Promise<string> {
  await readerOf(env, school);
  return begin(env, school, await prepareJob(env, school, syncJob, { what }), {
    who,
    what: "lms.synced",
    subject: what,
  });
}

async function begin(env: Env, school: School, job: PreparedJob, entry: Omit<AuditEntry, "school">): Promise<string> {
  const db = database(env.DB);
  await db.batch([job.statement, recordAudit(db, { school: school.id, ...entry })]);
  await beginJob(env, school.id, job.id);
  return job.id;
}

export interface Asked {
  /** Left out: every course that either side has. */
  course?: string | undefined;
  sides: Sides;
  dryRun: boolean;
  confirm?: number | undefined;
}

/** A course compared, and what mending it would change. */
export interface Preview extends CourseDrift {
  people: PersonDrift[];
  would_change_here: number;
  would_change_there: number;
  /** How many would be un-enrolled in the LMS, where that has to be confirmed. */
  confirm: number | null;
}

/** Mends, or, with `dryRun`, compares, by a job; a course of not too many is compared at once. */
export async function reconcile(
  env: Env,
  school: School,
  { course: named, sides, dryRun, confirm }: Asked,
  { who, hand }: Asker,
): Promise<{ preview: Preview } | { job: string }> {
  const reader = await readerOf(env, school);
  const course = named === undefined ? undefined : (await courseIdIn(env, school))(named);
  const live = course === undefined ? null : await compareLive(env, school, reader, course);
  if (live && dryRun) return { preview: { ...live.drift, people: live.people, ...changesOf(sides, live.counts) } };
  if (live?.isEmpty && !dryRun) throw new Problem("conflict", live.drift.problem ?? "");
  const refusal = live && !dryRun ? whatNeedsConfirming(sides, live.counts, confirm ?? null) : null;
  if (refusal !== null) throw new Problem("conflict", refusal);
  const asked = { course: course ?? null, sides: dryRun ? {} : sides, confirm: confirm ?? null, who: hand };
  // Who only looks changes nothing that anybody would look up.
  if (dryRun) return { job: await startJob(env, school, reconcileJob, asked) };
  const entry = { who, what: "lms.reconciled", subject: course ?? "", after: { ...sides, confirm } };
  return { job: await begin(env, school, await prepareJob(env, school, reconcileJob, asked), entry) };
}

/** So many courses are compared where nothing is kept yet, and for about so long. */
const FIRST_COURSES = 10;
const FIRST_MS = 5_000;

/**
 * Courses as they were last compared. Where none ever was, the first of them are compared now, as long as it does not
 * take long: a small school has its answer at once, and a large one asks for a job.
 */
export async function driftOf(env: Env, school: School, query: DriftQuery): Promise<ListPage<CourseDrift>> {
  const reader = await readerOf(env, school);
  const page = await listDrift(env, school.id, query);
  const isFirst = !page.data.length && query.cursor === undefined;
  if (!isFirst || (query.differs && (await listDrift(env, school.id, { limit: 1 })).data.length))
    return showDrift(env, school.id, page);
  const until = Date.now() + FIRST_MS;
  const { items, isNews } = await forAnswer(reader, reader.courses(null));
  if (isNews) await callByOurIds(env, school, isNews);
  let left = LIVE_PEOPLE;
  for (const { id } of items.slice(0, FIRST_COURSES)) {
    const live = await compareLive(env, school, reader, id, left);
    left -= live ? live.counts.here + live.counts.there : 0;
    if (left <= 0 || Date.now() >= until) break;
  }
  return showDrift(env, school.id, await listDrift(env, school.id, query));
}

/** A course compared now, with who differs; one with too many people for that as it was last compared, 409 where it never was. */
export async function driftOfCourse(
  env: Env,
  school: School,
  named: string,
): Promise<CourseDrift & { people?: PersonDrift[] }> {
  const course = (await courseIdIn(env, school))(named);
  const live = await compareLive(env, school, await readerOf(env, school), course);
  if (live) return { ...live.drift, people: live.people };
  const [kept] = (await showDrift(env, school.id, await keptDrift(env, school.id, course))).data;
  if (kept) return kept;
  const how = `POST /v1/lms/reconcile with "course" and "dry_run": true compares it by a job`;
  throw new Problem("conflict", `The course has too many people to be compared while you wait: ${how}.`);
}
