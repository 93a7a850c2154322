import { textsOf } from "../../base/json";
import { formatInstant } from "../../catalogue/dates/time";
import { userMarks } from "../../db/schema";
import type { Erased, Presence } from "./whose";

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

/**
 * That somebody was in a course or a segment, or went through an automation, and from when until when, stays where it is
 * to be proved. Who had an id before is erased by the same pseudonym.
 */
const PAST = "past_members indexed by past_members_by_user where school = ?1 and user = ?2";
const ERASED_PAST = `insert into past_members (school, kind, value, user, at, erased_at, first_at, last_at)`;
const ERASED_TWICE = `on conflict do update set at = excluded.at, erased_at = excluded.erased_at,
  first_at = min(first_at, excluded.first_at), last_at = max(last_at, excluded.last_at)`;
const PRESENCES_ERASED = `${ERASED_PAST}
  select ?1, value->>'kind', value->>'value', ?2, ?3, ?3, value->>'first', value->>'last' from json_each(?4)
  where true ${ERASED_TWICE}`;
/** Whose object knows nothing any more: where they were D1 may have still. Of runs the log has, see below. */
const PAST_ERASED = `${ERASED_PAST}
  select school, kind, value, ?3, ?4, ?4, null, null from (
    select school, kind, value from ${PAST}
    union select school, kind, value from ${MARKS} and kind in ('course', 'segment'))
  where true ${ERASED_TWICE}`;

/**
 * Of packs that are kept: what they say of the user goes, and that somebody was erased comes in its place; what their jobs
 * say of how many there are follows.
 */
const PARTS = "evidence_parts indexed by evidence_parts_by_user where school = ?1 and user = ?2 and user <> ''";
const LINES = "sum(case file when '$' then json_array_length(body) else 0 end)";
const FIGURES_ERASED = `update jobs set result = json_set(result, '$.learners', result->>'learners' - gone.learners,
    '$.erased', result->>'erased' + (not exists (select 1 from evidence_parts as one where one.school = ?1
      and one.job = jobs.id and one.file = 'erased' and one.user = ?3)),
    '$.events', result->>'events' - gone.events, '$.messages', result->>'messages' - gone.messages)
  from (select job, max(file = 'people') as learners, ${LINES.replace("$", "events")} as events,
    ${LINES.replace("$", "messages")} as messages from ${PARTS} group by job) as gone
  where jobs.school = ?1 and jobs.id = gone.job and jobs.result is not null`;
const PARTS_ERASED = `insert into evidence_parts (school, job, file, user, n, body)
  select distinct school, job, 'erased', ?3, 0, json_array(json_array(?3, ?4)) from ${PARTS}
  on conflict do nothing`;

interface Somebody {
  school: string;
  id: string;
}
type Gone = Somebody & Pick<Erased, "pseudonym" | "at" | "presences">;

export const readPast = (db: D1Database, { school, id }: Somebody): D1PreparedStatement[] => [
  db.prepare(`select * from ${PAST}`).bind(school, id),
];

export const erasePast = (db: D1Database, { school, id, pseudonym, at, presences }: Gone): D1PreparedStatement[] => [
  ...(presences === null
    ? [db.prepare(PAST_ERASED).bind(school, id, pseudonym, at)]
    : textsOf(presences).map((text) => db.prepare(PRESENCES_ERASED).bind(school, pseudonym, at, text))),
  db.prepare(`delete from ${PAST}`).bind(school, id),
];

/**
 * Remembers through which automations somebody went whose object knows nothing any more, by what the log has of it: before
 * that goes, as it may lie elsewhere.
 * @param from a table of runs, with the index that finds the user's where there is one
 */
export async function rememberRuns(
  db: D1Database,
  log: D1Database,
  { school, id, pseudonym, at }: Omit<Gone, "presences">,
  from: string,
): Promise<void> {
  const { results } = await log
    .prepare(
      `select 'automation' as kind, automation as value, min(started_at) as first, max(started_at) as last
        from ${from} where school = ?1 and user = ?2 group by automation`,
    )
    .bind(school, id)
    .all<Presence>();
  if (!results.length) return;
  await db.batch(textsOf(results).map((text) => db.prepare(PRESENCES_ERASED).bind(school, pseudonym, at, text)));
}

export const readParts = (db: D1Database, { school, id }: Somebody): D1PreparedStatement[] => [
  db.prepare(`select * from ${PARTS}`).bind(school, id),
];

export const eraseParts = (db: D1Database, { school, id, pseudonym, at }: Gone): D1PreparedStatement[] => [
  db.prepare(FIGURES_ERASED).bind(school, id, pseudonym),
  db.prepare(PARTS_ERASED).bind(school, id, pseudonym, formatInstant(at)),
  db.prepare(`delete from ${PARTS}`).bind(school, id),
];
