CREATE TABLE `products` (
	`school` text NOT NULL,
	`type` text NOT NULL,
	`id` text NOT NULL,
	`name` text,
	`name_key` text,
	`url` text,
	`image_url` text,
	`parent` text,
	`courses` text,
	`starts_at` text,
	`ends_at` text,
	`due_at` text,
	`told` text NOT NULL,
	PRIMARY KEY(`school`, `type`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `products_with_courses` ON `products` (`school`,`type`,`id`) WHERE "products"."courses" is not null;--> statement-breakpoint
ALTER TABLE `schools` ADD `names_stamp` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
INSERT INTO `products` (school, type, id, courses, told)
  SELECT bundles.school, 'bundle', bundles.id, bundles.courses, '{"courses":"event"}' FROM bundles
  WHERE EXISTS (SELECT 1 FROM schools WHERE schools.id = bundles.school);--> statement-breakpoint
DROP TRIGGER `bundles_made`;--> statement-breakpoint
DROP TRIGGER `bundles_changed`;--> statement-breakpoint
DROP TRIGGER `bundles_gone`;--> statement-breakpoint
CREATE TRIGGER `products_of_a_school` BEFORE INSERT ON `products` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;--> statement-breakpoint
CREATE TRIGGER `products_made` AFTER INSERT ON `products`
  WHEN NEW.courses IS NOT NULL
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, NEW.type, NEW.id, NULL, coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = NEW.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = NEW.type AND earlier.id = NEW.id); END;--> statement-breakpoint
CREATE TRIGGER `products_changed` AFTER UPDATE OF courses ON `products`
  WHEN OLD.courses IS NOT NEW.courses
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, OLD.type, OLD.id, CASE WHEN OLD.courses IS NOT NULL THEN json_object('courses', OLD.courses) END, coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = OLD.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = OLD.type AND earlier.id = OLD.id); END;--> statement-breakpoint
CREATE TRIGGER `products_gone` AFTER DELETE ON `products`
  WHEN OLD.courses IS NOT NULL
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, OLD.type, OLD.id, json_object('courses', OLD.courses), coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = OLD.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = OLD.type AND earlier.id = OLD.id); END;
