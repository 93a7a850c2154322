import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { json, school, time } from "./columns";

// A shard of the log, LOG_0 and those behind it: the tables of the log as the main database has them, and what their
// statements ask of schools and automations. `npm run db:generate` makes migrations/log/ of it.

export { completedBy, dayCounts, deliveries, liveRuns, runCounts, runs, usage } from "./log";
export { guards } from "./schools";

/** What the main database says of schools whose logs are here, as of the last time their logs were written or gone over. */
const shardSchools = sqliteTable("schools", {
  id: text("id").primaryKey(),
  epoch: integer("epoch").notNull(),
  now: time("now"),
  /** How long the log is kept, and nothing else. */
  settings: json("settings"),
});

/** The automations that wrote here: what others of their ids did is not counted for them. */
const shardAutomations = sqliteTable(
  "automations",
  { school: school(), id: text("id").notNull(), createdAt: time("created_at").notNull() },
  (t) => [primaryKey({ columns: [t.school, t.id] })],
);

/** Schools that write here no more: they were deleted, or their log has moved, or does so now. */
const closedSchools = sqliteTable("closed_schools", { school: school(), epoch: integer("epoch").notNull() }, (t) => [
  primaryKey({ columns: [t.school, t.epoch] }),
]);

export { closedSchools, shardAutomations, shardSchools };
