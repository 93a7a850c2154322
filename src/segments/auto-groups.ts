import { and, eq } from "drizzle-orm";
import type { Env } from "../base/env";
import { type Fault, invalid, Problem } from "../base/errors/errors";
import { newId } from "../base/ids";
import { fieldMeant } from "../catalogue/account/meant";
import { database } from "../db/client";
import { type Due, heldText, listed, listIndex, notingFirst, requireDue, requireStanding } from "../db/deleting/held";
import type { ListQuery } from "../db/lists/list";
import { getRow, listRows } from "../db/lists/rows";
import { autoGroups } from "../db/schema";
import { prepareJob } from "../jobs/start";
import { alignJob } from "../users/courses/align-job";
import { courseIdIn } from "../world/naming/ids";
import type { School } from "../world/snapshot";
import { declaredFields } from "./fields/declared";
import { changingDefinitions, writeDefinition } from "./write";

export type AutoGroupRow = typeof autoGroups.$inferSelect;

interface Options {
  fire: boolean;
  who: string;
}

const which = (school: string, id: string) => and(eq(autoGroups.school, school), eq(autoGroups.id, id));
const told = ({ course, field, active }: AutoGroupRow) => ({ course, field, active });

/** A page of the auto groups of a school, oldest first. */
export const listAutoGroups = (env: Env, school: string, query: ListQuery & { deleted?: boolean }) =>
  listRows(
    env,
    autoGroups,
    ["id"],
    query,
    and(eq(autoGroups.school, school), listed("auto_group", query.deleted)),
    listIndex("auto_group", query.deleted),
  );

/** An auto group of a school; 404 when it is another's. */
export const getAutoGroup = (env: Env, school: string, id: string): Promise<AutoGroupRow> =>
  getRow(env, autoGroups, which(school, id), "auto group");

/** The key of the field that is meant; throws 422 where it is not there, or to be deleted. */
async function fieldOf(env: Env, school: string, name: string): Promise<string> {
  const { key, faults } = await namedField(env, school, name);
  if (faults.length) throw invalid(faults);
  return key;
}

async function namedField(env: Env, school: string, name: string): Promise<{ key: string; faults: Fault[] }> {
  const declared = await declaredFields(env, school);
  const key = fieldMeant(name, declared);
  const field = declared.get(key);
  const fault = (message: string) => ({ key, faults: [{ path: "/field", message }] });
  if (!field) return fault(`there is no field ${JSON.stringify(key)}`);
  return field.deleteAt === null ? { key, faults: [] } : fault(heldText("field", key, field));
}

/** What is wrong with the field that a new auto group names. */
export const faultsOfField = async (env: Env, school: string, name: string): Promise<Fault[]> =>
  (await namedField(env, school, name)).faults;

/** 409 where the members of the course, by whichever of its ids, are grouped by the field already. */
async function requireNoTwin(env: Env, school: School, asked: Pick<AutoGroupRow, "course" | "field">): Promise<void> {
  const courseId = await courseIdIn(env, school);
  const others = await database(env.DB)
    .select()
    .from(autoGroups)
    .where(and(eq(autoGroups.school, school.id), eq(autoGroups.field, asked.field)));
  const twin = others.find(({ course }) => courseId(course) === courseId(asked.course));
  if (!twin) return;
  requireStanding("auto_group", twin.id, twin);
  throw new Problem("conflict", "The members of the course are grouped by this field already.");
}

/** Groups the members of a course by a field, by a job when it is active; 409 when they are grouped by it already. */
export async function createAutoGroup(
  env: Env,
  school: School,
  given: { course: string; field: string; active: boolean },
  options: Options,
) {
  return changingDefinitions(env, school, async (stamp) => {
    const db = database(env.DB);
    const asked = { ...given, field: await fieldOf(env, school.id, given.field) };
    await requireNoTwin(env, school, asked);
    const autoGroup: AutoGroupRow = {
      ...asked,
      school: school.id,
      id: newId("agr_"),
      deleteAt: null,
      createdAt: Date.now(),
    };
    const job = asked.active
      ? await prepareJob(env, school, alignJob, { autoGroup: autoGroup.id, fire: options.fire })
      : null;
    await writeDefinition(env, school, stamp, {
      statements: [db.insert(autoGroups).values(autoGroup)],
      who: options.who,
      what: "auto_group.created",
      subject: autoGroup.id,
      after: told(autoGroup),
      job,
    });
    return { autoGroup, jobId: job?.id };
  });
}

/** Makes an auto group active, which brings all in line by a job, or inactive: then groups stay as they are. */
export async function changeAutoGroup(
  env: Env,
  school: School,
  id: string,
  change: { active?: boolean | undefined },
  options: Options,
) {
  return changingDefinitions(env, school, async (stamp) => {
    const before = await getAutoGroup(env, school.id, id);
    requireStanding("auto_group", id, before);
    const after = { ...before, active: change.active ?? before.active };
    const job =
      after.active && !before.active
        ? await prepareJob(env, school, alignJob, { autoGroup: id, fire: options.fire })
        : null;
    await writeDefinition(env, school, stamp, {
      statements: [database(env.DB).update(autoGroups).set({ active: after.active }).where(which(school.id, id))],
      who: options.who,
      what: "auto_group.changed",
      subject: id,
      before: told(before),
      after: told(after),
      job,
    });
    return { autoGroup: after, jobId: job?.id };
  });
}

/** Deletes an auto group; its members leave its groups by the job answered with. */
export async function deleteAutoGroup(env: Env, school: School, id: string, options: Options & Due): Promise<string> {
  return changingDefinitions(env, school, async (stamp) => {
    const before = await getAutoGroup(env, school.id, id);
    requireDue("auto_group", before, options);
    const db = database(env.DB);
    const { course, field } = before;
    const job = await prepareJob(env, school, alignJob, {
      withdrawAutoGroup: { id, course, field },
      fire: options.fire,
    });
    await writeDefinition(env, school, stamp, {
      statements: [db.delete(autoGroups).where(which(school.id, id)), notingFirst(db, school.id)],
      who: options.who,
      what: "auto_group.deleted",
      subject: id,
      before: told(before),
      job,
    });
    return job.id;
  });
}
