CREATE TABLE `uses` (
	`school` text NOT NULL,
	`kind` text NOT NULL,
	`id` text NOT NULL,
	`by_kind` text NOT NULL,
	`by_id` text NOT NULL,
	PRIMARY KEY(`school`, `kind`, `id`, `by_kind`, `by_id`)
) WITHOUT ROWID;
--> statement-breakpoint
ALTER TABLE `automations` ADD `named` text;--> statement-breakpoint
CREATE INDEX `automations_unnamed` ON `automations` (`school`,`id`) WHERE "automations"."named" is null;--> statement-breakpoint
CREATE INDEX `automation_versions_dated` ON `automation_versions` (`school`,`automation`) WHERE (instr(definition, '"course.starts_at"') > 0 or instr(definition, '"course.ends_at"') > 0 or instr(definition, '"course.due_at"') > 0);--> statement-breakpoint
CREATE TRIGGER `uses_of_a_school` BEFORE INSERT ON `uses` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;--> statement-breakpoint
CREATE TRIGGER `automations_uses_come` AFTER INSERT ON `automations`
BEGIN
  INSERT INTO uses (school, kind, id, by_kind, by_id) SELECT * FROM (SELECT NEW.school, value ->> 0, value ->> 1, 'automation', NEW.id FROM json_each(NEW.named, '$.named')) WHERE true
    ON CONFLICT DO NOTHING;
END;--> statement-breakpoint
CREATE TRIGGER `automations_uses_change` AFTER UPDATE OF named ON `automations` WHEN NEW.named IS NOT OLD.named
BEGIN
  DELETE FROM uses WHERE (school, kind, id, by_kind, by_id) IN (SELECT * FROM (SELECT * FROM (SELECT OLD.school, value ->> 0, value ->> 1, 'automation', OLD.id FROM json_each(OLD.named, '$.named')) EXCEPT SELECT * FROM (SELECT NEW.school, value ->> 0, value ->> 1, 'automation', NEW.id FROM json_each(NEW.named, '$.named'))));
  INSERT INTO uses (school, kind, id, by_kind, by_id) SELECT * FROM (SELECT * FROM (SELECT NEW.school, value ->> 0, value ->> 1, 'automation', NEW.id FROM json_each(NEW.named, '$.named')) EXCEPT SELECT * FROM (SELECT OLD.school, value ->> 0, value ->> 1, 'automation', OLD.id FROM json_each(OLD.named, '$.named'))) WHERE true
    ON CONFLICT DO NOTHING;
END;--> statement-breakpoint
CREATE TRIGGER `automations_uses_go` AFTER DELETE ON `automations`
BEGIN
  DELETE FROM uses WHERE (school, kind, id, by_kind, by_id) IN (SELECT * FROM (SELECT OLD.school, value ->> 0, value ->> 1, 'automation', OLD.id FROM json_each(OLD.named, '$.named')));
END;--> statement-breakpoint
CREATE TRIGGER `segment_rules_uses_come` AFTER INSERT ON `segment_rules`
BEGIN
  INSERT INTO uses (school, kind, id, by_kind, by_id) SELECT * FROM (SELECT DISTINCT NEW.school, 'field', value ->> 'field', 'rule', NEW.id FROM json_each(iif(json_valid(NEW.clauses), NEW.clauses, '[]')) WHERE value ->> 'field' IS NOT NULL) WHERE true
    ON CONFLICT DO NOTHING;
END;--> statement-breakpoint
CREATE TRIGGER `segment_rules_uses_change` AFTER UPDATE OF clauses ON `segment_rules` WHEN NEW.clauses IS NOT OLD.clauses
BEGIN
  DELETE FROM uses WHERE (school, kind, id, by_kind, by_id) IN (SELECT * FROM (SELECT * FROM (SELECT DISTINCT OLD.school, 'field', value ->> 'field', 'rule', OLD.id FROM json_each(iif(json_valid(OLD.clauses), OLD.clauses, '[]')) WHERE value ->> 'field' IS NOT NULL) EXCEPT SELECT * FROM (SELECT DISTINCT NEW.school, 'field', value ->> 'field', 'rule', NEW.id FROM json_each(iif(json_valid(NEW.clauses), NEW.clauses, '[]')) WHERE value ->> 'field' IS NOT NULL)));
  INSERT INTO uses (school, kind, id, by_kind, by_id) SELECT * FROM (SELECT * FROM (SELECT DISTINCT NEW.school, 'field', value ->> 'field', 'rule', NEW.id FROM json_each(iif(json_valid(NEW.clauses), NEW.clauses, '[]')) WHERE value ->> 'field' IS NOT NULL) EXCEPT SELECT * FROM (SELECT DISTINCT OLD.school, 'field', value ->> 'field', 'rule', OLD.id FROM json_each(iif(json_valid(OLD.clauses), OLD.clauses, '[]')) WHERE value ->> 'field' IS NOT NULL)) WHERE true
    ON CONFLICT DO NOTHING;
END;--> statement-breakpoint
CREATE TRIGGER `segment_rules_uses_go` AFTER DELETE ON `segment_rules`
BEGIN
  DELETE FROM uses WHERE (school, kind, id, by_kind, by_id) IN (SELECT * FROM (SELECT DISTINCT OLD.school, 'field', value ->> 'field', 'rule', OLD.id FROM json_each(iif(json_valid(OLD.clauses), OLD.clauses, '[]')) WHERE value ->> 'field' IS NOT NULL));
END;--> statement-breakpoint
CREATE TRIGGER `automations_named_outdated` AFTER UPDATE OF definition, goal ON `automations`
  WHEN (NEW.definition <> OLD.definition OR NEW.goal IS NOT OLD.goal) AND NEW.named IS OLD.named AND NEW.named IS NOT NULL
BEGIN UPDATE automations SET named = NULL WHERE school = NEW.school AND id = NEW.id; END;--> statement-breakpoint
INSERT INTO uses (school, kind, id, by_kind, by_id) SELECT DISTINCT segment_rules.school, 'field', value ->> 'field', 'rule', segment_rules.id
  FROM segment_rules, json_each(iif(json_valid(segment_rules.clauses), segment_rules.clauses, '[]'))
  WHERE value ->> 'field' IS NOT NULL AND segment_rules.school IN (SELECT id FROM schools);--> statement-breakpoint
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('uses', 'uses', '10000000 10000 5000 20 15 1'),
  ('automations', 'automations_unnamed', '1000 10 1'),
  ('automation_versions', 'automation_versions_dated', '10000 10 2');--> statement-breakpoint
ANALYZE sqlite_schema;
