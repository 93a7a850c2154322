CREATE TABLE `automation_marks` (
	`school` text NOT NULL,
	`kind` text NOT NULL,
	`value` text NOT NULL,
	`automation` text NOT NULL,
	PRIMARY KEY(`school`, `kind`, `value`, `automation`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `auto_groups_standing` ON `auto_groups` (`school`,`id`) WHERE "auto_groups"."delete_at" is null;--> statement-breakpoint
CREATE INDEX `auto_groups_held_in_order` ON `auto_groups` (`school`,`id`) WHERE "auto_groups"."delete_at" is not null;--> statement-breakpoint
CREATE INDEX `auto_groups_by_field` ON `auto_groups` (`school`,`field`,`course`);--> statement-breakpoint
CREATE INDEX `automations_standing` ON `automations` (`school`,`id`) WHERE "automations"."delete_at" is null;--> statement-breakpoint
CREATE INDEX `automations_held_in_order` ON `automations` (`school`,`id`) WHERE "automations"."delete_at" is not null;--> statement-breakpoint
CREATE INDEX `automations_active` ON `automations` (`school`,`id`) WHERE "automations"."active" = 1 and "automations"."delete_at" is null;--> statement-breakpoint
CREATE INDEX `enrolment_methods_of` ON `enrolment_methods` (`school`,`course`,`id`);--> statement-breakpoint
CREATE INDEX `products_by_id` ON `products` (`school`,`id`);--> statement-breakpoint
CREATE INDEX `products_by_name` ON `products` (`school`,`type`,`name_key`,`id`) WHERE "products"."name_key" is not null;--> statement-breakpoint
CREATE INDEX `profile_fields_standing` ON `profile_fields` (`school`,`created_at`,`key`) WHERE "profile_fields"."delete_at" is null;--> statement-breakpoint
CREATE INDEX `profile_fields_held_in_order` ON `profile_fields` (`school`,`created_at`,`key`) WHERE "profile_fields"."delete_at" is not null;--> statement-breakpoint
CREATE INDEX `profile_fields_by_name` ON `profile_fields` (`school`,`name`,`key`);--> statement-breakpoint
CREATE INDEX `segment_rules_standing` ON `segment_rules` (`school`,`id`) WHERE "segment_rules"."delete_at" is null;--> statement-breakpoint
CREATE INDEX `segment_rules_held_in_order` ON `segment_rules` (`school`,`id`) WHERE "segment_rules"."delete_at" is not null;--> statement-breakpoint
CREATE INDEX `segment_rules_of` ON `segment_rules` (`school`,`segment`,`id`);--> statement-breakpoint
CREATE INDEX `segment_rules_asking` ON `segment_rules` (`school`,`id`) WHERE instr("segment_rules"."clauses", '"enrolled"') > 0;--> statement-breakpoint
CREATE INDEX `segment_syncs_standing` ON `segment_syncs` (`school`,`id`) WHERE "segment_syncs"."delete_at" is null;--> statement-breakpoint
CREATE INDEX `segment_syncs_held_in_order` ON `segment_syncs` (`school`,`id`) WHERE "segment_syncs"."delete_at" is not null;--> statement-breakpoint
CREATE INDEX `segment_syncs_of` ON `segment_syncs` (`school`,`segment`,`id`);--> statement-breakpoint
CREATE INDEX `segments_standing` ON `segments` (`school`,`created_at`,`id`) WHERE "segments"."delete_at" is null;--> statement-breakpoint
CREATE INDEX `segments_held_in_order` ON `segments` (`school`,`created_at`,`id`) WHERE "segments"."delete_at" is not null;--> statement-breakpoint
CREATE INDEX `segments_by_name` ON `segments` (`school`,`name`,`id`);--> statement-breakpoint
CREATE INDEX `schools_by_age` ON `schools` (`created_at`,`id`);--> statement-breakpoint
CREATE TRIGGER `automation_marks_of_a_school` BEFORE INSERT ON `automation_marks` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;--> statement-breakpoint
INSERT INTO automation_marks (school, kind, value, automation)
  SELECT DISTINCT school, 'trigger', one.value ->> 'type', automations.id FROM automations, json_each(iif(json_valid(definition), definition, '{}'), '$.when') AS one
    WHERE one.value ->> 'type' IS NOT NULL
  UNION SELECT DISTINCT school, 'label', lower(one.value), automations.id FROM automations, json_each(iif(json_valid(labels), labels, '[]')) AS one;
--> statement-breakpoint
CREATE TRIGGER `automations_marks_come` AFTER INSERT ON `automations`
BEGIN
  INSERT INTO automation_marks (school, kind, value, automation)
    SELECT DISTINCT NEW.school, 'trigger', value ->> 'type', NEW.id FROM json_each(iif(json_valid(NEW.definition), NEW.definition, '{}'), '$.when') WHERE value ->> 'type' IS NOT NULL
    UNION SELECT DISTINCT NEW.school, 'label', lower(value), NEW.id FROM json_each(iif(json_valid(NEW.labels), NEW.labels, '[]'));
END;--> statement-breakpoint
CREATE TRIGGER `automations_marks_change` AFTER UPDATE OF definition, labels ON `automations`
  WHEN NEW.definition <> OLD.definition OR NEW.labels <> OLD.labels
BEGIN
  DELETE FROM automation_marks WHERE school = OLD.school AND automation = OLD.id AND (
    kind = 'trigger' AND value IN (SELECT value ->> 'type' FROM json_each(iif(json_valid(OLD.definition), OLD.definition, '{}'), '$.when'))
    OR kind = 'label' AND value IN (SELECT lower(value) FROM json_each(iif(json_valid(OLD.labels), OLD.labels, '[]'))));
  INSERT INTO automation_marks (school, kind, value, automation)
    SELECT DISTINCT NEW.school, 'trigger', value ->> 'type', NEW.id FROM json_each(iif(json_valid(NEW.definition), NEW.definition, '{}'), '$.when') WHERE value ->> 'type' IS NOT NULL
    UNION SELECT DISTINCT NEW.school, 'label', lower(value), NEW.id FROM json_each(iif(json_valid(NEW.labels), NEW.labels, '[]'));
END;--> statement-breakpoint
CREATE TRIGGER `automations_marks_go` AFTER DELETE ON `automations`
BEGIN
  DELETE FROM automation_marks WHERE school = OLD.school AND automation = OLD.id AND (
    kind = 'trigger' AND value IN (SELECT value ->> 'type' FROM json_each(iif(json_valid(OLD.definition), OLD.definition, '{}'), '$.when'))
    OR kind = 'label' AND value IN (SELECT lower(value) FROM json_each(iif(json_valid(OLD.labels), OLD.labels, '[]'))));
END;--> statement-breakpoint
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('audit', 'audit_by_what', '100000000 100000 2000 1'),
  ('audit', 'audit_by_subject', '100000000 100000 20 1'),
  ('auto_groups', 'auto_groups', '100000 100 1'),
  ('auto_groups', 'auto_groups_once', '100000 100 2 1'),
  ('enrolment_methods', 'enrolment_methods', '100000 100 1'),
  ('enrolment_methods', 'enrolment_methods_once', '100000 100 5 1'),
  ('profile_fields', 'profile_fields', '100000 100 1'),
  ('segment_rules', 'segment_rules', '100000 100 1'),
  ('segment_syncs', 'segment_syncs', '100000 100 1'),
  ('segment_syncs', 'segment_syncs_once', '100000 100 5 2 1'),
  ('segment_syncs', 'segment_syncs_group_once', '1000 10 5 2 1'),
  ('segments', 'segments', '100000 100 1'),
  ('automation_marks', 'automation_marks', '2000000 2000 1000 50 1'),
  ('auto_groups', 'auto_groups_standing', '100000 100 1'),
  ('auto_groups', 'auto_groups_held_in_order', '1000 10 1'),
  ('auto_groups', 'auto_groups_by_field', '100000 100 10 1'),
  ('products', 'products_by_id', '20000000 20000 1 1'),
  ('segment_rules', 'segment_rules_asking', '1000 10 1'),
  ('schools', 'schools_by_age', '1000 1 1'),
  ('automations', 'automations_standing', '1000000 1000 1'),
  ('automations', 'automations_held_in_order', '1000 10 1'),
  ('automations', 'automations_active', '500000 500 1'),
  ('enrolment_methods', 'enrolment_methods_of', '100000 100 5 1'),
  ('products', 'products_by_name', '20000000 20000 2000 2 1'),
  ('profile_fields', 'profile_fields_standing', '100000 100 2 1'),
  ('profile_fields', 'profile_fields_held_in_order', '1000 10 2 1'),
  ('profile_fields', 'profile_fields_by_name', '100000 100 2 1'),
  ('segment_rules', 'segment_rules_standing', '100000 100 1'),
  ('segment_rules', 'segment_rules_held_in_order', '1000 10 1'),
  ('segment_rules', 'segment_rules_of', '100000 100 5 1'),
  ('segment_syncs', 'segment_syncs_standing', '100000 100 1'),
  ('segment_syncs', 'segment_syncs_held_in_order', '1000 10 1'),
  ('segment_syncs', 'segment_syncs_of', '100000 100 5 1'),
  ('segments', 'segments_standing', '100000 100 2 1'),
  ('segments', 'segments_held_in_order', '1000 10 2 1'),
  ('segments', 'segments_by_name', '100000 100 2 1');--> statement-breakpoint
ANALYZE sqlite_schema;
