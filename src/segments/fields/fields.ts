import { and, eq } from "drizzle-orm";
import type { Env } from "../../base/env";
import { type Fault, invalid, Problem } from "../../base/errors/errors";
import { readOptionalJson, strings } from "../../base/json";
import type { FieldType } from "../../catalogue/facts/facts";
import { BUILT_IN_FIELDS } from "../../catalogue/segments/clause";
import { breaksConstraint, database } from "../../db/client";
import { type Due, listed, listIndex, notingFirst, requireDue, requireStanding } from "../../db/deleting/held";
import { type ListQuery, mapPage } from "../../db/lists/list";
import { getRow, listRows } from "../../db/lists/rows";
import { profileFields } from "../../db/schema";
import { prepareJob } from "../../jobs/start";
import { alignJob } from "../../users/courses/align-job";
import type { School } from "../../world/snapshot";
import { listing, NEVER, notingGone, requireUnnamed, usedByRules } from "../in-use";
import { changingDefinitions, writeDefinition } from "../write";

type Row = typeof profileFields.$inferSelect;

export interface ProfileField {
  key: string;
  name: string;
  type: Row["type"];
  /** Of a choice, and of a list if given, else null. */
  choices: string[] | null;
  /** What it is shown under. */
  category: string | null;
}

/** A field as it stands among others. */
export type StoredField = ProfileField & { createdAt: number; deleteAt: number | null };

export const toField = (row: Row): StoredField => ({
  key: row.key,
  name: row.name,
  type: row.type,
  choices: readOptionalJson(strings, row.choices),
  category: row.category,
  createdAt: row.createdAt,
  deleteAt: row.deleteAt,
});

const which = (school: string, key: string) => and(eq(profileFields.school, school), eq(profileFields.key, key));

/** A page of the fields that a school declared, oldest first. */
export const listFields = async (env: Env, school: string, query: ListQuery & { deleted?: boolean }) => {
  const where = and(eq(profileFields.school, school), listed("profile_field", query.deleted));
  const index = listIndex("profile_field", query.deleted);
  return mapPage(await listRows(env, profileFields, ["createdAt", "key"], query, where, index), toField);
};

/** A declared field; 404 when there is none of this key. */
export const getField = async (env: Env, school: string, key: string) =>
  toField(await getRow(env, profileFields, which(school, key), "field"));

const mayHaveChoices = (type: FieldType): boolean => type === "choice" || type === "list";

/** What is wrong with a field's choices, or null. */
export function choicesFault({ type, choices }: Pick<ProfileField, "type" | "choices">): string | null {
  if (type === "choice" && choices === null) return "a choice needs its choices";
  return choices !== null && !mayHaveChoices(type) ? "only a choice and a list have choices" : null;
}

/** What is wrong with the parts of a new field, of which some may be missing. */
export function faultsOfDeclared({
  key,
  type,
  choices = null,
}: { [Name in "key" | "type" | "choices"]?: ProfileField[Name] | undefined }): Fault[] {
  const message = type === undefined ? null : choicesFault({ type, choices });
  return [
    ...(key !== undefined && BUILT_IN_FIELDS.includes(key)
      ? [{ path: "/key", message: "every user has this attribute already" }]
      : []),
    ...(message === null ? [] : [{ path: "/choices", message }]),
  ];
}

function requireChoices(field: ProfileField): void {
  const message = choicesFault(field);
  if (message !== null) throw invalid([{ path: "/choices", message }]);
}

/** Declares a field; 409 when the key is taken. */
export async function createField(env: Env, school: School, field: ProfileField, who: string) {
  return changingDefinitions(env, school, async (stamp) => {
    const faults = faultsOfDeclared(field);
    if (faults.length) throw invalid(faults);
    const row: Row = {
      ...field,
      school: school.id,
      choices: field.choices && JSON.stringify(field.choices),
      deleteAt: null,
      createdAt: Date.now(),
    };
    try {
      await writeDefinition(env, school, stamp, {
        statements: [database(env.DB).insert(profileFields).values(row)],
        who,
        what: "profile_field.created",
        subject: field.key,
        after: field,
      });
    } catch (error) {
      if (!breaksConstraint(error, "profile_fields.school")) throw error;
      requireStanding("profile_field", field.key, await getField(env, school.id, field.key));
      throw new Problem("conflict", "There is a field of this key.");
    }
    return toField(row);
  });
}

export interface FieldChange {
  name?: string | undefined;
  type?: ProfileField["type"] | undefined;
  choices?: string[] | null | undefined;
  category?: string | null | undefined;
}

/** Whether rules that name a field may hold for others now: of a list nothing is missing. */
export const movesRules = (before: Pick<ProfileField, "type">, after: Pick<ProfileField, "type">): boolean =>
  (before.type === "list") !== (after.type === "list");

/** The rules that name the field `?2`. */
const RULES_BY = "uses cross join segment_rules on segment_rules.school = ?1 and segment_rules.id = uses.by_id";
const BY_FIELD = "uses.school = ?1 and uses.kind = 'field' and uses.id = ?2 and uses.by_kind = 'rule'";

/** The managed segments of which a rule names a field. */
const SEGMENTS_BY = `select distinct segments.id as id from ${RULES_BY}
    cross join segments on segments.school = ?1 and segments.id = segment_rules.segment and segments.managed
    where ${BY_FIELD} order by segments.id`;

/**
 * Changes a field. Values that users have stay as they are; new ones are checked by what it is now. Where rules hold for
 * others by it, members come and go by the job answered with.
 */
export async function changeField(env: Env, school: School, key: string, change: FieldChange, who: string) {
  return changingDefinitions(env, school, async (stamp) => {
    const { createdAt, deleteAt, ...before } = await getField(env, school.id, key);
    requireStanding("profile_field", key, { deleteAt });
    const type = change.type ?? before.type;
    const kept = mayHaveChoices(type) ? before.choices : null;
    const field = {
      key,
      name: change.name ?? before.name,
      type,
      choices: change.choices === undefined ? kept : change.choices,
      category: change.category === undefined ? before.category : change.category,
    };
    requireChoices(field);
    const choices = field.choices && JSON.stringify(field.choices);
    const set = { name: field.name, type, choices, category: field.category };
    const moved = movesRules(before, field)
      ? (await env.DB.prepare(SEGMENTS_BY).bind(school.id, key).all<{ id: string }>()).results.map(({ id }) => id)
      : [];
    const job = moved.length ? await prepareJob(env, school, alignJob, { segments: moved, fire: false }) : null;
    await writeDefinition(env, school, stamp, {
      statements: [database(env.DB).update(profileFields).set(set).where(which(school.id, key))],
      who,
      what: "profile_field.changed",
      subject: key,
      before,
      after: field,
      job,
    });
    return { field: { ...field, createdAt, deleteAt }, jobId: job?.id };
  });
}

/** What is held itself, and gone by then (`?3`), uses nothing. */
const SEGMENTS_USING = `select distinct segments.id, segments.name from ${RULES_BY}
    cross join segments on segments.school = ?1 and segments.id = segment_rules.segment
    where ${BY_FIELD} and coalesce(segment_rules.delete_at > ?3, 1) order by segments.name, segments.id`;
const GROUPS_USING = `select course as name from auto_groups
    where school = ?1 and field = ?2 and coalesce(delete_at > ?3, 1) order by course`;

/** Throws 409 where a rule, an auto group or an active automation uses a field. @param unless those that are gone by then */
export async function requireFieldUnused(env: Env, school: string, key: string, unless = NEVER): Promise<void> {
  const read = (sql: string) => env.DB.prepare(sql).bind(school, key, unless);
  const found = await env.DB.batch<{ name: string }>([read(SEGMENTS_USING), read(GROUPS_USING)]);
  const [segments = [], courses = []] = found.map(({ results }) => results.map(({ name }) => name));
  if (segments.length) throw new Problem("conflict", usedByRules(segments));
  if (courses.length === 1)
    throw new Problem("conflict", `The auto groups of the course ${listing(courses)} use this field.`);
  if (courses.length)
    throw new Problem("conflict", `The auto groups of the courses ${listing(courses)} use this field.`);
  await requireUnnamed(env, school, "field", key, unless);
}

/** Takes a declaration away; users keep their values. 409 when a rule, an auto group or an active automation uses it. */
export async function deleteField(
  env: Env,
  school: School,
  key: string,
  options: { who: string } & Due,
): Promise<void> {
  return changingDefinitions(env, school, async (stamp) => {
    const db = database(env.DB);
    const { createdAt: _, deleteAt, ...before } = await getField(env, school.id, key);
    requireDue("profile_field", { deleteAt }, options);
    await requireFieldUnused(env, school.id, key);
    await writeDefinition(env, school, stamp, {
      statements: [
        db.delete(profileFields).where(which(school.id, key)),
        notingGone(env, school.id, key),
        notingFirst(db, school.id),
      ],
      who: options.who,
      what: "profile_field.deleted",
      subject: key,
      before,
    });
  });
}
