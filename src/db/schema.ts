import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/*
 * Times are milliseconds since 1970. `school` comes first in every key: no query reads across schools.
 * JSON columns are written by us only and parsed by zod where they are read (see db/json.ts).
 * Tables are WITHOUT ROWID in the migrations: a row costs one write, and lies in the order it is read in.
 */

const school = () => text("school").notNull();
const time = (name: string) => integer(name, { mode: "number" });
const json = (name: string) => text(name).notNull();
const flag = (name: string) => integer(name, { mode: "boolean" }).notNull();

export const schools = sqliteTable("schools", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  mode: text("mode", { enum: ["live", "test"] }).notNull(),
  /** Where a test school's clock stands; null: real time. */
  now: time("now"),
  suspended: flag("suspended").default(false),
  settings: json("settings"),
  /** Moves with every change of what the engine reads (settings and definitions): see schools/snapshot.ts. */
  stamp: integer("stamp").notNull().default(1),
  /** Whether a lead was ever kept: spares every sign-up of other schools a look for one. */
  hasLeads: flag("has_leads").default(false),
  /** Encrypted: [{secret, until}] for user tokens, newest first. */
  signingSecrets: json("signing_secrets").default("[]"),
  /** Encrypted connector secrets, by connector and option. */
  connectorSecrets: json("connector_secrets").default("{}"),
  hookKey: text("hook_key").notNull().default(""),
  createdAt: time("created_at").notNull(),
});

export const apiKeys = sqliteTable(
  "api_keys",
  {
    /** The id is part of the key itself, so that a key is found without knowing its school. */
    id: text("id").primaryKey(),
    school: school(),
    name: text("name").notNull(),
    scopes: json("scopes"),
    /** HMAC-SHA-256 of the key with the pepper, base64url. */
    digest: text("digest").notNull(),
    createdAt: time("created_at").notNull(),
  },
  (t) => [index("api_keys_by_school").on(t.school, t.id)],
);

/** Origins that any school allows: what a preflight, which carries no credential, is answered by. */
export const origins = sqliteTable("origins", { origin: text("origin").notNull(), school: school() }, (t) => [
  primaryKey({ columns: [t.origin, t.school] }),
]);

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
    /** Moves with every write: the ETag. */
    revision: integer("revision").notNull(),
    /** The school's time from which it sees facts; null while inactive. */
    activeSince: time("active_since"),
    /** Live runs of earlier versions move to this one when their user is next touched (`live=move`). */
    moveVersion: integer("move_version").notNull().default(0),
    /** Live runs begun before this revision exit (`live_runs: "exit"`). */
    exitRevision: integer("exit_revision").notNull().default(0),
    stoppedBy: text("stopped_by"),
    /** Real time since which failures count towards stopping it. */
    failuresSince: time("failures_since").notNull().default(0),
    createdAt: time("created_at").notNull(),
    updatedAt: time("updated_at").notNull(),
    updatedBy: text("updated_by"),
  },
  (t) => [primaryKey({ columns: [t.school, t.id] })],
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
  (t) => [primaryKey({ columns: [t.school, t.automation, t.version] })],
);

export const profileFields = sqliteTable(
  "profile_fields",
  {
    school: school(),
    key: text("key").notNull(),
    name: text("name").notNull(),
    type: text("type", { enum: ["text", "number", "date", "boolean", "choice"] }).notNull(),
    choices: text("choices"),
    createdAt: time("created_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.school, t.key] })],
);

export const segments = sqliteTable(
  "segments",
  {
    school: school(),
    id: text("id").notNull(),
    name: text("name").notNull(),
    managed: flag("managed"),
    createdAt: time("created_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.school, t.id] })],
);

export const segmentRules = sqliteTable(
  "segment_rules",
  {
    school: school(),
    id: text("id").notNull(),
    segment: text("segment").notNull(),
    match: text("match", { enum: ["all", "any"] }).notNull(),
    where: json("clauses"),
    createdAt: time("created_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.school, t.id] })],
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
    createdAt: time("created_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.school, t.id] }),
    uniqueIndex("segment_syncs_once").on(t.school, t.course, t.segment, t.role),
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
    createdAt: time("created_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.school, t.id] }), uniqueIndex("auto_groups_once").on(t.school, t.course, t.field)],
);

/** The courses of a bundle, by the last `bundle.enrolled` that named them. */
export const bundles = sqliteTable(
  "bundles",
  { school: school(), id: text("id").notNull(), courses: json("courses") },
  (t) => [primaryKey({ columns: [t.school, t.id] })],
);

/** What the school has shown us: tags with their spelling, courses, groups …: pickers and warnings read it. */
export const vocabulary = sqliteTable(
  "vocabulary",
  {
    school: school(),
    kind: text("kind").notNull(),
    /** Lower case for tags, the id itself for everything else. */
    key: text("key").notNull(),
    value: text("value").notNull(),
  },
  (t) => [primaryKey({ columns: [t.school, t.kind, t.key] })],
);

/** The directory: what users are listed and searched by. Their object knows better. */
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
  },
  (t) => [
    primaryKey({ columns: [t.school, t.id] }),
    index("users_by_creation").on(t.school, t.createdAt, t.id),
    index("users_by_email").on(t.school, t.emailKey).where(sql`${t.emailKey} is not null`),
    index("users_by_wake").on(t.nextWake, t.school).where(sql`${t.nextWake} is not null`),
  ],
);

/** What users are found by: tag (lower case), segment, course (enrolled and not suspended), group. */
export const userMarks = sqliteTable(
  "user_marks",
  {
    school: school(),
    kind: text("kind", { enum: ["tag", "segment", "course", "group"] }).notNull(),
    value: text("value").notNull(),
    user: text("user").notNull(),
  },
  (t) => [primaryKey({ columns: [t.school, t.kind, t.value, t.user] })],
);

/** Since when a user is away, by scope; and when a trial ends. Behind the truth by a day at most, never ahead of it. */
export const activity = sqliteTable(
  "activity",
  {
    school: school(),
    user: text("user").notNull(),
    scope: text("scope", { enum: ["school", "app", "course", "app_course", "trial"] }).notNull(),
    /** The course or subscription; empty for school and app. */
    subject: text("subject").notNull(),
    at: time("at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.school, t.user, t.scope, t.subject] }),
    index("activity_by_time").on(t.school, t.scope, t.at, t.user),
  ],
);

export const runs = sqliteTable(
  "runs",
  {
    school: school(),
    id: text("id").notNull(),
    automation: text("automation").notNull(),
    version: integer("version").notNull(),
    user: text("user").notNull(),
    status: text("status").notNull(),
    reason: text("reason"),
    synchronous: flag("synchronous"),
    trigger: json("trigger"),
    eventId: text("event_id"),
    startedAt: time("started_at").notNull(),
    endedAt: time("ended_at"),
    wakeAt: time("wake_at"),
    steps: json("steps"),
    /** Real time of the last write: what retention and the failure count go by. */
    loggedAt: time("logged_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.school, t.id] }),
    index("runs_by_user").on(t.school, t.user, t.id),
    index("runs_by_automation").on(t.school, t.automation, t.status, t.id),
  ],
);

export const deliveries = sqliteTable(
  "deliveries",
  {
    school: school(),
    id: text("id").notNull(),
    run: text("run").notNull(),
    automation: text("automation").notNull(),
    step: text("step").notNull(),
    user: text("user").notNull(),
    channel: text("channel").notNull(),
    status: text("status").notNull(),
    to: json("recipients"),
    content: json("content"),
    attempts: json("attempts"),
    idempotencyKey: text("idempotency_key").notNull(),
    createdAt: time("created_at").notNull(),
    loggedAt: time("logged_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.school, t.id] }),
    index("deliveries_by_user").on(t.school, t.user, t.id),
    index("deliveries_by_run").on(t.school, t.run, t.id),
  ],
);

export const jobs = sqliteTable(
  "jobs",
  {
    school: school(),
    id: text("id").notNull(),
    kind: text("kind").notNull(),
    status: text("status", { enum: ["queued", "running", "done", "failed", "cancelled"] }).notNull(),
    params: json("params"),
    cursor: text("cursor"),
    done: integer("done").notNull().default(0),
    total: integer("total").notNull().default(0),
    errors: json("errors").default("[]"),
    createdAt: time("created_at").notNull(),
    /** Real time of the last page: a job that stands still is taken up again by cron. */
    touchedAt: time("touched_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.school, t.id] }), index("jobs_unfinished").on(t.status, t.touchedAt)],
);

/** The lines of an import, in pieces a D1 row can hold. */
export const jobChunks = sqliteTable(
  "job_chunks",
  { school: school(), job: text("job").notNull(), n: integer("n").notNull(), body: json("body") },
  (t) => [primaryKey({ columns: [t.school, t.job, t.n] })],
);

/** First answers to writes with an `Idempotency-Key`, kept for 24 real hours. */
export const idempotency = sqliteTable(
  "idempotency",
  {
    school: school(),
    /** Key, method, path and query. */
    key: text("key").notNull(),
    bodyHash: text("body_hash").notNull(),
    /** Null while the first request is under way. */
    status: integer("status"),
    headers: text("headers"),
    answer: text("answer"),
    at: time("at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.school, t.key] }), index("idempotency_by_age").on(t.at)],
);

/** Who changed what: append-only. */
export const audit = sqliteTable(
  "audit",
  {
    school: school(),
    id: text("id").notNull(),
    at: time("at").notNull(),
    /** `key:<id>`, `admin:<email>`, `platform`, `system`. */
    who: text("who").notNull(),
    what: text("what").notNull(),
    subject: text("subject").notNull(),
    before: text("before"),
    after: text("after"),
  },
  (t) => [primaryKey({ columns: [t.school, t.id] })],
);

/** Sign-in links and sessions of the admin UI; only hashes of what the browser holds. */
export const sessions = sqliteTable(
  "sessions",
  {
    digest: text("digest").primaryKey(),
    kind: text("kind", { enum: ["link", "session"] }).notNull(),
    email: text("email").notNull(),
    school: school(),
    expiresAt: time("expires_at").notNull(),
    seenAt: time("seen_at").notNull(),
  },
  (t) => [index("sessions_by_expiry").on(t.expiresAt)],
);

/** How often somebody tried to sign in, by what is counted: an account or an address, hashed. */
export const attempts = sqliteTable("attempts", {
  key: text("key").primaryKey(),
  count: integer("count").notNull(),
  /** Real time at which the count begins anew. */
  until: time("until").notNull(),
});

/** Up to when cron has looked for those who crossed a threshold, by scope and days. */
export const scans = sqliteTable(
  "scans",
  { school: school(), scope: text("scope").notNull(), days: integer("days").notNull(), until: time("until").notNull() },
  (t) => [primaryKey({ columns: [t.school, t.scope, t.days] })],
);

/** Unmapped messages of other formats, counted for people to see. */
export const unmapped = sqliteTable(
  "unmapped",
  {
    school: school(),
    format: text("format").notNull(),
    name: text("name").notNull(),
    count: integer("count").notNull().default(1),
    lastAt: time("last_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.school, t.format, t.name] })],
);
