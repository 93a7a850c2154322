import { and, eq, gte, lt, sql } from "drizzle-orm";
import type { Env } from "../base/env";
import { entry } from "../base/record";
import { formatInstant } from "../catalogue/dates/time";
import { database } from "../db/client";
import { isOneOf, type ListPage, type ListQuery, mapPage } from "../db/lists/list";
import { listRows } from "../db/lists/rows";
import { lmsDrift } from "../db/schema";
import { productNames } from "../products/find";
import { type Counts, differsIn } from "./people";

/*
 * How courses were last found: a row each, so that a school of a thousand is looked through without asking anybody anew.
 */

/** Of a course that could not be compared `counts` has what is known of it here. */
export interface Found {
  counts: Counts;
  problem: string | null;
}

type Row = typeof lmsDrift.$inferSelect;

export async function keepDrift(env: Env, school: string, course: string, { counts, problem }: Found): Promise<Row> {
  const row: Row = {
    school,
    course,
    comparedAt: Date.now(),
    here: counts.here,
    there: counts.there,
    missingHere: counts.missing_here,
    missingThere: counts.missing_there,
    differing: counts.differing,
    unknown: counts.unknown,
    onItsWay: counts.on_its_way,
    differs: differsIn(counts),
    problem,
  };
  await database(env.DB)
    .insert(lmsDrift)
    .values(row)
    .onConflictDoUpdate({ target: [lmsDrift.school, lmsDrift.course], set: row });
  return row;
}

/** Forgets courses that were not compared since a moment: neither side has them any more. */
export const forgetCourses = (env: Env, school: string, before: number) =>
  database(env.DB)
    .delete(lmsDrift)
    .where(and(eq(lmsDrift.school, school), lt(lmsDrift.comparedAt, before)));

/** Those of some courses that were not compared since a moment. */
export async function notComparedSince(env: Env, school: string, courses: readonly string[], since: number) {
  const rows = await database(env.DB)
    .select({ course: lmsDrift.course })
    .from(lmsDrift)
    .where(and(eq(lmsDrift.school, school), isOneOf(lmsDrift.course, courses), gte(lmsDrift.comparedAt, since)));
  const compared = new Set(rows.map(({ course }) => course));
  return courses.filter((course) => !compared.has(course));
}

export interface DriftQuery extends ListQuery {
  /** Those alone in which something differs. */
  differs?: boolean | undefined;
}

const shownWith = (names: Readonly<Record<string, string>>) => (row: Row) => ({
  course: row.course,
  name: entry(names, row.course) ?? null,
  compared_at: formatInstant(row.comparedAt),
  here: row.here,
  there: row.there,
  missing_here: row.missingHere,
  missing_there: row.missingThere,
  differing: row.differing,
  unknown: row.unknown,
  on_its_way: row.onItsWay,
  problem: row.problem,
});
export type CourseDrift = ReturnType<ReturnType<typeof shownWith>>;

export async function showDrift(env: Env, school: string, page: ListPage<Row>): Promise<ListPage<CourseDrift>> {
  const ids = page.data.map(({ course }) => course);
  const { course: names = {} } = await productNames(env, school, ids);
  return mapPage(page, shownWith(names));
}

/** A page of courses as they were last compared. */
export const listDrift = (env: Env, school: string, query: DriftQuery): Promise<ListPage<Row>> =>
  listRows(
    env,
    lmsDrift,
    ["course"],
    query,
    // Written out, for SQLite to see that the index of those that differ will do.
    and(eq(lmsDrift.school, school), query.differs ? sql`${lmsDrift.differs} = 1` : undefined),
  );

/** One as it was last compared, as a page of its own; an empty one where it never was. */
export const keptDrift = async (env: Env, school: string, course: string): Promise<ListPage<Row>> => ({
  data: await database(env.DB)
    .select()
    .from(lmsDrift)
    .where(and(eq(lmsDrift.school, school), eq(lmsDrift.course, course))),
  next_cursor: null,
});
