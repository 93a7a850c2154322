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
CREATE INDEX `automations_by_name` ON `automations` (`school`,`name`,`id`);--> statement-breakpoint
CREATE INDEX `automations_by_update` ON `automations` (`school`,`updated_at`,`id`);--> statement-breakpoint
CREATE TRIGGER `day_counts_of_a_school` BEFORE INSERT ON `day_counts` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;
