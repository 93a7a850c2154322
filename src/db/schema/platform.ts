import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { json, time } from "./columns";

// What is the installation's own, of no school.

/** What was derived of an earlier SECRET_KEY and still tells what was handed out by it: world/secrets/secret-keys.ts. */
export const keptKeys = sqliteTable(
  "kept_keys",
  {
    purpose: text("purpose").notNull(),
    /** Names the secret that it was derived of. */
    kid: text("kid").notNull(),
    /** By a later one. */
    sealed: text("sealed").notNull(),
  },
  (t) => [primaryKey({ columns: [t.purpose, t.kid] })],
);

/** In what somebody reads the UI, as last seen at a sign-in: schools/sign-in/readers.ts. */
export const readers = sqliteTable(
  "readers",
  {
    /** A hash of the address. */
    person: text("person").primaryKey(),
    language: text("language").notNull(),
    /** Real time, ms. */
    at: time("at").notNull(),
  },
  (t) => [index("readers_by_age").on(t.at)],
);

/** Work over all schools that the platform set going: schools/platform/jobs.ts. */
export const platformJobs = sqliteTable(
  "platform_jobs",
  {
    id: text("id").primaryKey(),
    kind: text("kind").notNull(),
    params: json("params"),
    /** Where it stands; null: at its beginning. */
    cursor: text("cursor"),
    total: integer("total").notNull(),
    done: integer("done").notNull().default(0),
    /** What it found, by name. */
    counts: json("counts"),
    /** Real times, ms: when it began, did its last page, and was through; null: it is under way. */
    beganAt: time("began_at").notNull(),
    touchedAt: time("touched_at").notNull(),
    endedAt: time("ended_at"),
    /** When cron takes it up: what stands still, or is to be looked at again; null: never. */
    takeUpAt: time("take_up_at"),
  },
  (t) => [index("platform_jobs_due").on(t.takeUpAt).where(sql`${t.takeUpAt} is not null`)],
);
