CREATE INDEX `products_with_dates` ON `products` (`school`,`type`,`id`) WHERE ("products"."starts_at" is not null or "products"."ends_at" is not null or "products"."due_at" is not null);--> statement-breakpoint
DROP TRIGGER `products_made`;--> statement-breakpoint
DROP TRIGGER `products_changed`;--> statement-breakpoint
DROP TRIGGER `products_gone`;--> statement-breakpoint
CREATE TRIGGER `products_made` AFTER INSERT ON `products`
  WHEN NEW.type <> 'course' AND NEW.courses IS NOT NULL
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, NEW.type, NEW.id, NULL, coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = NEW.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = NEW.type AND earlier.id = NEW.id); END;--> statement-breakpoint
CREATE TRIGGER `products_changed` AFTER UPDATE OF courses, told ON `products`
  WHEN OLD.type <> 'course' AND (OLD.courses IS NOT NEW.courses OR (NEW.courses IS NOT NULL AND OLD.told ->> 'courses' IS NOT NEW.told ->> 'courses'))
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, OLD.type, OLD.id, CASE WHEN OLD.courses IS NOT NULL THEN json_object('courses', OLD.courses) END, coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = OLD.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = OLD.type AND earlier.id = OLD.id); END;--> statement-breakpoint
CREATE TRIGGER `products_gone` AFTER DELETE ON `products`
  WHEN OLD.type <> 'course' AND OLD.courses IS NOT NULL
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, OLD.type, OLD.id, json_object('courses', OLD.courses), coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = OLD.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = OLD.type AND earlier.id = OLD.id); END;--> statement-breakpoint
CREATE TRIGGER `course_dates_made` AFTER INSERT ON `products`
  WHEN NEW.type = 'course' AND (NEW.starts_at IS NOT NULL OR NEW.ends_at IS NOT NULL OR NEW.due_at IS NOT NULL)
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, NEW.type, NEW.id, NULL, coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = NEW.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = NEW.type AND earlier.id = NEW.id); END;--> statement-breakpoint
CREATE TRIGGER `course_dates_changed` AFTER UPDATE OF starts_at, ends_at, due_at ON `products`
  WHEN OLD.type = 'course' AND (OLD.starts_at IS NOT NEW.starts_at OR OLD.ends_at IS NOT NEW.ends_at OR OLD.due_at IS NOT NEW.due_at)
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, OLD.type, OLD.id, CASE WHEN (OLD.starts_at IS NOT NULL OR OLD.ends_at IS NOT NULL OR OLD.due_at IS NOT NULL) THEN json_object('startsAt', OLD.starts_at, 'endsAt', OLD.ends_at, 'dueAt', OLD.due_at) END, coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = OLD.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = OLD.type AND earlier.id = OLD.id); END;--> statement-breakpoint
CREATE TRIGGER `course_dates_gone` AFTER DELETE ON `products`
  WHEN OLD.type = 'course' AND (OLD.starts_at IS NOT NULL OR OLD.ends_at IS NOT NULL OR OLD.due_at IS NOT NULL)
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, OLD.type, OLD.id, json_object('startsAt', OLD.starts_at, 'endsAt', OLD.ends_at, 'dueAt', OLD.due_at), coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = OLD.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = OLD.type AND earlier.id = OLD.id); END;--> statement-breakpoint
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('products', 'products_with_dates', '2000000 2000 500 1');--> statement-breakpoint
ANALYZE sqlite_schema;
