ALTER TABLE `scans` ADD `next_look` integer;--> statement-breakpoint
ALTER TABLE `scans` ADD `leased_until` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `scans` ADD `ahead` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `scans` ADD `at` integer;--> statement-breakpoint
ALTER TABLE `scans` ADD `user` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `scans` ADD `already_at` integer;--> statement-breakpoint
ALTER TABLE `scans` ADD `already_user` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `scans` ADD `already_since` integer;--> statement-breakpoint
CREATE INDEX `scans_by_look` ON `scans` (`next_look`) WHERE "scans"."next_look" is not null;--> statement-breakpoint
CREATE TRIGGER `activity_looked_for` AFTER INSERT ON `activity`
BEGIN UPDATE scans SET next_look = NEW.at + ahead - 7200000
  WHERE school = NEW.school AND scope = NEW.scope AND (NEW.at, NEW.user) > (at, user)
    AND (next_look IS NULL OR next_look > NEW.at + ahead - 7200000); END;--> statement-breakpoint
CREATE TRIGGER `schools_looked_at_anew` AFTER UPDATE OF stamp ON `schools`
  WHEN NEW.mode = 'live' AND OLD.stamp IS NOT NEW.stamp
BEGIN INSERT INTO scans (school, scope, days, until, next_look) VALUES (NEW.id, '', 0, 0, 0)
  ON CONFLICT (school, scope, days) DO UPDATE SET next_look = 0; END;--> statement-breakpoint
INSERT INTO `scans` (school, scope, days, until, next_look) SELECT id, '', 0, 0, 0 FROM schools WHERE mode = 'live'
  ON CONFLICT (school, scope, days) DO UPDATE SET next_look = 0;
