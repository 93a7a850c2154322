import { and, eq } from "drizzle-orm";
import pMap, { pMapSkip } from "p-map";
import { bytesOf } from "../../base/bytes";
import type { Env } from "../../base/env";
import { referenceOf, userObject } from "../../calls/reaching/stub";
import type { Marked, MarkedUser } from "../../catalogue/shown/present-givers";
import { database } from "../../db/client";
import { PAGE_BYTES } from "../../db/lists/fitting";
import { isOneOf, type ListPage, type ListQuery } from "../../db/lists/list";
import { users } from "../../db/schema";
import { courseIdIn } from "../../world/naming/ids";
import type { School } from "../../world/snapshot";
import { findUsers, type UserFilter } from "./find";

const AT_ONCE = 25;

/** A page of users, found by the directory and shown as their objects know them, with who gave what they are found by. */
export async function listUsers(
  env: Env,
  school: School,
  query: ListQuery & UserFilter,
): Promise<ListPage<MarkedUser>> {
  const course = query.course === undefined ? undefined : (await courseIdIn(env, school))(query.course);
  const { users, next } = await findUsers(env, school.id, { ...query, course });
  const read = await readFitting(env, school, users, { tag: query.tag, segment: query.segment, course });
  return {
    // What an object answers of a user is what presentMarked made of it; one erased meanwhile is left out.
    data: read.filter((user) => user !== null) as MarkedUser[],
    next_cursor: read.length < users.length ? (users[read.length - 1]?.cursor ?? next) : next,
  };
}

/** The first of the users, as many as a page holds: one with much to remember has some hundred KB. */
async function readFitting(
  env: Env,
  school: School,
  rows: readonly { id: string }[],
  marks: Marked,
): Promise<unknown[]> {
  const givers = Object.values(marks).some((mark) => mark !== undefined) && marks;
  let met = 0;
  const read = await pMap(
    rows,
    async ({ id }) => {
      if (met >= PAGE_BYTES) return pMapSkip;
      const user = await userObject(env, school, id).read(referenceOf(school), { givers });
      const bytes = bytesOf(JSON.stringify(user));
      met += bytes;
      return { user, bytes };
    },
    { concurrency: AT_ONCE },
  );
  // They are begun in their order, so those that were left out are the last; of those under way together some may not fit.
  let together = 0;
  const tooMany = read.findIndex(({ bytes }, n) => {
    together += bytes;
    return n > 0 && together > PAGE_BYTES;
  });
  return (tooMany < 0 ? read : read.slice(0, tooMany)).map(({ user }) => user);
}

/** How users are called, by their ids: by name, else email, else the id. */
export async function userNames(env: Env, school: string, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await database(env.DB)
    .select({ id: users.id, username: users.username, email: users.email })
    .from(users)
    .where(and(eq(users.school, school), isOneOf(users.id, ids)));
  return new Map(rows.map(({ id, username, email }) => [id, username || email || id]));
}
