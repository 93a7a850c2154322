import { MOST_COUNTED } from "../../base/counted";
import type { Env } from "../../base/env";

const MARKED = `select count(*) as n from (select distinct user from user_marks
  where school = ?1 and kind = ?2 and value in (select value from json_each(?3)) limit ?4)`;

/** How many users bear a mark, of any of these values; one more than `most` stands for more. */
export async function countMarked(
  env: Env,
  school: string,
  kind: "course" | "segment" | "tag" | "group",
  values: readonly string[],
  most = MOST_COUNTED,
): Promise<number> {
  const row = await env.DB.prepare(MARKED)
    .bind(school, kind, JSON.stringify(values), most + 1)
    .first<{ n: number }>();
  return row?.n ?? 0;
}
