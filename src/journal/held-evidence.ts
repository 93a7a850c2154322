import { formatInstant } from "../catalogue/time";
import { userMarks } from "../db/schema";

/* What D1 holds of a user for evidence: the marks that name them, what they left, and what packs say of them. */

/**
 * By leaping from one mark that somebody has to the next, as the key begins with them: an index by user would cost each
 * mark a row more. What is read is as many rows as the school has different marks.
 */
export const MARKS = `user_marks where (school, kind, value, user) in (
  with recursive mark(kind, value) as (
    select value, '' from json_each('${JSON.stringify(userMarks.kind.enumValues)}')
    union all
    select kind, (select min(one.value) from user_marks as one
      where one.school = ?1 and one.kind = mark.kind and one.value > mark.value)
    from mark where value is not null)
  select ?1, kind, value, ?2 from mark)`;

/** That somebody was in a course or a segment, or went through an automation, stays where it is to be proved. */
const PAST = "past_members indexed by past_members_by_user where school = ?1 and user = ?2";
const PAST_ERASED = `insert into past_members (school, kind, value, user, at, erased_at)
  select school, kind, value, ?3, ?4, ?4 from (
    select school, kind, value from ${PAST}
    union select school, kind, value from ${MARKS} and kind in ('course', 'segment'))
  where true on conflict do update set at = excluded.at, erased_at = excluded.erased_at`;

/** The same of automations whose runs the log has still: they go with the user. @param from rows of runs, with their `where` */
export const runsErased = (from: string): string => `insert into past_members (school, kind, value, user, at, erased_at)
  select distinct school, 'automation', automation, ?4, ?5, ?5 from ${from}
  on conflict do update set at = excluded.at, erased_at = excluded.erased_at`;

/** Of packs that are kept: what they say of the user goes, and that somebody was erased comes in its place. */
const PARTS = "evidence_parts indexed by evidence_parts_by_user where school = ?1 and user = ?2 and user <> ''";
const PARTS_ERASED = `insert into evidence_parts (school, job, file, user, n, body)
  select distinct school, job, 'erased', ?3, 0, json_array(json_array(?3, ?4)) from ${PARTS}
  on conflict do nothing`;

interface Somebody {
  school: string;
  id: string;
}
type Gone = Somebody & { pseudonym: string; at: number };

export const readPast = (db: D1Database, { school, id }: Somebody): D1PreparedStatement[] => [
  db.prepare(`select * from ${PAST}`).bind(school, id),
];

export const erasePast = (db: D1Database, { school, id, pseudonym, at }: Gone): D1PreparedStatement[] => [
  db.prepare(PAST_ERASED).bind(school, id, pseudonym, at),
  db.prepare(`delete from ${PAST}`).bind(school, id),
];

export const readParts = (db: D1Database, { school, id }: Somebody): D1PreparedStatement[] => [
  db.prepare(`select * from ${PARTS}`).bind(school, id),
];

export const eraseParts = (db: D1Database, { school, id, pseudonym, at }: Gone): D1PreparedStatement[] => [
  db.prepare(PARTS_ERASED).bind(school, id, pseudonym, formatInstant(at)),
  db.prepare(`delete from ${PARTS}`).bind(school, id),
];
