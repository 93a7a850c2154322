CREATE TABLE `school_problems` (
	`school` text NOT NULL,
	`code` text NOT NULL,
	`message` text NOT NULL,
	`since` integer NOT NULL,
	`at` integer NOT NULL,
	`worked_at` integer,
	PRIMARY KEY(`school`, `code`)
);
--> statement-breakpoint
CREATE TRIGGER `school_problems_of_a_school` BEFORE INSERT ON `school_problems` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;
