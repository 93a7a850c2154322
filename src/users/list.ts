import { and, eq, exists, inArray, type SQL, sql } from "drizzle-orm";
import pMap, { pMapSkip } from "p-map";
import type { Env } from "../base/env";
import { storedKeys } from "../base/text";
import { referenceOf, userObject } from "../calls/stub";
import type { PresentedUser } from "../catalogue/present";
import { database } from "../db/client";
import { PAGE_BYTES } from "../db/fitting";
import { after, inOrder, isOneOf, type ListPage, type ListQuery, toPage } from "../db/list";
import { userMarks, users } from "../db/schema";
import { holdsText } from "../db/search";
import type { School } from "../world/snapshot";

const AT_ONCE = 25;

export interface UserFilter {
  q?: string | undefined;
  tag?: string | undefined;
  segment?: string | undefined;
  course?: string | undefined;
}

/** A page of users, found by the directory and shown as their objects know them. */
export async function listUsers(
  env: Env,
  school: School,
  query: ListQuery & UserFilter,
): Promise<ListPage<PresentedUser>> {
  const db = database(env.DB);
  const marked = (kind: "tag" | "segment" | "course", value: string | string[] | undefined): SQL | undefined =>
    value === undefined
      ? undefined
      : exists(
          db
            .select({ one: sql`1` })
            .from(userMarks)
            .where(
              and(
                eq(userMarks.school, school.id),
                eq(userMarks.kind, kind),
                inArray(userMarks.value, [value].flat()),
                eq(userMarks.user, users.id),
              ),
            ),
        );
  const key = [users.createdAt, users.id];
  const rows = await db
    .select({ id: users.id, createdAt: users.createdAt })
    .from(users)
    .where(
      and(
        eq(users.school, school.id),
        holdsText(users.search, query.q),
        marked("tag", query.tag === undefined ? undefined : storedKeys(query.tag)),
        marked("segment", query.segment),
        marked("course", query.course),
        after(query, key),
      ),
    )
    .orderBy(...inOrder(query, key))
    .limit(query.limit + 1);
  const read = await readFitting(env, school, rows.slice(0, query.limit));
  const page = toPage({ ...query, limit: read.length }, rows, (row) => [row.createdAt, row.id]);
  // What an object answers of a user is what presentLearner made of it; one erased meanwhile is left out.
  return { ...page, data: read.filter((user) => user !== null) as PresentedUser[] };
}

/** The first of the users, as many as a page holds: one with much to remember has some hundred KB. */
async function readFitting(env: Env, school: School, rows: readonly { id: string }[]): Promise<unknown[]> {
  let characters = 0;
  const read = await pMap(
    rows,
    async ({ id }) => {
      if (characters >= PAGE_BYTES) return pMapSkip;
      const user = await userObject(env, school, id).read(referenceOf(school), { givers: false });
      characters += JSON.stringify(user).length;
      return user;
    },
    { concurrency: AT_ONCE },
  );
  // They are begun in their order, so those that were left out are the last.
  return read;
}

/** How users are called, by their ids: by name, else email, else the id. */
export async function userNames(env: Env, school: string, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await database(env.DB)
    .select({ id: users.id, username: users.username, email: users.email })
    .from(users)
    .where(and(eq(users.school, school), isOneOf(users.id, ids)));
  return new Map(rows.map(({ id, username, email }) => [id, username || email || id]));
}
