import { and, asc, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { readJson } from "../base/json";
import { database } from "../db/client";
import { users } from "../db/schema";
import type { ItemSource } from "./define";

const place = z.tuple([z.number(), z.string()]);

/** All users of the school, oldest first, by their ids. */
export const everyUser: ItemSource<string> = {
  total: async ({ env, school }) => database(env.DB).$count(users, eq(users.school, school.id)),
  next: async ({ env, school }, after, limit) => {
    const [createdAt, id] = after === null ? [Number.MIN_SAFE_INTEGER, ""] : readJson(place, after);
    const rows = await database(env.DB)
      .select({ id: users.id, createdAt: users.createdAt })
      .from(users)
      .where(and(eq(users.school, school.id), sql`(${users.createdAt}, ${users.id}) > (${createdAt}, ${id})`))
      .orderBy(asc(users.createdAt), asc(users.id))
      .limit(limit);
    return rows.map((row) => ({
      cursor: JSON.stringify([row.createdAt, row.id]),
      place: { user: row.id },
      key: row.id,
      value: row.id,
    }));
  },
  latecomersFrom: (since) => JSON.stringify([since, ""]),
};
