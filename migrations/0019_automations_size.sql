ALTER TABLE `schools` ADD `automations_size` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
UPDATE `schools` SET automations_size = coalesce((SELECT sum(octet_length(name) + octet_length(description) + octet_length(definition)
  + 32 * (SELECT count(*) FROM json_tree(definition))) FROM automations WHERE automations.school = schools.id), 0);--> statement-breakpoint
CREATE TRIGGER `automations_take_room` AFTER INSERT ON `automations`
BEGIN UPDATE schools SET automations_size = automations_size
  + octet_length(NEW.name) + octet_length(NEW.description) + octet_length(NEW.definition) + 32 * (SELECT count(*) FROM json_tree(NEW.definition))
  WHERE id = NEW.school; END;--> statement-breakpoint
CREATE TRIGGER `automations_change_room` AFTER UPDATE OF name, description, definition ON `automations`
  WHEN OLD.name IS NOT NEW.name OR OLD.description IS NOT NEW.description OR OLD.definition IS NOT NEW.definition
BEGIN UPDATE schools SET automations_size = automations_size
  + octet_length(NEW.name) + octet_length(NEW.description) + octet_length(NEW.definition) + 32 * (SELECT count(*) FROM json_tree(NEW.definition))
  - octet_length(OLD.name) - octet_length(OLD.description) - octet_length(OLD.definition) - 32 * (SELECT count(*) FROM json_tree(OLD.definition))
  WHERE id = NEW.school; END;--> statement-breakpoint
CREATE TRIGGER `automations_leave_room` AFTER DELETE ON `automations`
BEGIN UPDATE schools SET automations_size = automations_size
  - octet_length(OLD.name) - octet_length(OLD.description) - octet_length(OLD.definition) - 32 * (SELECT count(*) FROM json_tree(OLD.definition))
  WHERE id = OLD.school; END;--> statement-breakpoint
DROP TRIGGER `products_changed`;--> statement-breakpoint
CREATE TRIGGER `products_changed` AFTER UPDATE OF courses, told ON `products`
  WHEN OLD.courses IS NOT NEW.courses OR (NEW.courses IS NOT NULL AND OLD.told ->> 'courses' IS NOT NEW.told ->> 'courses')
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, OLD.type, OLD.id, CASE WHEN OLD.courses IS NOT NULL THEN json_object('courses', OLD.courses) END, coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = OLD.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = OLD.type AND earlier.id = OLD.id); END;
