ALTER TABLE `runs` ADD `failed_steps` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `live_runs` ADD `failed_steps` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE TABLE `segment_counts` (
	`school` text NOT NULL,
	`segment` text NOT NULL,
	`n` integer NOT NULL,
	PRIMARY KEY(`school`, `segment`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `user_words` (
	`school` text NOT NULL,
	`word` text NOT NULL,
	`user` text NOT NULL,
	PRIMARY KEY(`school`, `word`, `user`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `deliveries_failed_by_id` ON `deliveries` (`school`,`id`) WHERE "deliveries"."status" = 'failed';--> statement-breakpoint
CREATE INDEX `runs_failed_by_id` ON `runs` (`school`,`id`) WHERE "runs"."status" = 'failed';--> statement-breakpoint
CREATE INDEX `runs_with_failures` ON `runs` (`school`,`automation`,`logged_at`) WHERE "runs"."failed_steps" > 0;--> statement-breakpoint
CREATE INDEX `live_runs_with_failures` ON `live_runs` (`school`,`automation`,`logged_at`) WHERE "live_runs"."failed_steps" > 0;--> statement-breakpoint
CREATE TRIGGER `user_words_of_a_school` BEFORE INSERT ON `user_words` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;--> statement-breakpoint
CREATE TRIGGER `segment_counts_of_a_school` BEFORE INSERT ON `segment_counts` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;--> statement-breakpoint
CREATE TRIGGER `users_words_come` AFTER INSERT ON `users`
BEGIN
  INSERT INTO user_words (school, word, user)
    SELECT DISTINCT NEW.school, value, NEW.id FROM json_each('[' || replace(json_quote(replace(NEW.search, char(10), ' ')), ' ', '","') || ']') WHERE value <> '';
END;--> statement-breakpoint
CREATE TRIGGER `users_words_change` AFTER UPDATE OF search ON `users` WHEN NEW.search <> OLD.search
BEGIN
  DELETE FROM user_words WHERE (school, word, user) IN
    (SELECT OLD.school, value, OLD.id FROM json_each('[' || replace(json_quote(replace(OLD.search, char(10), ' ')), ' ', '","') || ']')
      WHERE value NOT IN (SELECT value FROM json_each('[' || replace(json_quote(replace(NEW.search, char(10), ' ')), ' ', '","') || ']')));
  INSERT INTO user_words (school, word, user)
    SELECT DISTINCT NEW.school, value, NEW.id FROM json_each('[' || replace(json_quote(replace(NEW.search, char(10), ' ')), ' ', '","') || ']')
      WHERE value <> '' AND value NOT IN (SELECT value FROM json_each('[' || replace(json_quote(replace(OLD.search, char(10), ' ')), ' ', '","') || ']'));
END;--> statement-breakpoint
CREATE TRIGGER `users_words_go` AFTER DELETE ON `users`
BEGIN
  DELETE FROM user_words WHERE (school, word, user) IN
    (SELECT OLD.school, value, OLD.id FROM json_each('[' || replace(json_quote(replace(OLD.search, char(10), ' ')), ' ', '","') || ']'));
END;--> statement-breakpoint
CREATE TRIGGER `user_marks_counted` AFTER INSERT ON `user_marks` WHEN NEW.kind = 'segment'
BEGIN
  INSERT INTO segment_counts (school, segment, n) VALUES (NEW.school, NEW.value, 1)
    ON CONFLICT (school, segment) DO UPDATE SET n = n + 1;
END;--> statement-breakpoint
CREATE TRIGGER `user_marks_uncounted` AFTER DELETE ON `user_marks` WHEN OLD.kind = 'segment'
BEGIN
  UPDATE segment_counts SET n = n - 1 WHERE school = OLD.school AND segment = OLD.value;
END;--> statement-breakpoint
INSERT INTO `user_words` (school, word, user)
  SELECT DISTINCT users.school, value, users.id FROM users JOIN schools ON schools.id = users.school,
    json_each('[' || replace(json_quote(replace(search, char(10), ' ')), ' ', '","') || ']') WHERE value <> '';--> statement-breakpoint
INSERT INTO `segment_counts` (school, segment, n)
  SELECT user_marks.school, value, count(*) FROM user_marks JOIN schools ON schools.id = user_marks.school WHERE kind = 'segment' GROUP BY 1, 2;--> statement-breakpoint
ANALYZE sqlite_schema;--> statement-breakpoint
DELETE FROM sqlite_stat1;--> statement-breakpoint
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('users', 'users', '1000000000 1000000 1'),
  ('users', 'users_by_creation', '1000000000 1000000 2 1'),
  ('users', 'users_by_email', '1000000000 1000000 2'),
  ('users', 'users_by_username', '1000000000 1000000 2'),
  ('users', 'users_by_wake', '100000000 100000 2'),
  ('user_marks', 'user_marks', '5000000000 5000000 1000000 5000 1'),
  ('user_words', 'user_words', '3000000000 3000000 10 1'),
  ('segment_counts', 'segment_counts', '100000 100 1'),
  ('activity', 'activity', '4000000000 4000000 1000000 10 1 1'),
  ('activity', 'activity_by_subject', '2000000000 2000000 4 2 1'),
  ('self_enrolments', 'self_enrolments', '100000000 100000 2 1'),
  ('learnworlds_seen', 'learnworlds_seen', '1000000000 1000000 1'),
  ('runs', 'runs', '2000000000 2000000 1'),
  ('runs', 'runs_by_automation', '2000000000 2000000 20000 1'),
  ('runs', 'runs_failed_by_id', '20000000 20000 1'),
  ('runs', 'runs_with_failures', '20000000 20000 200 1'),
  ('live_runs', 'live_runs_with_failures', '2000000 20000 200 1'),
  ('runs', 'runs_unkept', '200000000 200000 4 1'),
  ('live_runs', 'live_runs', '100000000 100000 1000 1'),
  ('live_runs', 'live_runs_by_id', '100000000 100000 1'),
  ('live_runs', 'live_runs_by_user', '100000000 100000 2 1'),
  ('run_counts', 'run_counts', '10000000 10000 100 10 1'),
  ('deliveries', 'deliveries', '2000000000 2000000 1'),
  ('deliveries', 'deliveries_by_run', '2000000000 2000000 2 1'),
  ('deliveries', 'deliveries_failed_by_id', '20000000 20000 1'),
  ('deliveries', 'deliveries_failed', '20000000 20000 200 1'),
  ('deliveries', 'deliveries_unkept', '200000000 200000 4 1'),
  ('jobs', 'jobs', '10000000 10000 1'),
  ('jobs', 'jobs_by_age', '10000000 10000 1'),
  ('jobs', 'jobs_unfinished', '10000000 2000000 1'),
  ('job_chunks', 'job_chunks', '100000000 100000 50 1'),
  ('audit', 'audit', '100000000 100000 1'),
  ('audit', 'audit_by_age', '100000000 100000 1'),
  ('idempotency', 'idempotency', '1000000000 1000000 1'),
  ('idempotency', 'idempotency_by_age', '1000000000 2'),
  ('vocabulary', 'vocabulary', '20000000 20000 2000 1'),
  ('products', 'products', '20000000 20000 2000 1'),
  ('products', 'products_with_courses', '2000000 2000 500 1'),
  ('school_history', 'school_history', '20000000 20000 5 2 1'),
  ('automations', 'automations', '1000000 1000 1'),
  ('schools', 'schools', '1000 1');--> statement-breakpoint
ANALYZE sqlite_schema;
