DROP INDEX `deliveries_by_user`;--> statement-breakpoint
ALTER TABLE `deliveries` ADD `unkept` integer DEFAULT 1;--> statement-breakpoint
CREATE INDEX `deliveries_unkept` ON `deliveries` (`school`,`user`,`id`) WHERE "deliveries"."unkept" = 1;--> statement-breakpoint
DROP INDEX `runs_by_user`;--> statement-breakpoint
ALTER TABLE `runs` ADD `unkept` integer DEFAULT 1;--> statement-breakpoint
CREATE INDEX `runs_unkept` ON `runs` (`school`,`user`,`id`) WHERE "runs"."unkept" = 1;--> statement-breakpoint
CREATE TRIGGER `runs_of_before_late` BEFORE INSERT ON `runs` WHEN NEW.unkept = 1 AND EXISTS (SELECT 1 FROM live_runs WHERE school = NEW.school AND automation = NEW.automation AND id = NEW.id AND seq >= NEW.seq)
BEGIN SELECT RAISE(IGNORE); END;--> statement-breakpoint
CREATE TRIGGER `runs_of_before_made` AFTER INSERT ON `runs` WHEN NEW.unkept = 1
BEGIN
  INSERT INTO run_counts (school, automation, step, status, n)
    SELECT run.school, run.automation, '', run.status, sum(run.n) FROM (
      SELECT NEW.school AS school, NEW.automation AS automation, NEW.id AS id, NEW.status AS status, NEW.steps AS steps, 1 AS n
      UNION ALL SELECT school, automation, id, status, steps, -1 FROM live_runs WHERE school = NEW.school AND automation = NEW.automation AND id = NEW.id) AS run
    WHERE EXISTS (SELECT 1 FROM automations WHERE automations.school = run.school AND automations.id = run.automation)
    GROUP BY 1, 2, 3, 4 HAVING sum(run.n) <> 0
    ON CONFLICT (school, automation, step, status) DO UPDATE SET n = n + excluded.n;
  INSERT INTO run_counts (school, automation, step, status, n)
    SELECT run.school, run.automation, step.value->>'step_id', 'entered', sum(run.n) FROM (
      SELECT NEW.school AS school, NEW.automation AS automation, NEW.id AS id, NEW.status AS status, NEW.steps AS steps, 1 AS n
      UNION ALL SELECT school, automation, id, status, steps, -1 FROM live_runs WHERE school = NEW.school AND automation = NEW.automation AND id = NEW.id) AS run JOIN json_each(run.steps) AS step
    WHERE EXISTS (SELECT 1 FROM automations WHERE automations.school = run.school AND automations.id = run.automation) AND NOT EXISTS (SELECT 1 FROM json_each(run.steps) AS earlier WHERE earlier.key < step.key AND earlier.value->>'step_id' = step.value->>'step_id')
    GROUP BY 1, 2, 3, 4 HAVING sum(run.n) <> 0
    ON CONFLICT (school, automation, step, status) DO UPDATE SET n = n + excluded.n;
  INSERT INTO run_counts (school, automation, step, status, n)
    SELECT run.school, run.automation, step.value->>'step_id', step.value->>'status', sum(run.n) FROM (
      SELECT NEW.school AS school, NEW.automation AS automation, NEW.id AS id, NEW.status AS status, NEW.steps AS steps, 1 AS n
      UNION ALL SELECT school, automation, id, status, steps, -1 FROM live_runs WHERE school = NEW.school AND automation = NEW.automation AND id = NEW.id) AS run JOIN json_each(run.steps) AS step
    WHERE EXISTS (SELECT 1 FROM automations WHERE automations.school = run.school AND automations.id = run.automation)
    GROUP BY 1, 2, 3, 4 HAVING sum(run.n) <> 0
    ON CONFLICT (school, automation, step, status) DO UPDATE SET n = n + excluded.n;
  INSERT INTO run_counts (school, automation, step, status, n)
    SELECT run.school, run.automation, step.value->>'step_id', step.value->>'$.detail.branch', sum(run.n) FROM (
      SELECT NEW.school AS school, NEW.automation AS automation, NEW.id AS id, NEW.status AS status, NEW.steps AS steps, 1 AS n
      UNION ALL SELECT school, automation, id, status, steps, -1 FROM live_runs WHERE school = NEW.school AND automation = NEW.automation AND id = NEW.id) AS run JOIN json_each(run.steps) AS step
    WHERE EXISTS (SELECT 1 FROM automations WHERE automations.school = run.school AND automations.id = run.automation) AND step.value->>'$.detail.branch' IN ('yes', 'no')
    GROUP BY 1, 2, 3, 4 HAVING sum(run.n) <> 0
    ON CONFLICT (school, automation, step, status) DO UPDATE SET n = n + excluded.n;
  DELETE FROM live_runs WHERE school = NEW.school AND automation = NEW.automation AND id = NEW.id;
  INSERT INTO live_runs (school, id, automation, version, revision, user, status, synchronous, "trigger", event_id, started_at, wake_at, steps, logged_at, seq)
    SELECT NEW.school, NEW.id, NEW.automation, NEW.version, 0, NEW.user, NEW.status, NEW.synchronous, NEW."trigger", NEW.event_id, NEW.started_at, NEW.wake_at, NEW.steps, NEW.logged_at, NEW.seq
    WHERE NEW.status IN ('queued', 'running', 'waiting', 'held');
  DELETE FROM runs WHERE school = NEW.school AND id = NEW.id AND NEW.status IN ('queued', 'running', 'waiting', 'held');
END;--> statement-breakpoint
CREATE TRIGGER `runs_of_before_changed` AFTER UPDATE OF seq ON `runs` WHEN NEW.unkept = 1 AND NEW.seq <> OLD.seq
BEGIN
  INSERT INTO run_counts (school, automation, step, status, n)
    SELECT run.school, run.automation, '', run.status, sum(run.n) FROM (
      SELECT NEW.school AS school, NEW.automation AS automation, NEW.id AS id, NEW.status AS status, NEW.steps AS steps, 1 AS n
      UNION ALL SELECT school, automation, id, status, steps, -1 FROM live_runs WHERE school = NEW.school AND automation = NEW.automation AND id = NEW.id
      UNION ALL SELECT OLD.school, OLD.automation, OLD.id, OLD.status, OLD.steps, -1) AS run
    WHERE EXISTS (SELECT 1 FROM automations WHERE automations.school = run.school AND automations.id = run.automation)
    GROUP BY 1, 2, 3, 4 HAVING sum(run.n) <> 0
    ON CONFLICT (school, automation, step, status) DO UPDATE SET n = n + excluded.n;
  INSERT INTO run_counts (school, automation, step, status, n)
    SELECT run.school, run.automation, step.value->>'step_id', 'entered', sum(run.n) FROM (
      SELECT NEW.school AS school, NEW.automation AS automation, NEW.id AS id, NEW.status AS status, NEW.steps AS steps, 1 AS n
      UNION ALL SELECT school, automation, id, status, steps, -1 FROM live_runs WHERE school = NEW.school AND automation = NEW.automation AND id = NEW.id
      UNION ALL SELECT OLD.school, OLD.automation, OLD.id, OLD.status, OLD.steps, -1) AS run JOIN json_each(run.steps) AS step
    WHERE EXISTS (SELECT 1 FROM automations WHERE automations.school = run.school AND automations.id = run.automation) AND NOT EXISTS (SELECT 1 FROM json_each(run.steps) AS earlier WHERE earlier.key < step.key AND earlier.value->>'step_id' = step.value->>'step_id')
    GROUP BY 1, 2, 3, 4 HAVING sum(run.n) <> 0
    ON CONFLICT (school, automation, step, status) DO UPDATE SET n = n + excluded.n;
  INSERT INTO run_counts (school, automation, step, status, n)
    SELECT run.school, run.automation, step.value->>'step_id', step.value->>'status', sum(run.n) FROM (
      SELECT NEW.school AS school, NEW.automation AS automation, NEW.id AS id, NEW.status AS status, NEW.steps AS steps, 1 AS n
      UNION ALL SELECT school, automation, id, status, steps, -1 FROM live_runs WHERE school = NEW.school AND automation = NEW.automation AND id = NEW.id
      UNION ALL SELECT OLD.school, OLD.automation, OLD.id, OLD.status, OLD.steps, -1) AS run JOIN json_each(run.steps) AS step
    WHERE EXISTS (SELECT 1 FROM automations WHERE automations.school = run.school AND automations.id = run.automation)
    GROUP BY 1, 2, 3, 4 HAVING sum(run.n) <> 0
    ON CONFLICT (school, automation, step, status) DO UPDATE SET n = n + excluded.n;
  INSERT INTO run_counts (school, automation, step, status, n)
    SELECT run.school, run.automation, step.value->>'step_id', step.value->>'$.detail.branch', sum(run.n) FROM (
      SELECT NEW.school AS school, NEW.automation AS automation, NEW.id AS id, NEW.status AS status, NEW.steps AS steps, 1 AS n
      UNION ALL SELECT school, automation, id, status, steps, -1 FROM live_runs WHERE school = NEW.school AND automation = NEW.automation AND id = NEW.id
      UNION ALL SELECT OLD.school, OLD.automation, OLD.id, OLD.status, OLD.steps, -1) AS run JOIN json_each(run.steps) AS step
    WHERE EXISTS (SELECT 1 FROM automations WHERE automations.school = run.school AND automations.id = run.automation) AND step.value->>'$.detail.branch' IN ('yes', 'no')
    GROUP BY 1, 2, 3, 4 HAVING sum(run.n) <> 0
    ON CONFLICT (school, automation, step, status) DO UPDATE SET n = n + excluded.n;
  DELETE FROM live_runs WHERE school = NEW.school AND automation = NEW.automation AND id = NEW.id;
  INSERT INTO live_runs (school, id, automation, version, revision, user, status, synchronous, "trigger", event_id, started_at, wake_at, steps, logged_at, seq)
    SELECT NEW.school, NEW.id, NEW.automation, NEW.version, 0, NEW.user, NEW.status, NEW.synchronous, NEW."trigger", NEW.event_id, NEW.started_at, NEW.wake_at, NEW.steps, NEW.logged_at, NEW.seq
    WHERE NEW.status IN ('queued', 'running', 'waiting', 'held');
  DELETE FROM runs WHERE school = NEW.school AND id = NEW.id AND NEW.status IN ('queued', 'running', 'waiting', 'held');
END;--> statement-breakpoint
CREATE TRIGGER `activity_of_before_school` AFTER INSERT ON `activity` WHEN NEW.scope = 'school' AND NEW.subject = ''
  AND EXISTS (SELECT 1 FROM users WHERE users.school = NEW.school AND users.id = NEW.user AND seen_at IS NOT NEW.at)
BEGIN
  DELETE FROM activity WHERE school = NEW.school AND scope = NEW.scope AND user = NEW.user AND subject = ''
    AND at = (SELECT seen_at FROM users WHERE users.school = NEW.school AND users.id = NEW.user);
  UPDATE users SET seen_at = NEW.at WHERE users.school = NEW.school AND users.id = NEW.user;
END;--> statement-breakpoint
CREATE TRIGGER `activity_of_before_app` AFTER INSERT ON `activity` WHEN NEW.scope = 'app' AND NEW.subject = ''
  AND EXISTS (SELECT 1 FROM users WHERE users.school = NEW.school AND users.id = NEW.user AND app_seen_at IS NOT NEW.at)
BEGIN
  DELETE FROM activity WHERE school = NEW.school AND scope = NEW.scope AND user = NEW.user AND subject = ''
    AND at = (SELECT app_seen_at FROM users WHERE users.school = NEW.school AND users.id = NEW.user);
  UPDATE users SET app_seen_at = NEW.at WHERE users.school = NEW.school AND users.id = NEW.user;
END;