CREATE INDEX `deliveries_suppressed_by_id` ON `deliveries` (`school`,`id`) WHERE "deliveries"."status" = 'suppressed';--> statement-breakpoint
CREATE INDEX `deliveries_by_channel` ON `deliveries` (`school`,`channel`,`id`) WHERE "deliveries"."channel" <> 'email';--> statement-breakpoint
CREATE INDEX `runs_not_completed` ON `runs` (`school`,`status`,`id`,`automation`) WHERE "runs"."status" = 'failed' or "runs"."status" = 'exited' or "runs"."status" = 'cancelled';--> statement-breakpoint
DROP TRIGGER `users_words_change`;--> statement-breakpoint
DROP TRIGGER `users_words_go`;--> statement-breakpoint
CREATE TRIGGER `users_words_change` AFTER UPDATE OF search ON `users` WHEN NEW.search <> OLD.search
BEGIN
  DELETE FROM user_words WHERE school = OLD.school AND user = OLD.id AND word IN
    (SELECT value FROM json_each('[' || replace(json_quote(replace(OLD.search, char(10), ' ')), ' ', '","') || ']')
      WHERE value NOT IN (SELECT value FROM json_each('[' || replace(json_quote(replace(NEW.search, char(10), ' ')), ' ', '","') || ']')));
  INSERT INTO user_words (school, word, user)
    SELECT DISTINCT NEW.school, value, NEW.id FROM json_each('[' || replace(json_quote(replace(NEW.search, char(10), ' ')), ' ', '","') || ']')
      WHERE value <> '' AND value NOT IN (SELECT value FROM json_each('[' || replace(json_quote(replace(OLD.search, char(10), ' ')), ' ', '","') || ']'));
END;--> statement-breakpoint
CREATE TRIGGER `users_words_go` AFTER DELETE ON `users`
BEGIN
  DELETE FROM user_words WHERE school = OLD.school AND user = OLD.id AND word IN
    (SELECT value FROM json_each('[' || replace(json_quote(replace(OLD.search, char(10), ' ')), ' ', '","') || ']'));
END;--> statement-breakpoint
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('deliveries', 'deliveries_suppressed_by_id', '20000000 20000 1'),
  ('deliveries', 'deliveries_by_channel', '200000000 200000 40000 1'),
  ('runs', 'runs_not_completed', '200000000 200000 100000 1 1');--> statement-breakpoint
ANALYZE sqlite_schema;
