CREATE TABLE `unmapped_messages` (
	`school` text NOT NULL,
	`id` text NOT NULL,
	`format` text NOT NULL,
	`name` text NOT NULL,
	`user` text NOT NULL,
	`at` integer NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`school`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `unmapped_messages_by_name` ON `unmapped_messages` (`school`,`format`,`name`);--> statement-breakpoint
CREATE INDEX `unmapped_messages_by_user` ON `unmapped_messages` (`school`,`user`);--> statement-breakpoint
ALTER TABLE `unmapped` ADD `path` text;--> statement-breakpoint
ALTER TABLE `unmapped` ADD `message` text;--> statement-breakpoint
CREATE TRIGGER `unmapped_messages_of_a_school` BEFORE INSERT ON `unmapped_messages` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;
