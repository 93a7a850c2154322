CREATE TABLE `enrolment_methods` (
	`school` text NOT NULL,
	`id` text NOT NULL,
	`course` text NOT NULL,
	`key` text NOT NULL,
	`digest` text NOT NULL,
	`group_id` text,
	`role` text NOT NULL,
	`most` integer,
	`taken` integer DEFAULT 0 NOT NULL,
	`ends_at` integer,
	`active` integer NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`school`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `enrolment_methods_once` ON `enrolment_methods` (`school`,`course`,`digest`);--> statement-breakpoint
CREATE TABLE `self_enrolments` (
	`school` text NOT NULL,
	`user` text NOT NULL,
	`method` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`school`, `user`, `method`)
) WITHOUT ROWID;
--> statement-breakpoint
DROP INDEX `segment_syncs_once`;--> statement-breakpoint
ALTER TABLE `segment_syncs` ADD `enrol` integer DEFAULT true NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX `segment_syncs_group_once` ON `segment_syncs` (`school`,`course`,`segment`,`group_id`) WHERE "segment_syncs"."enrol" = 0;--> statement-breakpoint
CREATE UNIQUE INDEX `segment_syncs_once` ON `segment_syncs` (`school`,`course`,`segment`,`role`) WHERE "segment_syncs"."enrol" = 1;--> statement-breakpoint
ALTER TABLE `profile_fields` ADD `category` text;--> statement-breakpoint
CREATE INDEX `users_by_username` ON `users` (`school`,`username`) WHERE "users"."username" is not null;--> statement-breakpoint
CREATE TRIGGER `enrolment_methods_of_a_school` BEFORE INSERT ON `enrolment_methods` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;--> statement-breakpoint
CREATE TRIGGER `self_enrolments_of_a_school` BEFORE INSERT ON `self_enrolments` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;--> statement-breakpoint
CREATE TRIGGER `self_enrolments_made` AFTER INSERT ON `self_enrolments`
BEGIN UPDATE enrolment_methods SET taken = taken + 1 WHERE school = NEW.school AND id = NEW.method; END;--> statement-breakpoint
CREATE TRIGGER `self_enrolments_gone` AFTER DELETE ON `self_enrolments`
BEGIN UPDATE enrolment_methods SET taken = taken - 1 WHERE school = OLD.school AND id = OLD.method AND taken > 0; END;--> statement-breakpoint
DROP TRIGGER `segment_syncs_changed`;--> statement-breakpoint
CREATE TRIGGER `segment_syncs_changed` AFTER UPDATE OF active, segment, course, role, group_id, on_leave, enrol ON `segment_syncs`
  WHEN OLD.active IS NOT NEW.active OR OLD.segment IS NOT NEW.segment OR OLD.course IS NOT NEW.course OR OLD.role IS NOT NEW.role OR OLD.group_id IS NOT NEW.group_id OR OLD.on_leave IS NOT NEW.on_leave OR OLD.enrol IS NOT NEW.enrol
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, 'segment_sync', OLD.id, json_object('active', OLD.active, 'segment', OLD.segment, 'course', OLD.course, 'role', OLD.role, 'group', OLD.group_id, 'onLeave', OLD.on_leave, 'enrol', OLD.enrol), coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = OLD.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = 'segment_sync' AND earlier.id = OLD.id); END;--> statement-breakpoint
DROP TRIGGER `segment_syncs_gone`;--> statement-breakpoint
CREATE TRIGGER `segment_syncs_gone` AFTER DELETE ON `segment_syncs`
BEGIN INSERT INTO school_history (school, stamp, kind, id, body, at)
  SELECT schools.id, schools.stamp, 'segment_sync', OLD.id, json_object('active', OLD.active, 'segment', OLD.segment, 'course', OLD.course, 'role', OLD.role, 'group', OLD.group_id, 'onLeave', OLD.on_leave, 'enrol', OLD.enrol), coalesce(schools.now, cast(unixepoch('subsec') * 1000 as integer))
  FROM schools WHERE schools.id = OLD.school AND NOT EXISTS (SELECT 1 FROM school_history AS earlier
    WHERE earlier.school = schools.id AND earlier.stamp = schools.stamp AND earlier.kind = 'segment_sync' AND earlier.id = OLD.id); END;
