ALTER TABLE `deleted_schools` ADD `epoch` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `deleted_schools` ADD `look_at` integer DEFAULT 0;--> statement-breakpoint
CREATE INDEX `deleted_schools_by_look` ON `deleted_schools` (`look_at`);--> statement-breakpoint
ALTER TABLE `schools` ADD `epoch` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
CREATE TRIGGER `api_keys_of_a_school` BEFORE INSERT ON `api_keys` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;--> statement-breakpoint
CREATE TRIGGER `audit_of_a_school` BEFORE INSERT ON `audit` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;--> statement-breakpoint
CREATE TRIGGER `auto_groups_of_a_school` BEFORE INSERT ON `auto_groups` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;--> statement-breakpoint
CREATE TRIGGER `automation_versions_of_a_school` BEFORE INSERT ON `automation_versions` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;--> statement-breakpoint
CREATE TRIGGER `automations_of_a_school` BEFORE INSERT ON `automations` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;--> statement-breakpoint
CREATE TRIGGER `bundles_of_a_school` BEFORE INSERT ON `bundles` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;--> statement-breakpoint
CREATE TRIGGER `idempotency_of_a_school` BEFORE INSERT ON `idempotency` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;--> statement-breakpoint
CREATE TRIGGER `job_chunks_of_a_school` BEFORE INSERT ON `job_chunks` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;--> statement-breakpoint
CREATE TRIGGER `jobs_of_a_school` BEFORE INSERT ON `jobs` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;--> statement-breakpoint
CREATE TRIGGER `learnworlds_seen_of_a_school` BEFORE INSERT ON `learnworlds_seen` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;--> statement-breakpoint
CREATE TRIGGER `origins_of_a_school` BEFORE INSERT ON `origins` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;--> statement-breakpoint
CREATE TRIGGER `profile_fields_of_a_school` BEFORE INSERT ON `profile_fields` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;--> statement-breakpoint
CREATE TRIGGER `scans_of_a_school` BEFORE INSERT ON `scans` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;--> statement-breakpoint
CREATE TRIGGER `segment_rules_of_a_school` BEFORE INSERT ON `segment_rules` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;--> statement-breakpoint
CREATE TRIGGER `segment_syncs_of_a_school` BEFORE INSERT ON `segment_syncs` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;--> statement-breakpoint
CREATE TRIGGER `segments_of_a_school` BEFORE INSERT ON `segments` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;--> statement-breakpoint
CREATE TRIGGER `unmapped_of_a_school` BEFORE INSERT ON `unmapped` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;--> statement-breakpoint
CREATE TRIGGER `vocabulary_of_a_school` BEFORE INSERT ON `vocabulary` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;
