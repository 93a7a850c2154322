CREATE TABLE `school_history` (
	`school` text NOT NULL,
	`stamp` integer NOT NULL,
	`kind` text NOT NULL,
	`id` text NOT NULL,
	`body` text,
	`at` integer NOT NULL,
	PRIMARY KEY(`school`, `stamp`, `kind`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TRIGGER `school_history_of_a_school` BEFORE INSERT ON `school_history` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;--> statement-breakpoint
INSERT INTO `school_history` (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, 'school', '', NULL, coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer)) FROM schools;--> statement-breakpoint
CREATE TRIGGER `schools_made` AFTER INSERT ON `schools`
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, 'school', '', NULL, coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = NEW.id AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = 'school' AND earlier.id = ''); END;--> statement-breakpoint
CREATE TRIGGER `schools_changed` AFTER UPDATE OF name, mode, settings ON `schools`
  WHEN OLD.name IS NOT NEW.name OR OLD.mode IS NOT NEW.mode OR OLD.settings IS NOT NEW.settings
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, 'school', '', json_object('name', OLD.name, 'mode', OLD.mode, 'settings', OLD.settings), coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = NEW.id AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = 'school' AND earlier.id = ''); END;--> statement-breakpoint
CREATE TRIGGER `auto_groups_made` AFTER INSERT ON `auto_groups`
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, 'auto_group', NEW.id, NULL, coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = NEW.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = 'auto_group' AND earlier.id = NEW.id); END;--> statement-breakpoint
CREATE TRIGGER `auto_groups_changed` AFTER UPDATE OF course, field, active ON `auto_groups`
  WHEN OLD.course IS NOT NEW.course OR OLD.field IS NOT NEW.field OR OLD.active IS NOT NEW.active
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, 'auto_group', OLD.id, json_object('course', OLD.course, 'field', OLD.field, 'active', OLD.active), coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = OLD.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = 'auto_group' AND earlier.id = OLD.id); END;--> statement-breakpoint
CREATE TRIGGER `auto_groups_gone` AFTER DELETE ON `auto_groups`
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, 'auto_group', OLD.id, json_object('course', OLD.course, 'field', OLD.field, 'active', OLD.active), coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = OLD.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = 'auto_group' AND earlier.id = OLD.id); END;--> statement-breakpoint
CREATE TRIGGER `automations_made` AFTER INSERT ON `automations`
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, 'automation', NEW.id, NULL, coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = NEW.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = 'automation' AND earlier.id = NEW.id); END;--> statement-breakpoint
CREATE TRIGGER `automations_changed` AFTER UPDATE OF active, active_since, version, revision, move_version, exit_revision ON `automations`
  WHEN OLD.active IS NOT NEW.active OR OLD.active_since IS NOT NEW.active_since OR OLD.version IS NOT NEW.version OR OLD.revision IS NOT NEW.revision OR OLD.move_version IS NOT NEW.move_version OR OLD.exit_revision IS NOT NEW.exit_revision
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, 'automation', OLD.id, json_object('active', OLD.active, 'activeSince', OLD.active_since, 'version', OLD.version, 'revision', OLD.revision, 'moveVersion', OLD.move_version, 'exitRevision', OLD.exit_revision), coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = OLD.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = 'automation' AND earlier.id = OLD.id); END;--> statement-breakpoint
CREATE TRIGGER `automations_gone` AFTER DELETE ON `automations`
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, 'automation', OLD.id, json_object('active', OLD.active, 'activeSince', OLD.active_since, 'version', OLD.version, 'revision', OLD.revision, 'moveVersion', OLD.move_version, 'exitRevision', OLD.exit_revision), coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = OLD.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = 'automation' AND earlier.id = OLD.id); END;--> statement-breakpoint
CREATE TRIGGER `bundles_made` AFTER INSERT ON `bundles`
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, 'bundle', NEW.id, NULL, coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = NEW.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = 'bundle' AND earlier.id = NEW.id); END;--> statement-breakpoint
CREATE TRIGGER `bundles_changed` AFTER UPDATE OF courses ON `bundles`
  WHEN OLD.courses IS NOT NEW.courses
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, 'bundle', OLD.id, json_object('courses', OLD.courses), coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = OLD.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = 'bundle' AND earlier.id = OLD.id); END;--> statement-breakpoint
CREATE TRIGGER `bundles_gone` AFTER DELETE ON `bundles`
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, 'bundle', OLD.id, json_object('courses', OLD.courses), coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = OLD.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = 'bundle' AND earlier.id = OLD.id); END;--> statement-breakpoint
CREATE TRIGGER `profile_fields_made` AFTER INSERT ON `profile_fields`
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, 'profile_field', NEW.key, NULL, coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = NEW.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = 'profile_field' AND earlier.id = NEW.key); END;--> statement-breakpoint
CREATE TRIGGER `profile_fields_changed` AFTER UPDATE OF type, choices ON `profile_fields`
  WHEN OLD.type IS NOT NEW.type OR OLD.choices IS NOT NEW.choices
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, 'profile_field', OLD.key, json_object('type', OLD.type, 'choices', OLD.choices), coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = OLD.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = 'profile_field' AND earlier.id = OLD.key); END;--> statement-breakpoint
CREATE TRIGGER `profile_fields_gone` AFTER DELETE ON `profile_fields`
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, 'profile_field', OLD.key, json_object('type', OLD.type, 'choices', OLD.choices), coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = OLD.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = 'profile_field' AND earlier.id = OLD.key); END;--> statement-breakpoint
CREATE TRIGGER `segment_rules_made` AFTER INSERT ON `segment_rules`
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, 'segment_rule', NEW.id, NULL, coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = NEW.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = 'segment_rule' AND earlier.id = NEW.id); END;--> statement-breakpoint
CREATE TRIGGER `segment_rules_changed` AFTER UPDATE OF segment, "match", clauses ON `segment_rules`
  WHEN OLD.segment IS NOT NEW.segment OR OLD."match" IS NOT NEW."match" OR OLD.clauses IS NOT NEW.clauses
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, 'segment_rule', OLD.id, json_object('segment', OLD.segment, 'match', OLD."match", 'where', OLD.clauses), coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = OLD.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = 'segment_rule' AND earlier.id = OLD.id); END;--> statement-breakpoint
CREATE TRIGGER `segment_rules_gone` AFTER DELETE ON `segment_rules`
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, 'segment_rule', OLD.id, json_object('segment', OLD.segment, 'match', OLD."match", 'where', OLD.clauses), coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = OLD.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = 'segment_rule' AND earlier.id = OLD.id); END;--> statement-breakpoint
CREATE TRIGGER `segment_syncs_made` AFTER INSERT ON `segment_syncs`
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, 'segment_sync', NEW.id, NULL, coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = NEW.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = 'segment_sync' AND earlier.id = NEW.id); END;--> statement-breakpoint
CREATE TRIGGER `segment_syncs_changed` AFTER UPDATE OF active, segment, course, role, group_id, on_leave ON `segment_syncs`
  WHEN OLD.active IS NOT NEW.active OR OLD.segment IS NOT NEW.segment OR OLD.course IS NOT NEW.course OR OLD.role IS NOT NEW.role OR OLD.group_id IS NOT NEW.group_id OR OLD.on_leave IS NOT NEW.on_leave
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, 'segment_sync', OLD.id, json_object('active', OLD.active, 'segment', OLD.segment, 'course', OLD.course, 'role', OLD.role, 'group', OLD.group_id, 'onLeave', OLD.on_leave), coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = OLD.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = 'segment_sync' AND earlier.id = OLD.id); END;--> statement-breakpoint
CREATE TRIGGER `segment_syncs_gone` AFTER DELETE ON `segment_syncs`
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, 'segment_sync', OLD.id, json_object('active', OLD.active, 'segment', OLD.segment, 'course', OLD.course, 'role', OLD.role, 'group', OLD.group_id, 'onLeave', OLD.on_leave), coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = OLD.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = 'segment_sync' AND earlier.id = OLD.id); END;--> statement-breakpoint
CREATE TRIGGER `segments_made` AFTER INSERT ON `segments`
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, 'segment', NEW.id, NULL, coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = NEW.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = 'segment' AND earlier.id = NEW.id); END;--> statement-breakpoint
CREATE TRIGGER `segments_changed` AFTER UPDATE OF managed ON `segments`
  WHEN OLD.managed IS NOT NEW.managed
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, 'segment', OLD.id, json_object('managed', OLD.managed), coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = OLD.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = 'segment' AND earlier.id = OLD.id); END;--> statement-breakpoint
CREATE TRIGGER `segments_gone` AFTER DELETE ON `segments`
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, 'segment', OLD.id, json_object('managed', OLD.managed), coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = OLD.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = 'segment' AND earlier.id = OLD.id); END;
