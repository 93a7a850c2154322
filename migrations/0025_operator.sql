CREATE TABLE `dead_letters` (
	`school` text NOT NULL,
	`user` text NOT NULL,
	`kind` text NOT NULL,
	`subject` text NOT NULL,
	`id` text NOT NULL,
	`queue` text NOT NULL,
	`body` text,
	`reason` text,
	`attempts` integer NOT NULL,
	`since` integer NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`school`, `user`, `kind`, `subject`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `dead_letters_by_id` ON `dead_letters` (`id`);--> statement-breakpoint
CREATE INDEX `dead_letters_of_school` ON `dead_letters` (`school`,`id`);--> statement-breakpoint
CREATE INDEX `dead_letters_by_age` ON `dead_letters` (`at`);--> statement-breakpoint
CREATE TABLE `health_mails` (
	`school` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
ALTER TABLE `school_problems` ADD `count` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
CREATE INDEX `automations_stopped` ON `automations` (`school`,`id`) WHERE "automations"."stopped_by" is not null;--> statement-breakpoint
CREATE INDEX `deliveries_queued` ON `deliveries` (`school`,`created_at`) WHERE "deliveries"."status" = 'queued';--> statement-breakpoint
CREATE INDEX `audit_by_what` ON `audit` (`school`,`what`,`id`);--> statement-breakpoint
CREATE INDEX `audit_by_subject` ON `audit` (`school`,`subject`,`id`);--> statement-breakpoint
CREATE TRIGGER `dead_letters_of_a_school` BEFORE INSERT ON `dead_letters` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;
--> statement-breakpoint
CREATE TRIGGER `health_mails_of_a_school` BEFORE INSERT ON `health_mails` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;
