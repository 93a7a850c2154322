CREATE TABLE `school_wakes` (
	`school` text PRIMARY KEY NOT NULL,
	`at` integer
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `school_wakes_by_time` ON `school_wakes` (`at`) WHERE "school_wakes"."at" is not null;--> statement-breakpoint
CREATE INDEX `unmapped_messages_by_age` ON `unmapped_messages` (`at`);--> statement-breakpoint
CREATE TRIGGER `school_wakes_of_a_school` BEFORE INSERT ON `school_wakes` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;--> statement-breakpoint
INSERT INTO school_wakes (school, at)
  SELECT id, 0 FROM schools WHERE mode = 'live' AND suspended = 0
    AND EXISTS (SELECT 1 FROM users INDEXED BY users_by_wake WHERE users.school = schools.id AND next_wake IS NOT NULL);--> statement-breakpoint
CREATE TRIGGER `users_with_a_wake_come` AFTER INSERT ON `users` WHEN NEW.next_wake IS NOT NULL
BEGIN INSERT INTO school_wakes (school, at) SELECT id, NEW.next_wake FROM schools WHERE id = NEW.school AND mode = 'live' AND suspended = 0
  ON CONFLICT (school) DO UPDATE SET at = excluded.at WHERE at IS NULL OR at > excluded.at; END;--> statement-breakpoint
CREATE TRIGGER `users_wake_sooner` AFTER UPDATE OF next_wake ON `users`
  WHEN NEW.next_wake IS NOT NULL AND (OLD.next_wake IS NULL OR NEW.next_wake < OLD.next_wake)
BEGIN INSERT INTO school_wakes (school, at) SELECT id, NEW.next_wake FROM schools WHERE id = NEW.school AND mode = 'live' AND suspended = 0
  ON CONFLICT (school) DO UPDATE SET at = excluded.at WHERE at IS NULL OR at > excluded.at; END;--> statement-breakpoint
CREATE TRIGGER `schools_wake_again` AFTER UPDATE OF suspended ON `schools` WHEN NEW.mode = 'live' AND OLD.suspended <> NEW.suspended
BEGIN
  DELETE FROM school_wakes WHERE school = NEW.id;
  INSERT INTO school_wakes (school, at) SELECT NEW.id, 0 WHERE NEW.suspended = 0;
END;--> statement-breakpoint
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('school_wakes', 'school_wakes', '100000 1'),
  ('school_wakes', 'school_wakes_by_time', '100000 1 1'),
  ('unmapped_messages', 'unmapped_messages_by_age', '10000000 1 1');--> statement-breakpoint
ANALYZE sqlite_schema;
