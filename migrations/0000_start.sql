CREATE TABLE `auto_groups` (
	`school` text NOT NULL,
	`id` text NOT NULL,
	`course` text NOT NULL,
	`field` text NOT NULL,
	`active` integer NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`school`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `auto_groups_once` ON `auto_groups` (`school`,`course`,`field`);--> statement-breakpoint
CREATE TABLE `automation_versions` (
	`school` text NOT NULL,
	`automation` text NOT NULL,
	`version` integer NOT NULL,
	`definition` text NOT NULL,
	`created_at` integer NOT NULL,
	`created_by` text,
	PRIMARY KEY(`school`, `automation`, `version`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `automations` (
	`school` text NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`description` text NOT NULL,
	`active` integer NOT NULL,
	`definition` text NOT NULL,
	`version` integer NOT NULL,
	`revision` integer NOT NULL,
	`active_since` integer,
	`move_version` integer DEFAULT 0 NOT NULL,
	`exit_revision` integer DEFAULT 0 NOT NULL,
	`stopped_by` text,
	`failures_since` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`updated_by` text,
	PRIMARY KEY(`school`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `bundles` (
	`school` text NOT NULL,
	`id` text NOT NULL,
	`courses` text NOT NULL,
	PRIMARY KEY(`school`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `profile_fields` (
	`school` text NOT NULL,
	`key` text NOT NULL,
	`name` text NOT NULL,
	`type` text NOT NULL,
	`choices` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`school`, `key`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `segment_rules` (
	`school` text NOT NULL,
	`id` text NOT NULL,
	`segment` text NOT NULL,
	`match` text NOT NULL,
	`clauses` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`school`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `segment_syncs` (
	`school` text NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`active` integer NOT NULL,
	`segment` text NOT NULL,
	`course` text NOT NULL,
	`role` text NOT NULL,
	`group_id` text,
	`on_leave` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`school`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `segment_syncs_once` ON `segment_syncs` (`school`,`course`,`segment`,`role`);--> statement-breakpoint
CREATE TABLE `segments` (
	`school` text NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`managed` integer NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`school`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `vocabulary` (
	`school` text NOT NULL,
	`kind` text NOT NULL,
	`key` text NOT NULL,
	`value` text NOT NULL,
	PRIMARY KEY(`school`, `kind`, `key`)
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
	`created_at` integer NOT NULL,
	`logged_at` integer NOT NULL,
	`seq` integer NOT NULL,
	PRIMARY KEY(`school`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `deliveries_by_user` ON `deliveries` (`school`,`user`,`id`);--> statement-breakpoint
CREATE INDEX `deliveries_by_run` ON `deliveries` (`school`,`run`,`id`);--> statement-breakpoint
CREATE TABLE `job_chunks` (
	`school` text NOT NULL,
	`job` text NOT NULL,
	`n` integer NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`school`, `job`, `n`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `jobs` (
	`school` text NOT NULL,
	`id` text NOT NULL,
	`kind` text NOT NULL,
	`status` text NOT NULL,
	`params` text NOT NULL,
	`cursor` text,
	`done` integer DEFAULT 0 NOT NULL,
	`total` integer DEFAULT 0 NOT NULL,
	`errors` text DEFAULT '[]' NOT NULL,
	`created_at` integer NOT NULL,
	`touched_at` integer NOT NULL,
	PRIMARY KEY(`school`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `jobs_unfinished` ON `jobs` (`status`,`touched_at`);--> statement-breakpoint
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
	`started_at` integer NOT NULL,
	`ended_at` integer,
	`wake_at` integer,
	`steps` text NOT NULL,
	`logged_at` integer NOT NULL,
	`seq` integer NOT NULL,
	PRIMARY KEY(`school`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `runs_by_user` ON `runs` (`school`,`user`,`id`);--> statement-breakpoint
CREATE INDEX `runs_by_automation` ON `runs` (`school`,`automation`,`status`,`id`);--> statement-breakpoint
CREATE TABLE `unmapped` (
	`school` text NOT NULL,
	`format` text NOT NULL,
	`name` text NOT NULL,
	`count` integer DEFAULT 1 NOT NULL,
	`last_at` integer NOT NULL,
	PRIMARY KEY(`school`, `format`, `name`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `api_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`school` text NOT NULL,
	`name` text NOT NULL,
	`scopes` text NOT NULL,
	`digest` text NOT NULL,
	`created_at` integer NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `api_keys_by_school` ON `api_keys` (`school`,`id`);--> statement-breakpoint
CREATE TABLE `attempts` (
	`key` text PRIMARY KEY NOT NULL,
	`count` integer NOT NULL,
	`until` integer NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `audit` (
	`school` text NOT NULL,
	`id` text NOT NULL,
	`at` integer NOT NULL,
	`who` text NOT NULL,
	`what` text NOT NULL,
	`subject` text NOT NULL,
	`before` text,
	`after` text,
	PRIMARY KEY(`school`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `idempotency` (
	`school` text NOT NULL,
	`key` text NOT NULL,
	`body_hash` text NOT NULL,
	`status` integer,
	`headers` text,
	`answer` text,
	`at` integer NOT NULL,
	PRIMARY KEY(`school`, `key`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `idempotency_by_age` ON `idempotency` (`at`);--> statement-breakpoint
CREATE TABLE `origins` (
	`origin` text NOT NULL,
	`school` text NOT NULL,
	PRIMARY KEY(`origin`, `school`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `schools` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`mode` text NOT NULL,
	`now` integer,
	`suspended` integer DEFAULT false NOT NULL,
	`settings` text NOT NULL,
	`stamp` integer DEFAULT 1 NOT NULL,
	`has_leads` integer DEFAULT false NOT NULL,
	`signing_secrets` text DEFAULT '[]' NOT NULL,
	`connector_secrets` text DEFAULT '{}' NOT NULL,
	`hook_key` text DEFAULT '' NOT NULL,
	`created_at` integer NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `sessions` (
	`digest` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`email` text NOT NULL,
	`school` text NOT NULL,
	`expires_at` integer NOT NULL,
	`seen_at` integer NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `sessions_by_expiry` ON `sessions` (`expires_at`);--> statement-breakpoint
CREATE TABLE `activity` (
	`school` text NOT NULL,
	`user` text NOT NULL,
	`scope` text NOT NULL,
	`subject` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`school`, `user`, `scope`, `subject`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `activity_by_time` ON `activity` (`school`,`scope`,`at`,`user`);--> statement-breakpoint
CREATE TABLE `scans` (
	`school` text NOT NULL,
	`scope` text NOT NULL,
	`days` integer NOT NULL,
	`until` integer NOT NULL,
	PRIMARY KEY(`school`, `scope`, `days`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `user_marks` (
	`school` text NOT NULL,
	`kind` text NOT NULL,
	`value` text NOT NULL,
	`user` text NOT NULL,
	PRIMARY KEY(`school`, `kind`, `value`, `user`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `users` (
	`school` text NOT NULL,
	`id` text NOT NULL,
	`created_at` integer NOT NULL,
	`email` text,
	`email_key` text,
	`username` text,
	`registered_at` integer,
	`search` text NOT NULL,
	`next_wake` integer,
	`seq` integer NOT NULL,
	PRIMARY KEY(`school`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `users_by_creation` ON `users` (`school`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `users_by_email` ON `users` (`school`,`email_key`) WHERE "users"."email_key" is not null;--> statement-breakpoint
CREATE INDEX `users_by_wake` ON `users` (`next_wake`,`school`) WHERE "users"."next_wake" is not null;