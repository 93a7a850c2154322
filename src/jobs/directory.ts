import * as z from "zod";
import { readJson } from "../base/json";
import type { ItemSource } from "./define";

const place = z.tuple([z.number(), z.string()]);
const FIRST: z.infer<typeof place> = [Number.MIN_SAFE_INTEGER, ""];
/** Where nothing more comes. */
const LAST: z.infer<typeof place> = [Number.MAX_SAFE_INTEGER, ""];
const placeIn = (cursor: string | null | undefined, none: z.infer<typeof place>) =>
  cursor === null || cursor === undefined ? none : readJson(place, cursor);

/** Of school `?1` those behind the place of `?2` and `?3`. */
const BEHIND = `from users indexed by users_by_creation
  where school = ?1 and (created_at, id) > (?2, ?3)`;
const NEXT = `select id, created_at as createdAt ${BEHIND} and (created_at, id) <= (?5, ?6)
  order by created_at, id limit ?4`;
const EDGE = `select id, created_at as createdAt ${BEHIND} order by created_at, id limit 1 offset ?4 - 1`;
const COUNT = `select count(*) as n from (select 1 ${BEHIND} order by created_at, id limit ?4)`;

interface Row {
  id: string;
  createdAt: number;
}
const cursorOf = ({ createdAt, id }: Row): string => JSON.stringify([createdAt, id]);

const count = async ({ DB }: { DB: D1Database }, school: string, behind: z.infer<typeof place>, most: number) =>
  (await DB.prepare(COUNT)
    .bind(school, ...behind, most)
    .first<number>("n")) ?? 0;

/** All users of the school, oldest first, by their ids. */
export const everyUser: ItemSource<string> = {
  total: ({ env, school }, most = Number.MAX_SAFE_INTEGER) => count(env, school.id, FIRST, most),
  next: async ({ env, school }, after, limit, until) => {
    const { results } = await env.DB.prepare(NEXT)
      .bind(school.id, ...placeIn(after, FIRST), limit, ...placeIn(until, LAST))
      .all<Row>();
    return results.map((row) => ({ cursor: cursorOf(row), place: { user: row.id }, key: row.id, value: row.id }));
  },
  edge: async ({ env, school }, after, size) => {
    const behind = placeIn(after, FIRST);
    const last = await env.DB.prepare(EDGE)
      .bind(school.id, ...behind, size)
      .first<Row>();
    return last
      ? { until: cursorOf(last), items: size }
      : { until: null, items: await count(env, school.id, behind, size) };
  },
  latecomersFrom: (since) => JSON.stringify([since, ""]),
};
