import { and, eq, gte, inArray, lt } from "drizzle-orm";
import type { Env } from "../base/env";
import { notFound } from "../base/errors/errors";
import { database } from "../db/client";
import { type ListQuery, mapPage } from "../db/lists/list";
import { listRows } from "../db/lists/rows";
import { origins, schools } from "../db/schema";
import { loadSchool, type School, schoolOf } from "../world/snapshot";
import { nameKey } from "./name-key";

/** Behind all that begins with the same. */
const LAST = "\u{10ffff}";

/** A page of all schools, oldest first; or of those whose name begins with `name`, in the order of their names. */
export async function listSchools(env: Env, query: ListQuery & { name?: string | undefined }) {
  const begun = query.name === undefined ? null : nameKey(query.name);
  const rows =
    begun === null
      ? await listRows(env, schools, ["createdAt", "id"], query, undefined)
      : await listRows(
          env,
          schools,
          ["nameKey", "id"],
          query,
          and(gte(schools.nameKey, begun), lt(schools.nameKey, begun + LAST)),
          "schools_by_name",
        );
  return mapPage(rows, (row) => schoolOf(row));
}

/** A school; 404 when there is none of this id. */
export async function getSchool(env: Env, id: string): Promise<School> {
  const school = await loadSchool(env, id);
  if (!school) throw notFound("school");
  return school;
}

/** The names of schools, by their ids. */
export async function schoolNames(env: Env, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await database(env.DB)
    .select({ id: schools.id, name: schools.name })
    .from(schools)
    .where(inArray(schools.id, [...new Set(ids)]));
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** Whether any school lets pages of this origin call. */
export async function isAllowedOrigin(env: Env, origin: string): Promise<boolean> {
  const row = await database(env.DB)
    .select({ school: origins.school })
    .from(origins)
    .where(eq(origins.origin, origin))
    .limit(1)
    .get();
  return row !== undefined;
}
