CREATE TABLE `school_ages` (
	`school` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `school_ages_by_time` ON `school_ages` (`at`);--> statement-breakpoint
ALTER TABLE `unmapped` ADD `scale` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
CREATE INDEX `unmapped_by_scale` ON `unmapped` (`school`,`scale`,`format`,`name`);--> statement-breakpoint
UPDATE unmapped SET scale = (SELECT max(value) FROM json_each('[1,2,4,8,16,32,64,128,256,512,1024,2048,4096,8192,16384,32768,65536,131072,262144,524288,1048576,2097152,4194304,8388608,16777216,33554432,67108864,134217728,268435456,536870912,1073741824,2147483648,4294967296,8589934592,17179869184,34359738368,68719476736,137438953472,274877906944,549755813888,1099511627776,2199023255552,4398046511104,8796093022208,17592186044416,35184372088832,70368744177664,140737488355328,281474976710656,562949953421312,1125899906842624,2251799813685248,4503599627370496]') WHERE value <= max(1, count)) WHERE count > 1;--> statement-breakpoint
CREATE TRIGGER `unmapped_scale_come` AFTER INSERT ON `unmapped` WHEN NEW.count >= 2 * NEW.scale
BEGIN UPDATE unmapped SET scale = (SELECT max(value) FROM json_each('[1,2,4,8,16,32,64,128,256,512,1024,2048,4096,8192,16384,32768,65536,131072,262144,524288,1048576,2097152,4194304,8388608,16777216,33554432,67108864,134217728,268435456,536870912,1073741824,2147483648,4294967296,8589934592,17179869184,34359738368,68719476736,137438953472,274877906944,549755813888,1099511627776,2199023255552,4398046511104,8796093022208,17592186044416,35184372088832,70368744177664,140737488355328,281474976710656,562949953421312,1125899906842624,2251799813685248,4503599627370496]') WHERE value <= max(1, NEW.count)) WHERE school = NEW.school AND format = NEW.format AND name = NEW.name; END;--> statement-breakpoint
CREATE TRIGGER `unmapped_scale_change` AFTER UPDATE OF count ON `unmapped` WHEN NEW.count >= 2 * NEW.scale OR NEW.count < NEW.scale AND NEW.scale > 1
BEGIN UPDATE unmapped SET scale = (SELECT max(value) FROM json_each('[1,2,4,8,16,32,64,128,256,512,1024,2048,4096,8192,16384,32768,65536,131072,262144,524288,1048576,2097152,4194304,8388608,16777216,33554432,67108864,134217728,268435456,536870912,1073741824,2147483648,4294967296,8589934592,17179869184,34359738368,68719476736,137438953472,274877906944,549755813888,1099511627776,2199023255552,4398046511104,8796093022208,17592186044416,35184372088832,70368744177664,140737488355328,281474976710656,562949953421312,1125899906842624,2251799813685248,4503599627370496]') WHERE value <= max(1, NEW.count)) WHERE school = NEW.school AND format = NEW.format AND name = NEW.name; END;--> statement-breakpoint
CREATE TRIGGER `school_ages_of_a_school` BEFORE INSERT ON `school_ages` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;--> statement-breakpoint
INSERT INTO school_ages (school, at) SELECT id, 0 FROM schools;--> statement-breakpoint
CREATE TRIGGER `schools_come_of_age` AFTER INSERT ON `schools`
BEGIN INSERT INTO school_ages (school, at) VALUES (NEW.id, NEW.created_at + 86400000) ON CONFLICT (school) DO UPDATE SET at = 0; END;--> statement-breakpoint
CREATE TRIGGER `schools_keep_otherwise` AFTER UPDATE OF now, settings ON `schools`
  WHEN NEW.now IS NOT OLD.now OR NOT (json_valid(NEW.settings) AND json_valid(OLD.settings))
    OR NEW.settings ->> 'log_retention_days' IS NOT OLD.settings ->> 'log_retention_days'
    OR NEW.settings ->> 'evidence_retention_years' IS NOT OLD.settings ->> 'evidence_retention_years'
BEGIN UPDATE school_ages SET at = 0 WHERE school = NEW.id AND at > 0; END;--> statement-breakpoint
CREATE TRIGGER `activity_comes_old` AFTER INSERT ON `activity` WHEN NEW.scope = 'school'
BEGIN UPDATE school_ages SET at = 0 WHERE school = NEW.school AND at > 0
  AND at > NEW.at + 86400000 * (1 + (SELECT max(7, coalesce(iif(json_valid(schools.settings), schools.settings ->> 'log_retention_days', NULL), 90)) FROM schools WHERE id = NEW.school)); END;--> statement-breakpoint
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('school_ages', 'school_ages', '100000 1'),
  ('school_ages', 'school_ages_by_time', '100000 1 1'),
  ('unmapped', 'unmapped_by_scale', '1000000 1000 300 60 1');--> statement-breakpoint
ANALYZE sqlite_schema;
