import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { json, school, time } from "./columns";

// The directory: what users are listed, searched and scanned by. Their objects know better.

export const users = sqliteTable(
  "users",
  {
    school: school(),
    id: text("id").notNull(),
    createdAt: time("created_at").notNull(),
    email: text("email"),
    emailKey: text("email_key"),
    username: text("username"),
    registeredAt: time("registered_at"),
    /** Lower-case id, email and name: what `?q=` looks in. */
    search: text("search").notNull(),
    /** When the object next has something to do by the school's clock; null: nothing. */
    nextWake: time("next_wake"),
    /** Since when the user is away from the school and its app: where their rows in `activity` stand. */
    seenAt: time("seen_at"),
    appSeenAt: time("app_seen_at"),
    /** The user's change that it tells of: what comes late does not undo what is newer. */
    seq: integer("seq").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.school, t.id] }),
    index("users_by_creation").on(t.school, t.createdAt, t.id),
    index("users_by_email").on(t.school, t.emailKey).where(sql`${t.emailKey} is not null`),
    index("users_by_username").on(t.school, t.username).where(sql`${t.username} is not null`),
    index("users_by_wake").on(t.school, t.nextWake).where(sql`${t.nextWake} is not null`),
  ],
);

/**
 * Until when nobody of a live school has a wake, as far as the directory knows, real time; null: nobody has one. A school that
 * is suspended, or in which nobody ever had one, has no row. Triggers on `users` and `schools` bring it forward; only
 * cron/watch.ts moves it on.
 */
export const schoolWakes = sqliteTable("school_wakes", { school: school(), at: time("at") }, (t) => [
  primaryKey({ columns: [t.school] }),
  index("school_wakes_by_time").on(t.at).where(sql`${t.at} is not null`),
]);

/**
 * The words of `users.search`, each once a user, but for those that are the user's id or `email_key`: what begins a word is
 * found by it, or by these keys of `users`. Kept by triggers on `users`.
 */
export const userWords = sqliteTable(
  "user_words",
  { school: school(), word: text("word").notNull(), user: text("user").notNull() },
  (t) => [primaryKey({ columns: [t.school, t.word, t.user] })],
);

/**
 * Until when those words are written too, real time: a release before this one finds by words alone, and may serve beside
 * it, or be put back. One row.
 */
export const keyWords = sqliteTable("key_words", { until: time("until").primaryKey() });

/** How many users are in each segment, by their marks. Kept by triggers on `user_marks`. */
export const segmentCounts = sqliteTable(
  "segment_counts",
  { school: school(), segment: text("segment").notNull(), n: integer("n").notNull() },
  (t) => [primaryKey({ columns: [t.school, t.segment] })],
);

export const userMarks = sqliteTable(
  "user_marks",
  {
    school: school(),
    /** `ahead`: a move of the test clock that is not done yet has taken the user so far, by users/waking/ahead.ts. */
    kind: text("kind", { enum: ["tag", "segment", "course", "group", "ahead"] }).notNull(),
    value: text("value").notNull(),
    user: text("user").notNull(),
  },
  (t) => [primaryKey({ columns: [t.school, t.kind, t.value, t.user] })],
);

/** Whose a record of a school's own system is: by it those are found from whom it moves. */
export const rosterRecords = sqliteTable(
  "roster_records",
  { school: school(), user: text("user").notNull(), record: text("record").notNull() },
  (t) => [
    primaryKey({ columns: [t.school, t.user, t.record] }),
    index("roster_records_by_record").on(t.school, t.record),
  ],
);

/**
 * What scans look for, in the order they read it. A user's two rows without a subject are found by the times in `users`,
 * so that nobody new costs an index.
 */
export const activity = sqliteTable(
  "activity",
  {
    school: school(),
    scope: text("scope", { enum: ["school", "app", "course", "app_course", "trial"] }).notNull(),
    at: time("at").notNull(),
    user: text("user").notNull(),
    /** The course or subscription; empty for school and app. */
    subject: text("subject").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.school, t.scope, t.at, t.user, t.subject] }),
    uniqueIndex("activity_by_subject").on(t.school, t.user, t.scope, t.subject).where(sql`${t.subject} <> ''`),
  ],
);

/**
 * Thresholds that a live school's automations look at, and how far their users have been gone through: see users/scan/.
 * The row without a scope has the school's thresholds looked up anew; a trigger moves it with the school's stamp.
 */
export const scans = sqliteTable(
  "scans",
  {
    school: school(),
    scope: text("scope").notNull(),
    days: integer("days").notNull(),
    /** When it was last looked, real time: all that a release before this table's other columns knows. */
    until: time("until").notNull(),
    /**
     * When to look next, real time; null: nobody is there who could cross it. A trigger on `activity` brings it forward,
     * for whoever crosses sooner than all others.
     */
    nextLook: time("next_look"),
    /** Real time until which one chain of messages has it; which one, that tells too. */
    leasedUntil: time("leased_until").notNull().default(0),
    /** What is added to a time in `activity` to tell when it crosses, but for what the calendar makes of days, ms. */
    ahead: integer("ahead").notNull().default(0),
    /** The last of `activity` that was woken; null: a release before wrote the row. */
    at: time("at"),
    user: text("user").notNull().default(""),
    /** The same of those past it already who are meant too; null: none are being woken. */
    alreadyAt: time("already_at"),
    alreadyUser: text("already_user").notNull().default(""),
    /** When the automation that meant them was made active, if ever one did. */
    alreadySince: time("already_since"),
  },
  (t) => [
    primaryKey({ columns: [t.school, t.scope, t.days] }),
    index("scans_by_look").on(t.nextLook).where(sql`${t.nextLook} is not null`),
  ],
);

/** How far each school's users have been reminded to forget what is too old: see cron/forget.ts. */
export const forgettings = sqliteTable(
  "forgettings",
  {
    school: school(),
    /** The last visit of the last user who was, and who that was. */
    at: time("at").notNull(),
    user: text("user").notNull(),
  },
  (t) => [primaryKey({ columns: [t.school] })],
);

/** Who has a place by a key of a course: see segments/self-enrolment/self-enrol.ts. */
export const selfEnrolments = sqliteTable(
  "self_enrolments",
  { school: school(), user: text("user").notNull(), method: text("method").notNull(), at: time("at").notNull() },
  (t) => [primaryKey({ columns: [t.school, t.user, t.method] })],
);

/** How LearnWorlds' webhooks last told of a user: they say how things stand, not what changed. */
export const learnworldsSeen = sqliteTable(
  "learnworlds_seen",
  { school: school(), user: text("user").notNull(), seen: json("seen") },
  (t) => [primaryKey({ columns: [t.school, t.user] })],
);
