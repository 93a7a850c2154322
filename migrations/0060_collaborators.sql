CREATE TABLE `collaborators` (
	`school` text NOT NULL,
	`address` text NOT NULL,
	`role` text NOT NULL,
	PRIMARY KEY(`address`, `school`, `role`)
) WITHOUT ROWID;--> statement-breakpoint
CREATE TRIGGER `collaborators_of_a_school` BEFORE INSERT ON `collaborators` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;--> statement-breakpoint
INSERT INTO collaborators (school, address, role)
  SELECT DISTINCT schools.id, lower(one.value ->> 'email'), one.value ->> 'role' FROM schools, json_each(iif(json_valid(settings), settings, '{}'), '$.collaborators') AS one
    WHERE one.value ->> 'email' IS NOT NULL AND one.value ->> 'role' IS NOT NULL;
--> statement-breakpoint
CREATE TRIGGER `collaborators_come` AFTER INSERT ON `schools`
BEGIN
  INSERT INTO collaborators (school, address, role)
    SELECT DISTINCT NEW.id, lower(value ->> 'email'), value ->> 'role' FROM json_each(iif(json_valid(NEW.settings), NEW.settings, '{}'), '$.collaborators')
      WHERE value ->> 'email' IS NOT NULL AND value ->> 'role' IS NOT NULL;
END;--> statement-breakpoint
CREATE TRIGGER `collaborators_change` AFTER UPDATE OF settings ON `schools` WHEN NEW.settings <> OLD.settings
BEGIN
  DELETE FROM collaborators WHERE school = OLD.id AND address IN (SELECT lower(value ->> 'email') FROM json_each(iif(json_valid(OLD.settings), OLD.settings, '{}'), '$.collaborators'));
  INSERT INTO collaborators (school, address, role)
    SELECT DISTINCT NEW.id, lower(value ->> 'email'), value ->> 'role' FROM json_each(iif(json_valid(NEW.settings), NEW.settings, '{}'), '$.collaborators')
      WHERE value ->> 'email' IS NOT NULL AND value ->> 'role' IS NOT NULL;
END;--> statement-breakpoint
CREATE TRIGGER `collaborators_go` AFTER DELETE ON `schools`
BEGIN
  DELETE FROM collaborators WHERE school = OLD.id AND address IN (SELECT lower(value ->> 'email') FROM json_each(iif(json_valid(OLD.settings), OLD.settings, '{}'), '$.collaborators'));
END;--> statement-breakpoint
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('collaborators', 'collaborators', '100000 2 1 1');--> statement-breakpoint
ANALYZE sqlite_schema;
