import { sql } from "drizzle-orm";
import {
  type AnySQLiteColumn,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";
import { FIELD_TYPES } from "../../catalogue/facts/facts";
import { flag, GOES_BY_COURSE_DATES, json, school, time } from "./columns";

// What a school has defined, and what it has shown us.

/** Finds those of a kind that are held, which are few. */
const held = (table: string, { school, deleteAt }: { school: AnySQLiteColumn; deleteAt: AnySQLiteColumn }) =>
  index(`${table}_held`).on(school, deleteAt).where(sql`${deleteAt} is not null`);

/** Finds those that stand, and those that are held, each in the order in which they are listed. */
const inOrder = (
  table: string,
  { school, deleteAt }: { school: AnySQLiteColumn; deleteAt: AnySQLiteColumn },
  ...key: [AnySQLiteColumn, ...AnySQLiteColumn[]]
) => [
  index(`${table}_standing`)
    .on(school, ...key)
    .where(sql`${deleteAt} is null`),
  index(`${table}_held_in_order`)
    .on(school, ...key)
    .where(sql`${deleteAt} is not null`),
];

export const automations = sqliteTable(
  "automations",
  {
    school: school(),
    id: text("id").notNull(),
    name: text("name").notNull(),
    description: text("description").notNull(),
    active: flag("active"),
    /** when, only_if, then, exit_when, exit_if, synchronous, reentry, reentry_per, cooldown of `version`. */
    definition: json("definition"),
    version: integer("version").notNull(),
    /** What owners sort it by, and what they note: texts, and a text. Neither makes a version, nor does the goal. */
    labels: json("labels").default("[]"),
    note: text("note").notNull().default(""),
    /** A trigger: what it is to bring about. */
    goal: text("goal"),
    /** Moves with every write: the ETag. */
    revision: integer("revision").notNull(),
    /** The school's time from which it sees facts; null while inactive. */
    activeSince: time("active_since"),
    /** Live runs of earlier versions move to this one when their user is next touched (`live=move`). */
    moveVersion: integer("move_version").notNull().default(0),
    /** Live runs begun before this revision exit (`live_runs: "exit"`). */
    exitRevision: integer("exit_revision").notNull().default(0),
    /** `failures`; `failures_dismissed`, once somebody has said that they know. */
    stoppedBy: text("stopped_by"),
    /** The school's time before which dates and absences are not looked at: it was held, to be deleted. */
    watchSince: time("watch_since").notNull().default(0),
    /** When it is deleted, by the school's clock; null: it stands. Until then it gives nothing new and takes nothing away. */
    deleteAt: time("delete_at"),
    /** Real time since which failures count towards stopping it. */
    failuresSince: time("failures_since").notNull().default(0),
    createdAt: time("created_at").notNull(),
    updatedAt: time("updated_at").notNull(),
    updatedBy: text("updated_by"),
    /** What it is found by, as JSON (automations/finding/sought.ts); null: a release before wrote the rest of it. */
    search: text("search"),
    /** What of that can be taken away its definition names, as JSON (automations/finding/named.ts); null: as above. */
    named: text("named"),
  },
  (t) => [
    primaryKey({ columns: [t.school, t.id] }),
    index("automations_unsearched").on(t.school, t.id).where(sql`${t.search} is null`),
    index("automations_unnamed").on(t.school, t.id).where(sql`${t.named} is null`),
    index("automations_by_name").on(t.school, t.name, t.id),
    index("automations_by_update").on(t.school, t.updatedAt, t.id),
    index("automations_stopped").on(t.school, t.id).where(sql`${t.stoppedBy} is not null`),
    held("automations", t),
    ...inOrder("automations", t, t.id),
    index("automations_active").on(t.school, t.id).where(sql`${t.active} = 1 and ${t.deleteAt} is null`),
  ],
);

/**
 * What automations are looked for by: the types of their triggers, their labels in lower case, and the words of their names
 * and definitions. Kept by triggers on `automations`.
 */
export const automationMarks = sqliteTable(
  "automation_marks",
  {
    school: school(),
    kind: text("kind", { enum: ["trigger", "label", "name", "word"] }).notNull(),
    value: text("value").notNull(),
    automation: text("automation").notNull(),
  },
  (t) => [primaryKey({ columns: [t.school, t.kind, t.value, t.automation] })],
);

/**
 * What is used by what: segments and fields by automations, whether on or off, and fields by rules. Kept by triggers on
 * `automations` and `segment_rules`.
 */
export const uses = sqliteTable(
  "uses",
  {
    school: school(),
    kind: text("kind", { enum: ["segment", "field"] }).notNull(),
    id: text("id").notNull(),
    byKind: text("by_kind", { enum: ["automation", "rule"] }).notNull(),
    by: text("by_id").notNull(),
  },
  (t) => [primaryKey({ columns: [t.school, t.kind, t.id, t.byKind, t.by] })],
);

export const automationVersions = sqliteTable(
  "automation_versions",
  {
    school: school(),
    automation: text("automation").notNull(),
    version: integer("version").notNull(),
    definition: json("definition"),
    createdAt: time("created_at").notNull(),
    createdBy: text("created_by"),
  },
  (t) => [
    primaryKey({ columns: [t.school, t.automation, t.version] }),
    // Of those that go by a date of a course (products/course-dates.ts).
    index("automation_versions_dated").on(t.school, t.automation).where(sql.raw(GOES_BY_COURSE_DATES)),
  ],
);

export const profileFields = sqliteTable(
  "profile_fields",
  {
    school: school(),
    key: text("key").notNull(),
    name: text("name").notNull(),
    type: text("type", { enum: FIELD_TYPES }).notNull(),
    choices: text("choices"),
    /** What it is shown under; null: nothing. */
    category: text("category"),
    deleteAt: time("delete_at"),
    createdAt: time("created_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.school, t.key] }),
    held("profile_fields", t),
    ...inOrder("profile_fields", t, t.createdAt, t.key),
    index("profile_fields_by_name").on(t.school, t.name, t.key),
  ],
);

export const segments = sqliteTable(
  "segments",
  {
    school: school(),
    id: text("id").notNull(),
    name: text("name").notNull(),
    managed: flag("managed"),
    deleteAt: time("delete_at"),
    createdAt: time("created_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.school, t.id] }),
    held("segments", t),
    ...inOrder("segments", t, t.createdAt, t.id),
    index("segments_by_name").on(t.school, t.name, t.id),
  ],
);

export const segmentRules = sqliteTable(
  "segment_rules",
  {
    school: school(),
    id: text("id").notNull(),
    segment: text("segment").notNull(),
    match: text("match", { enum: ["all", "any"] }).notNull(),
    where: json("clauses"),
    deleteAt: time("delete_at"),
    createdAt: time("created_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.school, t.id] }),
    held("segment_rules", t),
    ...inOrder("segment_rules", t, t.id),
    index("segment_rules_of").on(t.school, t.segment, t.id),
    // Of those that ask for a course: they alone can make a ring (segments/syncs/circles.ts).
    index("segment_rules_asking").on(t.school, t.id).where(sql`instr(${t.where}, '"enrolled"') > 0`),
  ],
);

export const segmentSyncs = sqliteTable(
  "segment_syncs",
  {
    school: school(),
    id: text("id").notNull(),
    name: text("name").notNull(),
    active: flag("active"),
    segment: text("segment").notNull(),
    course: text("course").notNull(),
    role: text("role").notNull(),
    group: text("group_id"),
    onLeave: text("on_leave", { enum: ["unenrol", "suspend"] }).notNull(),
    /** False: it keeps its group for members who are enrolled anyhow. */
    enrol: flag("enrol").default(true),
    deleteAt: time("delete_at"),
    createdAt: time("created_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.school, t.id] }),
    held("segment_syncs", t),
    ...inOrder("segment_syncs", t, t.id),
    index("segment_syncs_of").on(t.school, t.segment, t.id),
    uniqueIndex("segment_syncs_once").on(t.school, t.course, t.segment, t.role).where(sql`${t.enrol} = 1`),
    uniqueIndex("segment_syncs_group_once").on(t.school, t.course, t.segment, t.group).where(sql`${t.enrol} = 0`),
  ],
);

export const autoGroups = sqliteTable(
  "auto_groups",
  {
    school: school(),
    id: text("id").notNull(),
    course: text("course").notNull(),
    field: text("field").notNull(),
    active: flag("active"),
    deleteAt: time("delete_at"),
    createdAt: time("created_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.school, t.id] }),
    held("auto_groups", t),
    ...inOrder("auto_groups", t, t.id),
    uniqueIndex("auto_groups_once").on(t.school, t.course, t.field),
    index("auto_groups_by_field").on(t.school, t.field, t.course),
  ],
);

/** Ways into a course by a key that its learners are told. */
export const enrolmentMethods = sqliteTable(
  "enrolment_methods",
  {
    school: school(),
    id: text("id").notNull(),
    course: text("course").notNull(),
    /** Sealed: its owners may read it again. */
    key: text("key").notNull(),
    /** HMAC-SHA-256 of the key for this course, base64url: what a key that is given is found by. */
    digest: text("digest").notNull(),
    group: text("group_id"),
    role: text("role").notNull(),
    /** How many learners may have a place; null: any number. */
    limit: integer("most"),
    /** How many have one: kept by triggers on self_enrolments. */
    taken: integer("taken").notNull().default(0),
    endsAt: time("ends_at"),
    active: flag("active"),
    createdAt: time("created_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.school, t.id] }),
    uniqueIndex("enrolment_methods_once").on(t.school, t.course, t.digest),
    index("enrolment_methods_of").on(t.school, t.course, t.id),
  ],
);

/** The words of names, by a `ProductKind` or a table. Kept by triggers on `products`, `segments` and `profile_fields`. */
export const nameWords = sqliteTable(
  "name_words",
  { school: school(), kind: text("kind").notNull(), word: text("word").notNull(), id: text("id").notNull() },
  (t) => [primaryKey({ columns: [t.school, t.kind, t.word, t.id] })],
);

export const vocabulary = sqliteTable(
  "vocabulary",
  {
    school: school(),
    kind: text("kind").notNull(),
    /** What words of the kind are compared by: in one form and case for tags and coupons, else the id itself. */
    key: text("key").notNull(),
    value: text("value").notNull(),
  },
  (t) => [primaryKey({ columns: [t.school, t.kind, t.key] })],
);

/**
 * What stood there before each change of what `world/world.ts` reads: written by triggers (migration 0010), so that no
 * writer forgets it. The oldest row of a school says from which stamp on its past is known.
 */
export const schoolHistory = sqliteTable(
  "school_history",
  {
    school: school(),
    /** The school's, that the change led to. */
    stamp: integer("stamp").notNull(),
    kind: text("kind", {
      enum: [
        ...(["school", "automation", "profile_field", "segment", "segment_rule", "segment_sync"] as const),
        ...(["auto_group", "bundle", "subscription", "seat", "course", "course_id"] as const),
      ],
    }).notNull(),
    /** Empty for the school itself. */
    id: text("id").notNull(),
    /** What the world read of it, as JSON; null: it was not there. */
    body: text("body"),
    /** By the school's clock. */
    at: time("at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.school, t.stamp, t.kind, t.id] })],
);
