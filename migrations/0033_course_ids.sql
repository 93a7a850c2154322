CREATE TRIGGER `course_ids_made` AFTER INSERT ON `product_ids`
  WHEN NEW.type = 'course'
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, 'course_id', NEW.theirs, NULL, coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = NEW.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = 'course_id' AND earlier.id = NEW.theirs); END;--> statement-breakpoint
CREATE TRIGGER `course_ids_changed` AFTER UPDATE OF ours ON `product_ids`
  WHEN OLD.type = 'course' AND OLD.ours IS NOT NEW.ours
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, 'course_id', OLD.theirs, json_object('ours', OLD.ours), coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = OLD.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = 'course_id' AND earlier.id = OLD.theirs); END;--> statement-breakpoint
CREATE TRIGGER `course_ids_gone` AFTER DELETE ON `product_ids`
  WHEN OLD.type = 'course'
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, 'course_id', OLD.theirs, json_object('ours', OLD.ours), coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = OLD.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = 'course_id' AND earlier.id = OLD.theirs); END;
