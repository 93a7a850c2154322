import { fillNamed, fillSought } from "../../src/automations/finding/sought-fill";
import { env } from "./live";
import { fillSchool } from "./reading";

/* For tests: a school that has much of everything it can have, and an installation of many schools. */

/** So many of each kind. */
export const MUCH = 2_000;
/** A kind of which each takes more. */
export const SOME = 500;

const MAIL = '{"id":"mail","type":"email.user","subject":"Hello","body":"<p>Hello</p>","kind":"transactional"}';
const DEFINITION = `{"synchronous":true,"when":[{"type":"course.enrolled","courses":["course-'||n||'"]}],"only_if":null,"then":[{"id":"tag","type":"tags.add","tags":["tag-'||n||'"]},${MAIL}],"exit_when":[],"exit_if":null,"reentry":"always","reentry_per":"user","cooldown":null,"limit":null}`;
const TRIGGER = '{"type":"course.enrolled","data":{"course":"js-101"},"at":0,"order":1}';

/** What each table is filled with: columns, what they hold, where `n` counts, and how many. */
const OF_A_SCHOOL: readonly (readonly [table: string, columns: string, values: string, most: number])[] = [
  [
    "automations",
    "id, name, description, active, definition, version, revision, labels, created_at, updated_at",
    `'aut_z' || n, 'Automation ' || n, '', n % 2, '${DEFINITION}', 1, 1, '["label-' || (n % 10) || '"]', n, n`,
    MUCH,
  ],
  ["segments", "id, name, managed, created_at", "'seg_z' || n, 'Segment ' || n, 1, n", MUCH],
  [
    "segment_rules",
    "id, segment, match, clauses, created_at",
    `'rul_z' || n, 'seg_z' || n, 'all', '[{"field":"field_' || (n % ${SOME}) || '","op":"is","value":"x"}]', n`,
    MUCH,
  ],
  [
    "segment_syncs",
    "id, name, active, segment, course, role, on_leave, enrol, created_at",
    "'syn_z' || n, 'Sync ' || n, 1, 'seg_z' || n, 'course-' || n, 'student', 'unenrol', 1, n",
    MUCH,
  ],
  [
    "auto_groups",
    "id, course, field, active, created_at",
    `'agr_z' || n, 'course-' || n, 'field_' || (n % ${SOME}), 1, n`,
    MUCH,
  ],
  ["profile_fields", "key, name, type, created_at", "'field_' || n, 'Field ' || n, 'text', n", SOME],
  [
    "enrolment_methods",
    "id, course, key, digest, role, active, created_at",
    "'enm_z' || n, 'course-' || n, '', 'digest' || n, 'student', 1, n",
    MUCH,
  ],
  [
    "products",
    "type, id, name, name_key, told",
    `iif(n % 4 = 0, 'bundle', 'course'), 'course-' || n, 'Course ' || n, 'course ' || n, '{"name":"hand"}'`,
    MUCH,
  ],
  ["vocabulary", "kind, key, value", "'tag', 'tag-' || n, 'tag-' || n", MUCH],
  ["vocabulary", "kind, key, value", "'course', 'course-' || n, 'course-' || n", MUCH],
  ["vocabulary", "kind, key, value", "'group', 'group-' || n, 'group-' || n", MUCH],
  [
    "jobs",
    "id, kind, status, params, done, total, created_at, touched_at",
    '\'job_z\' || n, \'align\', \'done\', \'{"stamp":1,"params":{"segment":"seg_z1","fire":false}}\', n, n, n, n',
    MUCH,
  ],
  [
    "audit",
    "id, at, who, what, subject",
    "printf('aud_0%012d', n), n, 'key:k' || n, 'automation.changed', 'aut_z' || n",
    MUCH,
  ],
  [
    "suppressions",
    "key, id, address, reason, source, at",
    "'k' || n, 'sup' || n, 'k' || n, 'bounced', 'hand', n",
    MUCH,
  ],
  ["unmapped", "format, name, last_at", "'moodle', 'event' || n, n", SOME],
  [
    "unmapped_messages",
    "id, format, name, user, at, body",
    "'msg' || n, 'moodle', 'event' || (n % 10), 'u1', n, '{}'",
    MUCH,
  ],
  [
    "dead_letters",
    "user, kind, subject, id, queue, body, attempts, since, at",
    "'u' || n, 'deliver', 'dlv' || n, ?1 || n, 'DELIVERIES', '{}', 5, n, n",
    MUCH,
  ],
  ["past_members", "kind, value, user, at", "'course', 'js-101', 'past' || n, n", MUCH],
  ["segment_counts", "segment, n", "'seg_z' || n, 5", MUCH],
  ["run_counts", "automation, step, status, n", "'aut_z' || n, '', 'completed', 5", MUCH],
  [
    "lms_drift",
    "course, compared_at, here, there, missing_here, missing_there, differing, unknown, on_its_way, differs",
    "'course-' || n, 0, 1, 1, 1, 0, 0, 0, 0, 1",
    MUCH,
  ],
  [
    "deliveries",
    "id, run, automation, step, user, channel, status, recipients, content, attempts, idempotency_key, created_at, logged_at, seq",
    `'dlv_z' || n, 'run_z' || n, 'aut_z' || n, 'mail', 'u' || n, 'email',
      case n % 4 when 0 then 'failed' when 1 then 'not_sent' when 2 then 'captured' else 'queued' end,
      '[]', '{}', '[]', 'k', n, 0, 1`,
    MUCH,
  ],
  [
    "live_runs",
    `id, automation, version, revision, user, status, synchronous, "trigger", started_at, steps, logged_at, seq`,
    `'run_z' || n, 'aut_z' || n, 1, 1, 'u' || n, iif(n % 2, 'held', 'waiting'), 0, '${TRIGGER}', n, '[]', n, 1`,
    MUCH,
  ],
];

/** What may be held, to be deleted, and so is shown beside the others. */
const HOLDABLE = ["automations", "segments", "segment_rules", "segment_syncs", "auto_groups", "profile_fields"];

/** Puts much of everything into a school's tables, beside its users and their runs. */
export async function fillPlenty(school: string): Promise<void> {
  for (const [table, columns, values, most] of OF_A_SCHOOL)
    await env.DB.prepare(
      `with recursive numbers(n) as (select 0 union all select n + 1 from numbers where n < ${most - 1})
       insert into ${table} (school, ${columns}) select ?1, ${values} from numbers`,
    )
      .bind(school)
      .run();
  await fillSchool(school, { users: MUCH, runs: 2 * MUCH });
  // As each save writes it.
  await fillSought(env);
  await fillNamed(env);
  await env.DB.batch([
    ...HOLDABLE.map((table) =>
      env.DB.prepare(`update ${table} set delete_at = 4000000000000 where school = ?1 and created_at % 5 = 0`).bind(
        school,
      ),
    ),
    env.DB.prepare("update schools set stamp = stamp + 1 where id = ?1").bind(school),
    env.DB.prepare(
      `with recursive numbers(n) as (select 0 union all select n + 1 from numbers where n < ${MUCH - 1})
       insert into api_keys (id, school, name, scopes, digest, created_at)
       select ?1 || n, ?1, 'Key ' || n, '["read"]', 'x', n from numbers`,
    ).bind(school),
  ]);
}

/** Puts hundreds of schools beside those that are there, each with things on their way. */
export const fillSchools = (): Promise<unknown> =>
  env.DB.batch([
    env.DB.prepare(
      `with recursive numbers(n) as (select 0 union all select n + 1 from numbers where n < ${SOME - 1})
       insert into schools (id, name, name_key, mode, settings, created_at)
       select 'sch_many' || n, 'School ' || n, 'school ' || n, 'live', '{}', n from numbers where true on conflict do nothing`,
    ),
    env.DB.prepare(
      `with recursive numbers(n) as (select 0 union all select n + 1 from numbers where n < ${MUCH - 1})
       insert into dead_letters (school, user, kind, subject, id, queue, body, attempts, since, at)
       select 'sch_many' || (n % ${SOME}), 'u' || n, 'deliver', 'dlv' || n, 'many' || n, 'DELIVERIES', '{}', 5, n, n from numbers`,
    ),
  ]);

/** Takes all of it away again. */
export async function emptySchool(school: string): Promise<void> {
  const tables = new Set([
    ...OF_A_SCHOOL.map(([table]) => table),
    "users",
    "user_marks",
    "runs",
    "api_keys",
    "school_history",
  ]);
  await env.DB.batch([
    ...[...tables].map((table) => env.DB.prepare(`delete from ${table} where school = ?`).bind(school)),
    env.DB.prepare("delete from dead_letters where school like 'sch_many%'"),
    env.DB.prepare("delete from schools where id like 'sch_many%'"),
  ]);
}
