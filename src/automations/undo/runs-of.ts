import { sql } from "drizzle-orm";
import type { Database } from "../../db/client";
import { liveRuns, runs } from "../../db/schema";

/** The runs of an automation behind an id, live ones and ended ones, in the order of their ids: each by its index. */
export const runsOf = (
  db: Database,
  school: string,
  automation: string,
  after: string,
  limit: number,
): Promise<{ id: string; user: string }[]> =>
  db.all(sql`
    select id, user from (
      select * from (select id, user from ${runs} indexed by runs_by_automation
        where school = ${school} and automation = ${automation} and id > ${after} order by id limit ${limit})
      union all
      select * from (select id, user from ${liveRuns}
        where school = ${school} and automation = ${automation} and id > ${after} order by id limit ${limit}))
    order by id limit ${limit}`);
