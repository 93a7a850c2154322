ALTER TABLE `auto_groups` ADD `delete_at` integer;--> statement-breakpoint
CREATE INDEX `auto_groups_held` ON `auto_groups` (`school`,`delete_at`) WHERE "auto_groups"."delete_at" is not null;--> statement-breakpoint
ALTER TABLE `automations` ADD `watch_since` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `automations` ADD `delete_at` integer;--> statement-breakpoint
CREATE INDEX `automations_held` ON `automations` (`school`,`delete_at`) WHERE "automations"."delete_at" is not null;--> statement-breakpoint
ALTER TABLE `profile_fields` ADD `delete_at` integer;--> statement-breakpoint
CREATE INDEX `profile_fields_held` ON `profile_fields` (`school`,`delete_at`) WHERE "profile_fields"."delete_at" is not null;--> statement-breakpoint
ALTER TABLE `segment_rules` ADD `delete_at` integer;--> statement-breakpoint
CREATE INDEX `segment_rules_held` ON `segment_rules` (`school`,`delete_at`) WHERE "segment_rules"."delete_at" is not null;--> statement-breakpoint
ALTER TABLE `segment_syncs` ADD `delete_at` integer;--> statement-breakpoint
CREATE INDEX `segment_syncs_held` ON `segment_syncs` (`school`,`delete_at`) WHERE "segment_syncs"."delete_at" is not null;--> statement-breakpoint
ALTER TABLE `segments` ADD `delete_at` integer;--> statement-breakpoint
CREATE INDEX `segments_held` ON `segments` (`school`,`delete_at`) WHERE "segments"."delete_at" is not null;--> statement-breakpoint
ALTER TABLE `live_runs` ADD `reason` text;--> statement-breakpoint
CREATE INDEX `live_runs_paused` ON `live_runs` (`school`,`user`) WHERE "live_runs"."reason" = 'paused';--> statement-breakpoint
ALTER TABLE `schools` ADD `paused` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `schools` ADD `pause_exit_stamp` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `schools` ADD `deletes_at` integer;--> statement-breakpoint
CREATE INDEX `schools_by_deletion` ON `schools` (`deletes_at`) WHERE "schools"."deletes_at" is not null and "schools"."mode" = 'live';--> statement-breakpoint
DROP TRIGGER `schools_changed`;--> statement-breakpoint
CREATE TRIGGER `schools_changed` AFTER UPDATE OF name, mode, settings, paused, pause_exit_stamp ON `schools`
  WHEN OLD.name IS NOT NEW.name OR OLD.mode IS NOT NEW.mode OR OLD.settings IS NOT NEW.settings OR OLD.paused IS NOT NEW.paused OR OLD.pause_exit_stamp IS NOT NEW.pause_exit_stamp
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, 'school', '', json_object('name', OLD.name, 'mode', OLD.mode, 'settings', OLD.settings, 'paused', OLD.paused, 'pauseExitStamp', OLD.pause_exit_stamp), coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = OLD.id AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = 'school' AND earlier.id = ''); END;--> statement-breakpoint
DROP TRIGGER `automations_changed`;--> statement-breakpoint
CREATE TRIGGER `automations_changed` AFTER UPDATE OF active, active_since, version, revision, move_version, exit_revision, watch_since, delete_at ON `automations`
  WHEN OLD.active IS NOT NEW.active OR OLD.active_since IS NOT NEW.active_since OR OLD.version IS NOT NEW.version OR OLD.revision IS NOT NEW.revision OR OLD.move_version IS NOT NEW.move_version OR OLD.exit_revision IS NOT NEW.exit_revision OR OLD.watch_since IS NOT NEW.watch_since OR OLD.delete_at IS NOT NEW.delete_at
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, 'automation', OLD.id, json_object('active', OLD.active, 'activeSince', OLD.active_since, 'version', OLD.version, 'revision', OLD.revision, 'moveVersion', OLD.move_version, 'exitRevision', OLD.exit_revision, 'watchSince', OLD.watch_since, 'deleteAt', OLD.delete_at), coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = OLD.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = 'automation' AND earlier.id = OLD.id); END;--> statement-breakpoint
DROP TRIGGER `automations_gone`;--> statement-breakpoint
CREATE TRIGGER `automations_gone` AFTER DELETE ON `automations`
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, 'automation', OLD.id, json_object('active', OLD.active, 'activeSince', OLD.active_since, 'version', OLD.version, 'revision', OLD.revision, 'moveVersion', OLD.move_version, 'exitRevision', OLD.exit_revision, 'watchSince', OLD.watch_since, 'deleteAt', OLD.delete_at), coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = OLD.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = 'automation' AND earlier.id = OLD.id); END;--> statement-breakpoint
DROP TRIGGER `segments_changed`;--> statement-breakpoint
CREATE TRIGGER `segments_changed` AFTER UPDATE OF managed, delete_at ON `segments`
  WHEN OLD.managed IS NOT NEW.managed OR OLD.delete_at IS NOT NEW.delete_at
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, 'segment', OLD.id, json_object('managed', OLD.managed, 'deleteAt', OLD.delete_at), coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = OLD.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = 'segment' AND earlier.id = OLD.id); END;--> statement-breakpoint
DROP TRIGGER `segments_gone`;--> statement-breakpoint
CREATE TRIGGER `segments_gone` AFTER DELETE ON `segments`
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, 'segment', OLD.id, json_object('managed', OLD.managed, 'deleteAt', OLD.delete_at), coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = OLD.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = 'segment' AND earlier.id = OLD.id); END;--> statement-breakpoint
DROP TRIGGER `segment_rules_changed`;--> statement-breakpoint
CREATE TRIGGER `segment_rules_changed` AFTER UPDATE OF segment, "match", clauses, delete_at ON `segment_rules`
  WHEN OLD.segment IS NOT NEW.segment OR OLD."match" IS NOT NEW."match" OR OLD.clauses IS NOT NEW.clauses OR OLD.delete_at IS NOT NEW.delete_at
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, 'segment_rule', OLD.id, json_object('segment', OLD.segment, 'match', OLD."match", 'where', OLD.clauses, 'deleteAt', OLD.delete_at), coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = OLD.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = 'segment_rule' AND earlier.id = OLD.id); END;--> statement-breakpoint
DROP TRIGGER `segment_rules_gone`;--> statement-breakpoint
CREATE TRIGGER `segment_rules_gone` AFTER DELETE ON `segment_rules`
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, 'segment_rule', OLD.id, json_object('segment', OLD.segment, 'match', OLD."match", 'where', OLD.clauses, 'deleteAt', OLD.delete_at), coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = OLD.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = 'segment_rule' AND earlier.id = OLD.id); END;--> statement-breakpoint
DROP TRIGGER `segment_syncs_changed`;--> statement-breakpoint
CREATE TRIGGER `segment_syncs_changed` AFTER UPDATE OF active, segment, course, role, group_id, on_leave, enrol, delete_at ON `segment_syncs`
  WHEN OLD.active IS NOT NEW.active OR OLD.segment IS NOT NEW.segment OR OLD.course IS NOT NEW.course OR OLD.role IS NOT NEW.role OR OLD.group_id IS NOT NEW.group_id OR OLD.on_leave IS NOT NEW.on_leave OR OLD.enrol IS NOT NEW.enrol OR OLD.delete_at IS NOT NEW.delete_at
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, 'segment_sync', OLD.id, json_object('active', OLD.active, 'segment', OLD.segment, 'course', OLD.course, 'role', OLD.role, 'group', OLD.group_id, 'onLeave', OLD.on_leave, 'enrol', OLD.enrol, 'deleteAt', OLD.delete_at), coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = OLD.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = 'segment_sync' AND earlier.id = OLD.id); END;--> statement-breakpoint
DROP TRIGGER `segment_syncs_gone`;--> statement-breakpoint
CREATE TRIGGER `segment_syncs_gone` AFTER DELETE ON `segment_syncs`
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, 'segment_sync', OLD.id, json_object('active', OLD.active, 'segment', OLD.segment, 'course', OLD.course, 'role', OLD.role, 'group', OLD.group_id, 'onLeave', OLD.on_leave, 'enrol', OLD.enrol, 'deleteAt', OLD.delete_at), coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = OLD.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = 'segment_sync' AND earlier.id = OLD.id); END;--> statement-breakpoint
DROP TRIGGER `auto_groups_changed`;--> statement-breakpoint
CREATE TRIGGER `auto_groups_changed` AFTER UPDATE OF course, field, active, delete_at ON `auto_groups`
  WHEN OLD.course IS NOT NEW.course OR OLD.field IS NOT NEW.field OR OLD.active IS NOT NEW.active OR OLD.delete_at IS NOT NEW.delete_at
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, 'auto_group', OLD.id, json_object('course', OLD.course, 'field', OLD.field, 'active', OLD.active, 'deleteAt', OLD.delete_at), coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = OLD.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = 'auto_group' AND earlier.id = OLD.id); END;--> statement-breakpoint
DROP TRIGGER `auto_groups_gone`;--> statement-breakpoint
CREATE TRIGGER `auto_groups_gone` AFTER DELETE ON `auto_groups`
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, 'auto_group', OLD.id, json_object('course', OLD.course, 'field', OLD.field, 'active', OLD.active, 'deleteAt', OLD.delete_at), coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = OLD.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = 'auto_group' AND earlier.id = OLD.id); END;--> statement-breakpoint
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('live_runs', 'live_runs_paused', '1000000 1000 2'),
  ('deliveries', 'deliveries_queued', '1000000 1000 2'),
  ('automations', 'automations_held', '1000 10 1'),
  ('schools', 'schools_by_deletion', '100 2');--> statement-breakpoint
ANALYZE sqlite_schema;
