CREATE TABLE `product_ids` (
	`school` text NOT NULL,
	`type` text NOT NULL,
	`theirs` text NOT NULL,
	`ours` text NOT NULL,
	PRIMARY KEY(`school`, `type`, `theirs`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `product_ids_by_ours` ON `product_ids` (`school`,`type`,`ours`);--> statement-breakpoint
CREATE TRIGGER `product_ids_of_a_school` BEFORE INSERT ON `product_ids` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;
