CREATE TABLE `job_ranges` (
	`school` text NOT NULL,
	`job` text NOT NULL,
	`n` integer NOT NULL,
	`status` text NOT NULL,
	`until` text,
	`cursor` text NOT NULL,
	`touched_at` integer NOT NULL,
	PRIMARY KEY(`school`, `job`, `n`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `job_ranges_running` ON `job_ranges` (`touched_at`,`school`,`job`) WHERE "job_ranges"."status" = 'running';--> statement-breakpoint
ALTER TABLE `jobs` ADD `pace` text;--> statement-breakpoint
CREATE TRIGGER `job_ranges_of_a_school` BEFORE INSERT ON `job_ranges` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;--> statement-breakpoint
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('job_ranges', 'job_ranges', '10000 100 50 1'),
  ('job_ranges', 'job_ranges_running', '20 2 2 2');--> statement-breakpoint
ANALYZE sqlite_schema;
