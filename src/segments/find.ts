import { and, asc, eq, inArray, sql } from "drizzle-orm";
import type { Env } from "../base/env";
import { type Fault, notFound, Problem } from "../base/errors/errors";
import { textsOf } from "../base/json";
import { database } from "../db/client";
import { heldText, listed, listIndex } from "../db/deleting/held";
import type { ListQuery } from "../db/lists/list";
import { namesById } from "../db/lists/names";
import { getRow, listRows } from "../db/lists/rows";
import { jobs, profileFields, segments } from "../db/schema";

export type SegmentRow = typeof segments.$inferSelect;

export const whichSegment = (school: string, id: string) => and(eq(segments.school, school), eq(segments.id, id));

/** A page of the segments of a school, oldest first. */
export const listSegments = (env: Env, school: string, query: ListQuery & { deleted?: boolean }) =>
  listRows(
    env,
    segments,
    ["createdAt", "id"],
    query,
    and(eq(segments.school, school), listed("segment", query.deleted)),
    listIndex("segment", query.deleted),
  );

/** A segment of a school; 404 when it is another's. */
export const getSegment = (env: Env, school: string, id: string): Promise<SegmentRow> =>
  getRow(env, segments, whichSegment(school, id), "segment");

/** The segment that a new definition names, or what is wrong with naming it. */
export async function segmentMeant(
  env: Env,
  school: string,
  id: string,
): Promise<{ segment: SegmentRow | undefined; faults: Fault[] }> {
  const segment = await database(env.DB).select().from(segments).where(whichSegment(school, id)).get();
  const fault = (message: string) => ({ segment, faults: [{ path: "/segment", message }] });
  if (!segment) return fault(notFound("segment").detail);
  return segment.deleteAt === null ? { segment, faults: [] } : fault(heldText("segment", id, segment));
}

/** The names of those of some segments that are there, by their ids. */
export const segmentNames = (env: Env, school: string, ids: readonly string[]): Promise<Map<string, string>> =>
  namesById(env, "segments", school, ids);

/** So many fields are offered at most. */
const MOST_OFFERED = 1_000;

/** The names of the fields that may be named anew, by their keys: of a thousand at most, by their names. */
export async function offeredFields(env: Env, school: string): Promise<Map<string, string>> {
  const rows = await database(env.DB)
    .select({ key: profileFields.key, name: profileFields.name })
    .from(profileFields)
    .where(and(eq(profileFields.school, school), listed("profile_field")))
    .orderBy(asc(profileFields.name), asc(profileFields.key))
    .limit(MOST_OFFERED);
  return new Map(rows.map(({ key, name }) => [key, name]));
}

/** Throws 409 while a job takes out the members of a segment of one of these ids that was deleted. */
export async function requireEmptied(env: Env, school: string, ...ids: readonly string[]): Promise<void> {
  for (const text of textsOf(ids.map((id) => [id]))) {
    const emptying = await database(env.DB)
      .select({ id: jobs.id })
      .from(jobs)
      .where(
        and(
          inArray(jobs.status, ["queued", "running"]),
          eq(jobs.school, school),
          sql`exists (select 1 from json_each(${text}) as asked where asked.value->>0 = json_extract(${jobs.params}, '$.params.dropSegment')
            or asked.value->>0 in (select value from json_each(${jobs.params}, '$.params.gone.segments')))`,
        ),
      )
      .limit(1)
      .get();
    if (emptying)
      throw new Problem("conflict", "The members of a deleted segment of this id are still being taken out.");
  }
}
