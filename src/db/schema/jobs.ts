import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { json, school, time } from "./columns";

// Work over many users or lines: see jobs/define.ts.

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
    /** Of a job that counts: {count, users}, the first of them. */
    found: text("found"),
    /** Of a job that answers more than how far it is: what it found or did, so far. */
    result: text("result"),
    /** How far it was at two moments of late, [at, done, at, done], by which it is told how fast it goes: jobs/pages/pace.ts. */
    pace: text("pace"),
    createdAt: time("created_at").notNull(),
    /** Real time of the last page: a job that stands still is taken up again by cron. */
    touchedAt: time("touched_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.school, t.id] }),
    index("jobs_unfinished").on(t.status, t.touchedAt),
    index("jobs_by_age").on(t.school, t.createdAt),
    // Those that name users in what they tell.
    index("jobs_telling").on(t.school, t.id).where(sql`${t.errors} <> '[]' or ${t.found} is not null`),
    index("jobs_evidence").on(t.school, t.id).where(sql`${t.kind} = 'evidence'`),
  ],
);

export const jobChunks = sqliteTable(
  "job_chunks",
  { school: school(), job: text("job").notNull(), n: integer("n").notNull(), body: json("body") },
  (t) => [primaryKey({ columns: [t.school, t.job, t.n] })],
);

/** Parts of what a large job goes over, each with a place and a lease of its own, until it is over: jobs/ranges/. */
export const jobRanges = sqliteTable(
  "job_ranges",
  {
    school: school(),
    job: text("job").notNull(),
    n: integer("n").notNull(),
    status: text("status", { enum: ["queued", "running", "failed"] }).notNull(),
    /** The cursor of the last item in it; null: it has no end. */
    until: text("until"),
    cursor: text("cursor").notNull(),
    /** Real time: when its page was claimed; of one that waits, from when on it may be. */
    touchedAt: time("touched_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.school, t.job, t.n] }),
    // Of all schools together: so many at most go on side by side.
    index("job_ranges_running").on(t.touchedAt, t.school, t.job).where(sql`${t.status} = 'running'`),
  ],
);
