import type { Env } from "../base/env";
import { formatInstant } from "../catalogue/dates/time";
import { database } from "../db/client";
import { runsOf } from "../db/lists/ended";
import { logOf } from "../db/log";
import { idsFrom } from "../engine/identity";
import type { About } from "./lines";

/*
 * Whom a pack may be about, a page at a time, by their ids: who is in the course or segment, and who was. Of an
 * automation, those of its runs; and whose runs are kept no more.
 */

/** Where a page begins. `past`: runs are through, those remain whose runs are kept no more. */
export interface PeoplePlace {
  after: string;
  past: boolean;
}
export const FIRST = { after: "", past: false };

export interface People {
  users: string[];
  /** Who was there in the time and erased since, by their pseudonyms; and who may have been. */
  erased: [pseudonym: string, at: string][];
  next: PeoplePlace | null;
}

const PAST = `select user, erased_at, first_at, last_at from past_members
  where school = ?1 and kind = ?2 and value = ?3 and user > ?4 order by user limit ?5`;
const MEMBERS = `select user, max(erased_at) as erased_at, max(first_at) as first_at, max(last_at) as last_at from (
    select * from (${PAST})
    union all select * from (select user, null as erased_at, null as first_at, null as last_at from user_marks
      where school = ?1 and kind = ?2 and value = ?3 and user > ?4 order by user limit ?5))
  group by user order by user limit ?5`;

interface Member {
  user: string;
  erased_at: number | null;
  first_at: number | null;
  last_at: number | null;
}

/** Whether who was erased was there in the time, from the first moment to the last; of whom nobody knows may have been. */
const mayHaveBeen = ({ first_at: first, last_at: last }: Member, { from, to }: About): boolean =>
  first === null || last === null || (first < to && last >= from);

export async function nextPeople(
  env: Env,
  school: string,
  about: About,
  { after, past }: PeoplePlace,
  limit: number,
): Promise<People> {
  if (about.kind === "automation" && !past) return nextOfRuns(env, school, about, after, limit);
  const { results } = await env.DB.prepare(about.kind === "automation" ? PAST : MEMBERS)
    .bind(school, about.kind, about.id, after, limit)
    .all<Member>();
  const last = results.at(-1)?.user;
  return {
    users: results.flatMap(({ user, erased_at }) => (erased_at === null ? [user] : [])),
    erased: results.flatMap((one) =>
      one.erased_at !== null && mayHaveBeen(one, about) ? [[one.user, formatInstant(one.erased_at)]] : [],
    ),
    next: last === undefined || results.length < limit ? null : { after: last, past },
  };
}

async function nextOfRuns(env: Env, school: string, about: About, after: string, limit: number): Promise<People> {
  const within = {
    after: after === "" ? idsFrom("run", about.from) : after,
    before: idsFrom("run", about.to),
  };
  const asked = { school, automation: about.id, ...within };
  const found = await runsOf(database(await logOf(env, school)), asked, limit);
  const last = found.at(-1)?.id;
  const isEnd = last === undefined || found.length < limit;
  return {
    users: [...new Set(found.map(({ user }) => user))],
    erased: [],
    next: isEnd ? { after: "", past: true } : { after: last, past: false },
  };
}

const COUNT_MEMBERS = `select (select count(*) from user_marks where school = ?1 and kind = ?2 and value = ?3) +
  (select count(*) from past_members where school = ?1 and kind = ?2 and value = ?3) as n`;

/** How many there are to look at, about. */
export async function countPeople(env: Env, school: string, { kind, id }: About): Promise<number> {
  if (kind === "automation") return 0;
  const found = await env.DB.prepare(COUNT_MEMBERS).bind(school, kind, id).first<{ n: number }>();
  return found?.n ?? 0;
}
