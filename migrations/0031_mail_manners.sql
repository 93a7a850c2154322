CREATE TABLE `suppressions` (
	`school` text NOT NULL,
	`key` text NOT NULL,
	`id` text NOT NULL,
	`address` text NOT NULL,
	`reason` text NOT NULL,
	`source` text NOT NULL,
	`detail` text,
	`at` integer NOT NULL,
	PRIMARY KEY(`school`, `key`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `suppressions_by_id` ON `suppressions` (`school`,`id`);--> statement-breakpoint
ALTER TABLE `deliveries` ADD `reason` text;--> statement-breakpoint
ALTER TABLE `deliveries` ADD `waits_until` integer;--> statement-breakpoint
CREATE TRIGGER `suppressions_of_a_school` BEFORE INSERT ON `suppressions` WHEN NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;
