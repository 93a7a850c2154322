CREATE TABLE `lms_drift` (
	`school` text NOT NULL,
	`course` text NOT NULL,
	`compared_at` integer NOT NULL,
	`here` integer NOT NULL,
	`there` integer NOT NULL,
	`missing_here` integer NOT NULL,
	`missing_there` integer NOT NULL,
	`differing` integer NOT NULL,
	`unknown` integer NOT NULL,
	`on_its_way` integer NOT NULL,
	`differs` integer NOT NULL,
	`problem` text,
	PRIMARY KEY(`school`, `course`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `lms_drift_differing` ON `lms_drift` (`school`,`course`) WHERE "lms_drift"."differs" = 1;--> statement-breakpoint
CREATE TRIGGER `lms_drift_of_a_school` BEFORE INSERT ON `lms_drift` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;
