CREATE TABLE `forgettings` (
	`school` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`user` text NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TRIGGER `forgettings_of_a_school` BEFORE INSERT ON `forgettings` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;
