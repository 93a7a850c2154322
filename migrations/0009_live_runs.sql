CREATE TABLE `live_runs` (
	`school` text NOT NULL,
	`id` text NOT NULL,
	`automation` text NOT NULL,
	`version` integer NOT NULL,
	`revision` integer NOT NULL,
	`user` text NOT NULL,
	`status` text NOT NULL,
	`synchronous` integer NOT NULL,
	`trigger` text NOT NULL,
	`event_id` text,
	`started_at` integer NOT NULL,
	`wake_at` integer,
	`steps` text NOT NULL,
	`logged_at` integer NOT NULL,
	`seq` integer NOT NULL,
	PRIMARY KEY(`school`, `automation`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `live_runs_by_id` ON `live_runs` (`school`,`id`);--> statement-breakpoint
CREATE INDEX `live_runs_by_user` ON `live_runs` (`school`,`user`,`id`);--> statement-breakpoint
CREATE TABLE `run_counts` (
	`school` text NOT NULL,
	`automation` text NOT NULL,
	`step` text NOT NULL,
	`status` text NOT NULL,
	`n` integer NOT NULL,
	PRIMARY KEY(`school`, `automation`, `step`, `status`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `__new_activity` (
	`school` text NOT NULL,
	`scope` text NOT NULL,
	`at` integer NOT NULL,
	`user` text NOT NULL,
	`subject` text NOT NULL,
	PRIMARY KEY(`school`, `scope`, `at`, `user`, `subject`)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `__new_activity`("school", "scope", "at", "user", "subject") SELECT "school", "scope", "at", "user", "subject" FROM `activity`;--> statement-breakpoint
DROP TABLE `activity`;--> statement-breakpoint
ALTER TABLE `__new_activity` RENAME TO `activity`;--> statement-breakpoint
CREATE UNIQUE INDEX `activity_by_subject` ON `activity` (`school`,`user`,`scope`,`subject`) WHERE "activity"."subject" <> '';--> statement-breakpoint
CREATE INDEX `deliveries_failed` ON `deliveries` (`school`,`automation`,`logged_at`) WHERE "deliveries"."status" = 'failed';--> statement-breakpoint
DROP INDEX `runs_by_automation`;--> statement-breakpoint
CREATE INDEX `runs_by_automation` ON `runs` (`school`,`automation`,`id`);--> statement-breakpoint
ALTER TABLE `users` ADD `seen_at` integer;--> statement-breakpoint
ALTER TABLE `users` ADD `app_seen_at` integer;--> statement-breakpoint
UPDATE `users` SET
	seen_at = (SELECT at FROM activity WHERE activity.school = users.school AND scope = 'school' AND user = users.id AND subject = ''),
	app_seen_at = (SELECT at FROM activity WHERE activity.school = users.school AND scope = 'app' AND user = users.id AND subject = '');--> statement-breakpoint
CREATE TRIGGER `live_runs_of_a_school` BEFORE INSERT ON `live_runs` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;--> statement-breakpoint
CREATE TRIGGER `run_counts_of_a_school` BEFORE INSERT ON `run_counts` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;--> statement-breakpoint
INSERT INTO `run_counts` (school, automation, step, status, n)
	SELECT runs.school, automation, '', status, count(*) FROM runs
	JOIN automations ON automations.school = runs.school AND automations.id = runs.automation GROUP BY 1, 2, 4;--> statement-breakpoint
INSERT INTO `run_counts` (school, automation, step, status, n)
	SELECT runs.school, automation, step.value->>'step_id', 'entered', count(DISTINCT runs.id) FROM runs
	JOIN automations ON automations.school = runs.school AND automations.id = runs.automation
	JOIN json_each(runs.steps) AS step GROUP BY 1, 2, 3;--> statement-breakpoint
INSERT INTO `run_counts` (school, automation, step, status, n)
	SELECT runs.school, automation, step.value->>'step_id', step.value->>'status', count(*) FROM runs
	JOIN automations ON automations.school = runs.school AND automations.id = runs.automation
	JOIN json_each(runs.steps) AS step GROUP BY 1, 2, 3, 4;--> statement-breakpoint
INSERT INTO `run_counts` (school, automation, step, status, n)
	SELECT runs.school, automation, step.value->>'step_id', step.value->>'$.detail.branch', count(*) FROM runs
	JOIN automations ON automations.school = runs.school AND automations.id = runs.automation
	JOIN json_each(runs.steps) AS step WHERE step.value->>'$.detail.branch' IN ('yes', 'no') GROUP BY 1, 2, 3, 4;--> statement-breakpoint
INSERT INTO `live_runs` (school, id, automation, version, revision, user, status, synchronous, "trigger", event_id, started_at, wake_at, steps, logged_at, seq)
	SELECT runs.school, runs.id, automation, version, 0, user, status, synchronous, "trigger", event_id, started_at, wake_at, steps, logged_at, seq
	FROM runs JOIN schools ON schools.id = runs.school WHERE status IN ('queued', 'running', 'waiting', 'held');--> statement-breakpoint
DELETE FROM `runs` WHERE status IN ('queued', 'running', 'waiting', 'held');