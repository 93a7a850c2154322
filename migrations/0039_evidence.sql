CREATE TABLE `evidence_keys` (
	`kid` text PRIMARY KEY NOT NULL,
	`x` text NOT NULL,
	`since` integer NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `evidence_parts` (
	`school` text NOT NULL,
	`job` text NOT NULL,
	`file` text NOT NULL,
	`user` text NOT NULL,
	`n` integer NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`school`, `job`, `file`, `user`, `n`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `evidence_parts_by_user` ON `evidence_parts` (`school`,`user`) WHERE "evidence_parts"."user" <> '';--> statement-breakpoint
CREATE TABLE `past_members` (
	`school` text NOT NULL,
	`kind` text NOT NULL,
	`value` text NOT NULL,
	`user` text NOT NULL,
	`at` integer NOT NULL,
	`erased_at` integer,
	PRIMARY KEY(`school`, `kind`, `value`, `user`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `past_members_by_user` ON `past_members` (`school`,`user`);--> statement-breakpoint
CREATE INDEX `past_members_by_age` ON `past_members` (`school`,`at`);--> statement-breakpoint
CREATE INDEX `jobs_evidence` ON `jobs` (`school`,`id`) WHERE "jobs"."kind" = 'evidence';--> statement-breakpoint
CREATE TRIGGER `evidence_parts_of_a_school` BEFORE INSERT ON `evidence_parts` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;--> statement-breakpoint
CREATE TRIGGER `past_members_of_a_school` BEFORE INSERT ON `past_members` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;
