CREATE TABLE `closed_schools` (
	`school` text NOT NULL,
	`epoch` integer NOT NULL,
	PRIMARY KEY(`school`, `epoch`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `day_counts` (
	`school` text NOT NULL,
	`day` text NOT NULL,
	`automation` text NOT NULL,
	`runs` integer NOT NULL,
	`mails` integer NOT NULL,
	`failed` integer NOT NULL,
	PRIMARY KEY(`school`, `day`, `automation`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `deliveries` (
	`school` text NOT NULL,
	`id` text NOT NULL,
	`run` text NOT NULL,
	`automation` text NOT NULL,
	`step` text NOT NULL,
	`user` text NOT NULL,
	`channel` text NOT NULL,
	`status` text NOT NULL,
	`recipients` text NOT NULL,
	`content` text NOT NULL,
	`attempts` text NOT NULL,
	`idempotency_key` text NOT NULL,
	`trace` text,
	`reason` text,
	`waits_until` integer,
	`opened_at` integer,
	`clicked_at` integer,
	`created_at` integer NOT NULL,
	`logged_at` integer NOT NULL,
	`seq` integer NOT NULL,
	`unkept` integer DEFAULT 1,
	PRIMARY KEY(`school`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `deliveries_unkept` ON `deliveries` (`school`,`user`,`id`) WHERE "deliveries"."unkept" = 1;--> statement-breakpoint
CREATE INDEX `deliveries_by_run` ON `deliveries` (`school`,`run`,`id`);--> statement-breakpoint
CREATE INDEX `deliveries_failed_by_id` ON `deliveries` (`school`,`id`) WHERE "deliveries"."status" = 'failed';--> statement-breakpoint
CREATE INDEX `deliveries_not_sent_by_id` ON `deliveries` (`school`,`id`) WHERE "deliveries"."status" = 'not_sent';--> statement-breakpoint
CREATE INDEX `deliveries_suppressed_by_id` ON `deliveries` (`school`,`id`) WHERE "deliveries"."status" = 'suppressed';--> statement-breakpoint
CREATE INDEX `deliveries_captured_by_id` ON `deliveries` (`school`,`id`) WHERE "deliveries"."status" = 'captured';--> statement-breakpoint
CREATE INDEX `deliveries_by_channel` ON `deliveries` (`school`,`channel`,`id`) WHERE "deliveries"."channel" <> 'email';--> statement-breakpoint
CREATE INDEX `deliveries_failed` ON `deliveries` (`school`,`automation`,`logged_at`) WHERE "deliveries"."status" = 'failed';--> statement-breakpoint
CREATE INDEX `deliveries_queued` ON `deliveries` (`school`,`created_at`) WHERE "deliveries"."status" = 'queued';--> statement-breakpoint
CREATE TABLE `guards` (
	`holds` integer PRIMARY KEY NOT NULL,
	CONSTRAINT "changed_meanwhile" CHECK(holds = 1)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `live_runs` (
	`school` text NOT NULL,
	`id` text NOT NULL,
	`automation` text NOT NULL,
	`version` integer NOT NULL,
	`revision` integer NOT NULL,
	`user` text NOT NULL,
	`status` text NOT NULL,
	`reason` text,
	`synchronous` integer NOT NULL,
	`trigger` text NOT NULL,
	`event_id` text,
	`trace` text,
	`started_at` integer NOT NULL,
	`wake_at` integer,
	`steps` text NOT NULL,
	`failed_steps` integer DEFAULT 0 NOT NULL,
	`logged_at` integer NOT NULL,
	`seq` integer NOT NULL,
	PRIMARY KEY(`school`, `automation`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `live_runs_with_failures` ON `live_runs` (`school`,`automation`,`logged_at`) WHERE "live_runs"."failed_steps" > 0;--> statement-breakpoint
CREATE INDEX `live_runs_by_id` ON `live_runs` (`school`,`id`);--> statement-breakpoint
CREATE INDEX `live_runs_by_user` ON `live_runs` (`school`,`user`,`id`);--> statement-breakpoint
CREATE INDEX `live_runs_paused` ON `live_runs` (`school`,`user`) WHERE "live_runs"."reason" = 'paused';--> statement-breakpoint
CREATE TABLE `run_counts` (
	`school` text NOT NULL,
	`automation` text NOT NULL,
	`step` text NOT NULL,
	`status` text NOT NULL,
	`n` integer NOT NULL,
	PRIMARY KEY(`school`, `automation`, `step`, `status`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `runs` (
	`school` text NOT NULL,
	`id` text NOT NULL,
	`automation` text NOT NULL,
	`version` integer NOT NULL,
	`user` text NOT NULL,
	`status` text NOT NULL,
	`reason` text,
	`synchronous` integer NOT NULL,
	`trigger` text NOT NULL,
	`event_id` text,
	`trace` text,
	`started_at` integer NOT NULL,
	`ended_at` integer,
	`wake_at` integer,
	`steps` text NOT NULL,
	`failed_steps` integer DEFAULT 0 NOT NULL,
	`logged_at` integer NOT NULL,
	`seq` integer NOT NULL,
	`unkept` integer DEFAULT 1,
	PRIMARY KEY(`school`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `runs_unkept` ON `runs` (`school`,`user`,`id`) WHERE "runs"."unkept" = 1;--> statement-breakpoint
CREATE INDEX `runs_by_automation` ON `runs` (`school`,`automation`,`id`);--> statement-breakpoint
CREATE INDEX `runs_not_completed` ON `runs` (`school`,`status`,`id`,`automation`) WHERE "runs"."status" = 'failed' or "runs"."status" = 'exited' or "runs"."status" = 'cancelled';--> statement-breakpoint
CREATE INDEX `runs_failed_by_id` ON `runs` (`school`,`id`) WHERE "runs"."status" = 'failed';--> statement-breakpoint
CREATE INDEX `runs_with_failures` ON `runs` (`school`,`automation`,`logged_at`) WHERE "runs"."failed_steps" > 0;--> statement-breakpoint
CREATE TABLE `automations` (
	`school` text NOT NULL,
	`id` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`school`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `schools` (
	`id` text PRIMARY KEY NOT NULL,
	`epoch` integer NOT NULL,
	`now` integer,
	`settings` text NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `usage` (
	`school` text NOT NULL,
	`day` text NOT NULL,
	`events` integer NOT NULL,
	`tellings` integer NOT NULL,
	`runs` integer NOT NULL,
	`deliveries` integer NOT NULL,
	PRIMARY KEY(`school`, `day`)
) WITHOUT ROWID;--> statement-breakpoint
-- As in the main database (migration 0023): the plans are fixed, nobody runs PRAGMA optimize.
ANALYZE sqlite_schema;--> statement-breakpoint
DELETE FROM sqlite_stat1;--> statement-breakpoint
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('runs', 'runs', '2000000000 2000000 1'),
  ('runs', 'runs_by_automation', '2000000000 2000000 20000 1'),
  ('runs', 'runs_failed_by_id', '20000000 20000 1'),
  ('runs', 'runs_with_failures', '20000000 20000 200 1'),
  ('live_runs', 'live_runs_with_failures', '2000000 20000 200 1'),
  ('runs', 'runs_unkept', '200000000 200000 4 1'),
  ('live_runs', 'live_runs', '100000000 100000 1000 1'),
  ('live_runs', 'live_runs_by_id', '100000000 100000 1'),
  ('live_runs', 'live_runs_by_user', '100000000 100000 2 1'),
  ('run_counts', 'run_counts', '10000000 10000 100 10 1'),
  ('deliveries', 'deliveries', '2000000000 2000000 1'),
  ('deliveries', 'deliveries_by_run', '2000000000 2000000 2 1'),
  ('deliveries', 'deliveries_failed_by_id', '20000000 20000 1'),
  ('deliveries', 'deliveries_failed', '20000000 20000 200 1'),
  ('deliveries', 'deliveries_unkept', '200000000 200000 4 1'),
  ('deliveries', 'deliveries_not_sent_by_id', '20000000 20000 1'),
  ('live_runs', 'live_runs_paused', '1000000 1000 2'),
  ('deliveries', 'deliveries_queued', '1000000 1000 2'),
  ('deliveries', 'deliveries_suppressed_by_id', '20000000 20000 1'),
  ('deliveries', 'deliveries_by_channel', '200000000 200000 40000 1'),
  ('runs', 'runs_not_completed', '200000000 200000 100000 1 1'),
  ('automations', 'automations', '1000000 1000 1'),
  ('schools', 'schools', '1000 1');--> statement-breakpoint
ANALYZE sqlite_schema;
