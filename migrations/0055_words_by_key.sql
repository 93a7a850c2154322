CREATE TABLE `key_words` (
	`until` integer PRIMARY KEY NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `key_words` (until) SELECT CASE WHEN EXISTS (SELECT 1 FROM users) THEN (unixepoch() + 30 * 86400) * 1000 ELSE 0 END;--> statement-breakpoint
DROP TRIGGER `users_words_come`;--> statement-breakpoint
DROP TRIGGER `users_words_change`;--> statement-breakpoint
CREATE TRIGGER `users_words_come` AFTER INSERT ON `users`
BEGIN
  INSERT INTO user_words (school, word, user)
    SELECT DISTINCT NEW.school, value, NEW.id FROM json_each('[' || replace(json_quote(replace(NEW.search, char(10), ' ')), ' ', '","') || ']')
      WHERE value <> '' AND (value NOT IN (NEW.id, coalesce(NEW.email_key, '')) OR unixepoch() * 1000 < (SELECT until FROM key_words));
END;--> statement-breakpoint
CREATE TRIGGER `users_words_change` AFTER UPDATE OF search, email_key ON `users` WHEN NEW.search <> OLD.search OR NEW.email_key IS NOT OLD.email_key
BEGIN
  DELETE FROM user_words WHERE school = OLD.school AND user = OLD.id AND word IN
    (SELECT value FROM json_each('[' || replace(json_quote(replace(OLD.search, char(10), ' ')), ' ', '","') || ']')
      WHERE value NOT IN (SELECT value FROM json_each('[' || replace(json_quote(replace(NEW.search, char(10), ' ')), ' ', '","') || ']')));
  INSERT INTO user_words (school, word, user)
    SELECT DISTINCT NEW.school, value, NEW.id FROM json_each('[' || replace(json_quote(replace(NEW.search, char(10), ' ')), ' ', '","') || ']')
      WHERE value <> ''
        AND (value = OLD.email_key OR value NOT IN (SELECT value FROM json_each('[' || replace(json_quote(replace(OLD.search, char(10), ' ')), ' ', '","') || ']')))
        AND (value NOT IN (NEW.id, coalesce(NEW.email_key, '')) OR unixepoch() * 1000 < (SELECT until FROM key_words))
    ON CONFLICT DO NOTHING;
END;
