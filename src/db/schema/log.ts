import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { COUNTS_LIVE, flag, json, school, time } from "./columns";

// The log: what happened, for people to read.

/** Runs that have ended. A run stands here or in `live_runs`, never in both. */
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
    /** Of the call that told of the event (W3C Trace Context); null: none did, or a release before wrote it. */
    trace: text("trace"),
    startedAt: time("started_at").notNull(),
    endedAt: time("ended_at"),
    /** Of a run that ended, null. */
    wakeAt: time("wake_at"),
    steps: json("steps"),
    /** How many of the steps failed: a run goes on behind one, and may end well. */
    failedSteps: integer("failed_steps").notNull().default(0),
    /** Real time of the last write: what retention and the failure count go by. */
    loggedAt: time("logged_at").notNull(),
    /** The user's change that it tells of: what comes late does not undo what is newer. */
    seq: integer("seq").notNull(),
    /**
     * 1: written by a release whose objects forgot what D1 had heard of: the user's own has it no more. Such a Worker may
     * still run for a while once this column is there, and does not name it. What it then writes is counted, and what of
     * it is live laid where live runs lie, by triggers (migration 0011).
     */
    unkept: integer("unkept").default(1),
  },
  (t) => [
    primaryKey({ columns: [t.school, t.id] }),
    index("runs_unkept").on(t.school, t.user, t.id).where(sql`${t.unkept} = 1`),
    // For lists: of an automation each end by itself.
    index("runs_by_automation").on(t.school, t.automation, t.status, t.id),
    // Of runs that did not complete, which are fewer: for the list.
    index("runs_not_completed")
      .on(t.school, t.status, t.id, t.automation)
      .where(sql`${t.status} = 'failed' or ${t.status} = 'exited' or ${t.status} = 'cancelled'`),
    // The release before reads by it.
    index("runs_failed_by_id").on(t.school, t.id).where(sql`${t.status} = 'failed'`),
    // For the count of failures.
    index("runs_with_failures").on(t.school, t.automation, t.loggedAt).where(sql`${t.failedSteps} > 0`),
  ],
);

/**
 * Of which automations there are runs that completed, as nearly all do, for lists of these where few did: kept by triggers
 * on `runs`, which come with the migration that makes it.
 */
export const completedBy = sqliteTable(
  "completed_by",
  { school: school(), automation: text("automation").notNull() },
  (t) => [primaryKey({ columns: [t.school, t.automation] })],
);

/** Runs that wait, are held, or have not been looked at yet. */
export const liveRuns = sqliteTable(
  "live_runs",
  {
    school: school(),
    id: text("id").notNull(),
    automation: text("automation").notNull(),
    version: integer("version").notNull(),
    revision: integer("revision").notNull(),
    user: text("user").notNull(),
    status: text("status").notNull(),
    /** Of a held run: `paused`, where the school is. */
    reason: text("reason"),
    synchronous: flag("synchronous"),
    trigger: json("trigger"),
    eventId: text("event_id"),
    /** Of the call that told of the event (W3C Trace Context); null: none did, or a release before wrote it. */
    trace: text("trace"),
    startedAt: time("started_at").notNull(),
    wakeAt: time("wake_at"),
    steps: json("steps"),
    failedSteps: integer("failed_steps").notNull().default(0),
    loggedAt: time("logged_at").notNull(),
    /** The user's change that it tells of: what comes late does not undo what is newer. */
    seq: integer("seq").notNull(),
  },
  (t) => [
    index("live_runs_with_failures").on(t.school, t.automation, t.loggedAt).where(sql`${t.failedSteps} > 0`),
    primaryKey({ columns: [t.school, t.automation, t.id] }),
    index("live_runs_by_id").on(t.school, t.id),
    index("live_runs_by_user").on(t.school, t.user, t.id),
    // For lists: nearly all wait, but of an automation that is off nearly all are held.
    index("live_runs_not_waiting").on(t.school, t.status, t.id, t.automation).where(sql`${t.status} <> 'waiting'`),
    index("live_runs_not_waiting_of").on(t.school, t.automation, t.status, t.id).where(sql`${t.status} <> 'waiting'`),
    index("live_runs_waiting_of").on(t.school, t.automation, t.id).where(sql`${t.status} = 'waiting'`),
    index("live_runs_paused").on(t.school, t.user).where(sql`${t.reason} = 'paused'`),
  ],
);

/**
 * How many runs of an automation have each status, with `step` empty, and how many came to each step and what became of
 * them there: see `journal/tables/counts.ts`. Of all that ran, also of what is no longer kept.
 */
export const runCounts = sqliteTable(
  "run_counts",
  {
    school: school(),
    automation: text("automation").notNull(),
    step: text("step").notNull(),
    status: text("status").notNull(),
    n: integer("n").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.school, t.automation, t.step, t.status] }),
    // Of what may go on, and there is some of: no more than there are such runs (schools/life/pause.ts).
    index("run_counts_live").on(t.school, t.n).where(sql.raw(COUNTS_LIVE)),
  ],
);

/**
 * What happened on each day, by the school's calendar: runs begun, mails that left (in a test school: were captured), how
 * many of these bounced, and mails that failed. See `journal/tables/days.ts`. Of what no automation sent, under an empty one.
 */
export const dayCounts = sqliteTable(
  "day_counts",
  {
    school: school(),
    day: text("day").notNull(),
    automation: text("automation").notNull(),
    runs: integer("runs").notNull(),
    mails: integer("mails").notNull(),
    failed: integer("failed").notNull(),
    bounced: integer("bounced").notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.school, t.day, t.automation] })],
);

/**
 * What was used of what is billed, a row a day by the clock on the wall: events taken, tellings of a user to D1, runs and
 * deliveries. See `journal/tables/usage.ts`. Under an empty school: all of them together.
 */
export const usage = sqliteTable(
  "usage",
  {
    school: school(),
    day: text("day").notNull(),
    events: integer("events").notNull(),
    tellings: integer("tellings").notNull(),
    runs: integer("runs").notNull(),
    deliveries: integer("deliveries").notNull(),
  },
  (t) => [primaryKey({ columns: [t.school, t.day] })],
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
    /** As its run's. */
    trace: text("trace"),
    /** Why it was not sent, or waits, or what became of it after it left; null: nothing to say. */
    reason: text("reason"),
    /** Of a mail that waits for quiet hours or the cap: until when, by the school's clock. */
    waitsUntil: time("waits_until"),
    /** Of a mail that is tracked: when it was first opened, and a link in it first followed, by the school's clock. */
    openedAt: time("opened_at"),
    clickedAt: time("clicked_at"),
    createdAt: time("created_at").notNull(),
    loggedAt: time("logged_at").notNull(),
    /** The user's change that it tells of: what comes late does not undo what is newer. */
    seq: integer("seq").notNull(),
    /** 1: written by a release whose objects forgot what D1 had heard of: the user's own has it no more. */
    unkept: integer("unkept").default(1),
  },
  (t) => [
    primaryKey({ columns: [t.school, t.id] }),
    index("deliveries_unkept").on(t.school, t.user, t.id).where(sql`${t.unkept} = 1`),
    index("deliveries_by_run").on(t.school, t.run, t.id),
    // For lists: of each status and channel those of an automation, and by which automations there are any.
    index("deliveries_of").on(t.school, t.status, t.channel, t.automation, t.id),
    index("deliveries_failed_by_id").on(t.school, t.id).where(sql`${t.status} = 'failed'`),
    // Few but where nobody has set mail up: for the list, and whoever sends them after all.
    index("deliveries_not_sent_by_id").on(t.school, t.id).where(sql`${t.status} = 'not_sent'`),
    index("deliveries_suppressed_by_id").on(t.school, t.id).where(sql`${t.status} = 'suppressed'`),
    // None but where nothing leaves, as in a test school.
    index("deliveries_captured_by_id").on(t.school, t.id).where(sql`${t.status} = 'captured'`),
    // Most are mails: those by other channels.
    index("deliveries_by_channel").on(t.school, t.channel, t.id).where(sql`${t.channel} <> 'email'`),
    index("deliveries_failed").on(t.school, t.automation, t.loggedAt).where(sql`${t.status} = 'failed'`),
    // Of what has not left, which is little, as most is settled before D1 hears of it: for the backlog, and the end of a pause.
    index("deliveries_queued").on(t.school, t.createdAt).where(sql`${t.status} = 'queued'`),
  ],
);

export const unmapped = sqliteTable(
  "unmapped",
  {
    school: school(),
    format: text("format").notNull(),
    name: text("name").notNull(),
    count: integer("count").notNull().default(1),
    lastAt: time("last_at").notNull(),
    /** What of the messages could not be used, as a JSON pointer, and why; null: all of them. */
    path: text("path"),
    message: text("message"),
    /** The greatest power of two that `count` reaches: what is sorted by it moves seldom. Kept by triggers. */
    scale: integer("scale").notNull().default(1),
  },
  (t) => [
    primaryKey({ columns: [t.school, t.format, t.name] }),
    index("unmapped_by_scale").on(t.school, t.scale, t.format, t.name),
  ],
);

/** The last messages of each name of `unmapped`, some days long, to be tried again. */
export const unmappedMessages = sqliteTable(
  "unmapped_messages",
  {
    school: school(),
    id: text("id").notNull(),
    format: text("format").notNull(),
    name: text("name").notNull(),
    /** Whom it speaks of; empty: nobody. */
    user: text("user").notNull(),
    /** Real time. */
    at: time("at").notNull(),
    body: json("body").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.school, t.id] }),
    index("unmapped_messages_by_name").on(t.school, t.format, t.name),
    index("unmapped_messages_by_user").on(t.school, t.user),
    index("unmapped_messages_by_age").on(t.at),
  ],
);

/** What is wrong with a school as a whole, each thing once. */
export const schoolProblems = sqliteTable(
  "school_problems",
  {
    school: school(),
    /** A `ProblemCode`. */
    code: text("code").notNull(),
    /** In words, for an admin. */
    message: text("message").notNull(),
    /** Real time, ms, as below. */
    since: time("since").notNull(),
    /** When it was last seen to be so. */
    at: time("at").notNull(),
    /** When it last worked all the same; null: never since it was so. */
    workedAt: time("worked_at"),
    /** How often it was met since then, at least: what an isolate has not said when it ends is not counted. */
    count: integer("count").notNull().default(1),
  },
  (t) => [primaryKey({ columns: [t.school, t.code] })],
);

/** When a school's owners were last mailed that something is wrong with it: see schools/health/mail.ts. */
export const healthMails = sqliteTable("health_mails", { school: school(), at: time("at").notNull() }, (t) => [
  primaryKey({ columns: [t.school] }),
]);

/** Messages that no queue got done, each once however often it came: see schools/platform/dead-letters.ts. */
export const deadLetters = sqliteTable(
  "dead_letters",
  {
    /** Empty for what is of no school in particular. */
    school: school(),
    /** Whom it speaks of; empty: nobody. */
    user: text("user").notNull(),
    kind: text("kind").notNull(),
    /** The delivery, job or automation that it is about; empty: none. */
    subject: text("subject").notNull(),
    id: text("id").notNull(),
    /** By which binding it is sent again. */
    queue: text("queue").notNull(),
    /** The message, ids alone; null: it could not be read, and is not kept. */
    body: text("body"),
    /** Why the last attempt failed; null: whoever took it was cut off. */
    reason: text("reason"),
    /** How often it was tried, in all. */
    attempts: integer("attempts").notNull(),
    /** When it was given up first and last, real time, ms. */
    since: time("since").notNull(),
    at: time("at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.school, t.user, t.kind, t.subject] }),
    uniqueIndex("dead_letters_by_id").on(t.id),
    index("dead_letters_of_school").on(t.school, t.id),
    index("dead_letters_by_age").on(t.at),
  ],
);
