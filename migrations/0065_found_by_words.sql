CREATE TABLE `name_words` (
	`school` text NOT NULL,
	`kind` text NOT NULL,
	`word` text NOT NULL,
	`id` text NOT NULL,
	PRIMARY KEY(`school`, `kind`, `word`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
ALTER TABLE `automations` ADD `search` text;--> statement-breakpoint
CREATE INDEX `automations_unsearched` ON `automations` (`school`,`id`) WHERE "automations"."search" is null;--> statement-breakpoint
DROP TRIGGER `automations_marks_come`;--> statement-breakpoint
DROP TRIGGER `automations_marks_change`;--> statement-breakpoint
DROP TRIGGER `automations_marks_go`;--> statement-breakpoint
CREATE TRIGGER `automations_marks_come` AFTER INSERT ON `automations`
BEGIN
  INSERT INTO automation_marks (school, kind, value, automation)
    SELECT NEW.school, kind, value, NEW.id FROM (SELECT 'trigger' AS kind, value ->> 'type' AS value FROM json_each(iif(json_valid(NEW.definition), NEW.definition, '{}'), '$.when') WHERE value ->> 'type' IS NOT NULL
    UNION SELECT 'label', lower(value) FROM json_each(iif(json_valid(NEW.labels), NEW.labels, '[]')) WHERE NEW.search IS NULL
    UNION SELECT 'label', value FROM json_each(NEW.search, '$.labels')
    UNION SELECT 'name', value FROM json_each('["' || replace(NEW.search ->> 'names', ' ', '","') || '"]') WHERE value <> ''
    UNION SELECT 'word', value FROM json_each('["' || replace(NEW.search ->> 'words', ' ', '","') || '"]') WHERE value <> '') WHERE true
    ON CONFLICT DO NOTHING;
END;--> statement-breakpoint
CREATE TRIGGER `automations_marks_change` AFTER UPDATE OF definition, labels, search ON `automations`
  WHEN NEW.definition <> OLD.definition OR NEW.labels <> OLD.labels OR NEW.search IS NOT OLD.search
BEGIN
  DELETE FROM automation_marks WHERE (school, kind, value, automation) IN (SELECT OLD.school, kind, value, OLD.id FROM
    (SELECT * FROM (SELECT 'trigger' AS kind, value ->> 'type' AS value FROM json_each(iif(json_valid(OLD.definition), OLD.definition, '{}'), '$.when') WHERE value ->> 'type' IS NOT NULL
    UNION SELECT 'label', lower(value) FROM json_each(iif(json_valid(OLD.labels), OLD.labels, '[]')) WHERE OLD.search IS NULL
    UNION SELECT 'label', value FROM json_each(OLD.search, '$.labels')
    UNION SELECT 'name', value FROM json_each('["' || replace(OLD.search ->> 'names', ' ', '","') || '"]') WHERE value <> ''
    UNION SELECT 'word', value FROM json_each('["' || replace(OLD.search ->> 'words', ' ', '","') || '"]') WHERE value <> '') EXCEPT SELECT * FROM (SELECT 'trigger' AS kind, value ->> 'type' AS value FROM json_each(iif(json_valid(NEW.definition), NEW.definition, '{}'), '$.when') WHERE value ->> 'type' IS NOT NULL
    UNION SELECT 'label', lower(value) FROM json_each(iif(json_valid(NEW.labels), NEW.labels, '[]')) WHERE NEW.search IS NULL
    UNION SELECT 'label', value FROM json_each(NEW.search, '$.labels')
    UNION SELECT 'name', value FROM json_each('["' || replace(NEW.search ->> 'names', ' ', '","') || '"]') WHERE value <> ''
    UNION SELECT 'word', value FROM json_each('["' || replace(NEW.search ->> 'words', ' ', '","') || '"]') WHERE value <> '')));
  INSERT INTO automation_marks (school, kind, value, automation)
    SELECT NEW.school, kind, value, NEW.id FROM
    (SELECT * FROM (SELECT 'trigger' AS kind, value ->> 'type' AS value FROM json_each(iif(json_valid(NEW.definition), NEW.definition, '{}'), '$.when') WHERE value ->> 'type' IS NOT NULL
    UNION SELECT 'label', lower(value) FROM json_each(iif(json_valid(NEW.labels), NEW.labels, '[]')) WHERE NEW.search IS NULL
    UNION SELECT 'label', value FROM json_each(NEW.search, '$.labels')
    UNION SELECT 'name', value FROM json_each('["' || replace(NEW.search ->> 'names', ' ', '","') || '"]') WHERE value <> ''
    UNION SELECT 'word', value FROM json_each('["' || replace(NEW.search ->> 'words', ' ', '","') || '"]') WHERE value <> '') EXCEPT SELECT * FROM (SELECT 'trigger' AS kind, value ->> 'type' AS value FROM json_each(iif(json_valid(OLD.definition), OLD.definition, '{}'), '$.when') WHERE value ->> 'type' IS NOT NULL
    UNION SELECT 'label', lower(value) FROM json_each(iif(json_valid(OLD.labels), OLD.labels, '[]')) WHERE OLD.search IS NULL
    UNION SELECT 'label', value FROM json_each(OLD.search, '$.labels')
    UNION SELECT 'name', value FROM json_each('["' || replace(OLD.search ->> 'names', ' ', '","') || '"]') WHERE value <> ''
    UNION SELECT 'word', value FROM json_each('["' || replace(OLD.search ->> 'words', ' ', '","') || '"]') WHERE value <> '')) WHERE true
    ON CONFLICT DO NOTHING;
END;--> statement-breakpoint
CREATE TRIGGER `automations_marks_go` AFTER DELETE ON `automations`
BEGIN
  DELETE FROM automation_marks WHERE (school, kind, value, automation) IN (SELECT OLD.school, kind, value, OLD.id FROM (SELECT 'trigger' AS kind, value ->> 'type' AS value FROM json_each(iif(json_valid(OLD.definition), OLD.definition, '{}'), '$.when') WHERE value ->> 'type' IS NOT NULL
    UNION SELECT 'label', lower(value) FROM json_each(iif(json_valid(OLD.labels), OLD.labels, '[]')) WHERE OLD.search IS NULL
    UNION SELECT 'label', value FROM json_each(OLD.search, '$.labels')
    UNION SELECT 'name', value FROM json_each('["' || replace(OLD.search ->> 'names', ' ', '","') || '"]') WHERE value <> ''
    UNION SELECT 'word', value FROM json_each('["' || replace(OLD.search ->> 'words', ' ', '","') || '"]') WHERE value <> ''));
END;--> statement-breakpoint
-- A release before writes the rest of it and not this: whoever looks then looks at what stands there.
CREATE TRIGGER `automations_search_outdated` AFTER UPDATE OF name, labels, definition ON `automations`
  WHEN (NEW.name <> OLD.name OR NEW.labels <> OLD.labels OR NEW.definition <> OLD.definition) AND NEW.search IS OLD.search AND NEW.search IS NOT NULL
BEGIN UPDATE automations SET search = NULL WHERE school = NEW.school AND id = NEW.id; END;--> statement-breakpoint
CREATE TRIGGER `name_words_of_a_school` BEFORE INSERT ON `name_words` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;--> statement-breakpoint
INSERT INTO name_words (school, kind, word, id)
  SELECT DISTINCT products.school, products.type, substr(value, 1, 32), products.id FROM products, json_each('[' || replace(json_quote(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(lower(products.id || ' ' || coalesce(products.name_key, '')), 'ς', 'σ'), 'i̇', 'i'), 'ı', 'i'), 'İ', 'i'), '.', ' '), '-', ' '), '_', ' '), '/', ' '), ':', ' '), ',', ' '), ';', ' '), '(', ' '), ')', ' '), '[', ' '), ']', ' '), '"', ' '), '''', ' '), '’', ' '), '+', ' '), '&', ' '), '#', ' '), '@', ' '), '|', ' '), '!', ' '), '?', ' '), '\', ' '), '„', ' '), '“', ' '), '”', ' '), '«', ' '), '»', ' '), '–', ' '), '—', ' '), ' ', ' '), char(9), ' '), char(10), ' ')), ' ', '","') || ']')
      WHERE value <> '' AND products.school IN (SELECT id FROM schools);--> statement-breakpoint
CREATE TRIGGER `products_words_come` AFTER INSERT ON `products`
BEGIN
  INSERT INTO name_words (school, kind, word, id)
    SELECT DISTINCT NEW.school, NEW.type, substr(value, 1, 32), NEW.id FROM json_each('[' || replace(json_quote(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(lower(NEW.id || ' ' || coalesce(NEW.name_key, '')), 'ς', 'σ'), 'i̇', 'i'), 'ı', 'i'), 'İ', 'i'), '.', ' '), '-', ' '), '_', ' '), '/', ' '), ':', ' '), ',', ' '), ';', ' '), '(', ' '), ')', ' '), '[', ' '), ']', ' '), '"', ' '), '''', ' '), '’', ' '), '+', ' '), '&', ' '), '#', ' '), '@', ' '), '|', ' '), '!', ' '), '?', ' '), '\', ' '), '„', ' '), '“', ' '), '”', ' '), '«', ' '), '»', ' '), '–', ' '), '—', ' '), ' ', ' '), char(9), ' '), char(10), ' ')), ' ', '","') || ']')
      WHERE value <> ''
    ON CONFLICT DO NOTHING;
END;--> statement-breakpoint
CREATE TRIGGER `products_words_change` AFTER UPDATE OF name_key ON `products` WHEN NEW.name_key IS NOT OLD.name_key
BEGIN
  DELETE FROM name_words WHERE (school, kind, word, id) IN (SELECT DISTINCT OLD.school, OLD.type, substr(value, 1, 32), OLD.id FROM json_each('[' || replace(json_quote(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(lower(OLD.id || ' ' || coalesce(OLD.name_key, '')), 'ς', 'σ'), 'i̇', 'i'), 'ı', 'i'), 'İ', 'i'), '.', ' '), '-', ' '), '_', ' '), '/', ' '), ':', ' '), ',', ' '), ';', ' '), '(', ' '), ')', ' '), '[', ' '), ']', ' '), '"', ' '), '''', ' '), '’', ' '), '+', ' '), '&', ' '), '#', ' '), '@', ' '), '|', ' '), '!', ' '), '?', ' '), '\', ' '), '„', ' '), '“', ' '), '”', ' '), '«', ' '), '»', ' '), '–', ' '), '—', ' '), ' ', ' '), char(9), ' '), char(10), ' ')), ' ', '","') || ']')
      WHERE value <> '');
  INSERT INTO name_words (school, kind, word, id)
    SELECT DISTINCT NEW.school, NEW.type, substr(value, 1, 32), NEW.id FROM json_each('[' || replace(json_quote(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(lower(NEW.id || ' ' || coalesce(NEW.name_key, '')), 'ς', 'σ'), 'i̇', 'i'), 'ı', 'i'), 'İ', 'i'), '.', ' '), '-', ' '), '_', ' '), '/', ' '), ':', ' '), ',', ' '), ';', ' '), '(', ' '), ')', ' '), '[', ' '), ']', ' '), '"', ' '), '''', ' '), '’', ' '), '+', ' '), '&', ' '), '#', ' '), '@', ' '), '|', ' '), '!', ' '), '?', ' '), '\', ' '), '„', ' '), '“', ' '), '”', ' '), '«', ' '), '»', ' '), '–', ' '), '—', ' '), ' ', ' '), char(9), ' '), char(10), ' ')), ' ', '","') || ']')
      WHERE value <> ''
    ON CONFLICT DO NOTHING;
END;--> statement-breakpoint
CREATE TRIGGER `products_words_go` AFTER DELETE ON `products`
BEGIN
  DELETE FROM name_words WHERE (school, kind, word, id) IN (SELECT DISTINCT OLD.school, OLD.type, substr(value, 1, 32), OLD.id FROM json_each('[' || replace(json_quote(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(lower(OLD.id || ' ' || coalesce(OLD.name_key, '')), 'ς', 'σ'), 'i̇', 'i'), 'ı', 'i'), 'İ', 'i'), '.', ' '), '-', ' '), '_', ' '), '/', ' '), ':', ' '), ',', ' '), ';', ' '), '(', ' '), ')', ' '), '[', ' '), ']', ' '), '"', ' '), '''', ' '), '’', ' '), '+', ' '), '&', ' '), '#', ' '), '@', ' '), '|', ' '), '!', ' '), '?', ' '), '\', ' '), '„', ' '), '“', ' '), '”', ' '), '«', ' '), '»', ' '), '–', ' '), '—', ' '), ' ', ' '), char(9), ' '), char(10), ' ')), ' ', '","') || ']')
      WHERE value <> '');
END;--> statement-breakpoint
INSERT INTO name_words (school, kind, word, id)
  SELECT DISTINCT segments.school, 'segments', substr(value, 1, 32), segments.id FROM segments, json_each('[' || replace(json_quote(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(lower(segments.name), 'ς', 'σ'), 'i̇', 'i'), 'ı', 'i'), 'İ', 'i'), '.', ' '), '-', ' '), '_', ' '), '/', ' '), ':', ' '), ',', ' '), ';', ' '), '(', ' '), ')', ' '), '[', ' '), ']', ' '), '"', ' '), '''', ' '), '’', ' '), '+', ' '), '&', ' '), '#', ' '), '@', ' '), '|', ' '), '!', ' '), '?', ' '), '\', ' '), '„', ' '), '“', ' '), '”', ' '), '«', ' '), '»', ' '), '–', ' '), '—', ' '), ' ', ' '), char(9), ' '), char(10), ' ')), ' ', '","') || ']')
      WHERE value <> '' AND segments.school IN (SELECT id FROM schools);--> statement-breakpoint
CREATE TRIGGER `segments_words_come` AFTER INSERT ON `segments`
BEGIN
  INSERT INTO name_words (school, kind, word, id)
    SELECT DISTINCT NEW.school, 'segments', substr(value, 1, 32), NEW.id FROM json_each('[' || replace(json_quote(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(lower(NEW.name), 'ς', 'σ'), 'i̇', 'i'), 'ı', 'i'), 'İ', 'i'), '.', ' '), '-', ' '), '_', ' '), '/', ' '), ':', ' '), ',', ' '), ';', ' '), '(', ' '), ')', ' '), '[', ' '), ']', ' '), '"', ' '), '''', ' '), '’', ' '), '+', ' '), '&', ' '), '#', ' '), '@', ' '), '|', ' '), '!', ' '), '?', ' '), '\', ' '), '„', ' '), '“', ' '), '”', ' '), '«', ' '), '»', ' '), '–', ' '), '—', ' '), ' ', ' '), char(9), ' '), char(10), ' ')), ' ', '","') || ']')
      WHERE value <> ''
    ON CONFLICT DO NOTHING;
END;--> statement-breakpoint
CREATE TRIGGER `segments_words_change` AFTER UPDATE OF name ON `segments` WHEN NEW.name IS NOT OLD.name
BEGIN
  DELETE FROM name_words WHERE (school, kind, word, id) IN (SELECT DISTINCT OLD.school, 'segments', substr(value, 1, 32), OLD.id FROM json_each('[' || replace(json_quote(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(lower(OLD.name), 'ς', 'σ'), 'i̇', 'i'), 'ı', 'i'), 'İ', 'i'), '.', ' '), '-', ' '), '_', ' '), '/', ' '), ':', ' '), ',', ' '), ';', ' '), '(', ' '), ')', ' '), '[', ' '), ']', ' '), '"', ' '), '''', ' '), '’', ' '), '+', ' '), '&', ' '), '#', ' '), '@', ' '), '|', ' '), '!', ' '), '?', ' '), '\', ' '), '„', ' '), '“', ' '), '”', ' '), '«', ' '), '»', ' '), '–', ' '), '—', ' '), ' ', ' '), char(9), ' '), char(10), ' ')), ' ', '","') || ']')
      WHERE value <> '');
  INSERT INTO name_words (school, kind, word, id)
    SELECT DISTINCT NEW.school, 'segments', substr(value, 1, 32), NEW.id FROM json_each('[' || replace(json_quote(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(lower(NEW.name), 'ς', 'σ'), 'i̇', 'i'), 'ı', 'i'), 'İ', 'i'), '.', ' '), '-', ' '), '_', ' '), '/', ' '), ':', ' '), ',', ' '), ';', ' '), '(', ' '), ')', ' '), '[', ' '), ']', ' '), '"', ' '), '''', ' '), '’', ' '), '+', ' '), '&', ' '), '#', ' '), '@', ' '), '|', ' '), '!', ' '), '?', ' '), '\', ' '), '„', ' '), '“', ' '), '”', ' '), '«', ' '), '»', ' '), '–', ' '), '—', ' '), ' ', ' '), char(9), ' '), char(10), ' ')), ' ', '","') || ']')
      WHERE value <> ''
    ON CONFLICT DO NOTHING;
END;--> statement-breakpoint
CREATE TRIGGER `segments_words_go` AFTER DELETE ON `segments`
BEGIN
  DELETE FROM name_words WHERE (school, kind, word, id) IN (SELECT DISTINCT OLD.school, 'segments', substr(value, 1, 32), OLD.id FROM json_each('[' || replace(json_quote(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(lower(OLD.name), 'ς', 'σ'), 'i̇', 'i'), 'ı', 'i'), 'İ', 'i'), '.', ' '), '-', ' '), '_', ' '), '/', ' '), ':', ' '), ',', ' '), ';', ' '), '(', ' '), ')', ' '), '[', ' '), ']', ' '), '"', ' '), '''', ' '), '’', ' '), '+', ' '), '&', ' '), '#', ' '), '@', ' '), '|', ' '), '!', ' '), '?', ' '), '\', ' '), '„', ' '), '“', ' '), '”', ' '), '«', ' '), '»', ' '), '–', ' '), '—', ' '), ' ', ' '), char(9), ' '), char(10), ' ')), ' ', '","') || ']')
      WHERE value <> '');
END;--> statement-breakpoint
INSERT INTO name_words (school, kind, word, id)
  SELECT DISTINCT profile_fields.school, 'profile_fields', substr(value, 1, 32), profile_fields.key FROM profile_fields, json_each('[' || replace(json_quote(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(lower(profile_fields.key || ' ' || profile_fields.name), 'ς', 'σ'), 'i̇', 'i'), 'ı', 'i'), 'İ', 'i'), '.', ' '), '-', ' '), '_', ' '), '/', ' '), ':', ' '), ',', ' '), ';', ' '), '(', ' '), ')', ' '), '[', ' '), ']', ' '), '"', ' '), '''', ' '), '’', ' '), '+', ' '), '&', ' '), '#', ' '), '@', ' '), '|', ' '), '!', ' '), '?', ' '), '\', ' '), '„', ' '), '“', ' '), '”', ' '), '«', ' '), '»', ' '), '–', ' '), '—', ' '), ' ', ' '), char(9), ' '), char(10), ' ')), ' ', '","') || ']')
      WHERE value <> '' AND profile_fields.school IN (SELECT id FROM schools);--> statement-breakpoint
CREATE TRIGGER `profile_fields_words_come` AFTER INSERT ON `profile_fields`
BEGIN
  INSERT INTO name_words (school, kind, word, id)
    SELECT DISTINCT NEW.school, 'profile_fields', substr(value, 1, 32), NEW.key FROM json_each('[' || replace(json_quote(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(lower(NEW.key || ' ' || NEW.name), 'ς', 'σ'), 'i̇', 'i'), 'ı', 'i'), 'İ', 'i'), '.', ' '), '-', ' '), '_', ' '), '/', ' '), ':', ' '), ',', ' '), ';', ' '), '(', ' '), ')', ' '), '[', ' '), ']', ' '), '"', ' '), '''', ' '), '’', ' '), '+', ' '), '&', ' '), '#', ' '), '@', ' '), '|', ' '), '!', ' '), '?', ' '), '\', ' '), '„', ' '), '“', ' '), '”', ' '), '«', ' '), '»', ' '), '–', ' '), '—', ' '), ' ', ' '), char(9), ' '), char(10), ' ')), ' ', '","') || ']')
      WHERE value <> ''
    ON CONFLICT DO NOTHING;
END;--> statement-breakpoint
CREATE TRIGGER `profile_fields_words_change` AFTER UPDATE OF name ON `profile_fields` WHEN NEW.name IS NOT OLD.name
BEGIN
  DELETE FROM name_words WHERE (school, kind, word, id) IN (SELECT DISTINCT OLD.school, 'profile_fields', substr(value, 1, 32), OLD.key FROM json_each('[' || replace(json_quote(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(lower(OLD.key || ' ' || OLD.name), 'ς', 'σ'), 'i̇', 'i'), 'ı', 'i'), 'İ', 'i'), '.', ' '), '-', ' '), '_', ' '), '/', ' '), ':', ' '), ',', ' '), ';', ' '), '(', ' '), ')', ' '), '[', ' '), ']', ' '), '"', ' '), '''', ' '), '’', ' '), '+', ' '), '&', ' '), '#', ' '), '@', ' '), '|', ' '), '!', ' '), '?', ' '), '\', ' '), '„', ' '), '“', ' '), '”', ' '), '«', ' '), '»', ' '), '–', ' '), '—', ' '), ' ', ' '), char(9), ' '), char(10), ' ')), ' ', '","') || ']')
      WHERE value <> '');
  INSERT INTO name_words (school, kind, word, id)
    SELECT DISTINCT NEW.school, 'profile_fields', substr(value, 1, 32), NEW.key FROM json_each('[' || replace(json_quote(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(lower(NEW.key || ' ' || NEW.name), 'ς', 'σ'), 'i̇', 'i'), 'ı', 'i'), 'İ', 'i'), '.', ' '), '-', ' '), '_', ' '), '/', ' '), ':', ' '), ',', ' '), ';', ' '), '(', ' '), ')', ' '), '[', ' '), ']', ' '), '"', ' '), '''', ' '), '’', ' '), '+', ' '), '&', ' '), '#', ' '), '@', ' '), '|', ' '), '!', ' '), '?', ' '), '\', ' '), '„', ' '), '“', ' '), '”', ' '), '«', ' '), '»', ' '), '–', ' '), '—', ' '), ' ', ' '), char(9), ' '), char(10), ' ')), ' ', '","') || ']')
      WHERE value <> ''
    ON CONFLICT DO NOTHING;
END;--> statement-breakpoint
CREATE TRIGGER `profile_fields_words_go` AFTER DELETE ON `profile_fields`
BEGIN
  DELETE FROM name_words WHERE (school, kind, word, id) IN (SELECT DISTINCT OLD.school, 'profile_fields', substr(value, 1, 32), OLD.key FROM json_each('[' || replace(json_quote(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(lower(OLD.key || ' ' || OLD.name), 'ς', 'σ'), 'i̇', 'i'), 'ı', 'i'), 'İ', 'i'), '.', ' '), '-', ' '), '_', ' '), '/', ' '), ':', ' '), ',', ' '), ';', ' '), '(', ' '), ')', ' '), '[', ' '), ']', ' '), '"', ' '), '''', ' '), '’', ' '), '+', ' '), '&', ' '), '#', ' '), '@', ' '), '|', ' '), '!', ' '), '?', ' '), '\', ' '), '„', ' '), '“', ' '), '”', ' '), '«', ' '), '»', ' '), '–', ' '), '—', ' '), ' ', ' '), char(9), ' '), char(10), ' ')), ' ', '","') || ']')
      WHERE value <> '');
END;--> statement-breakpoint
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('automation_marks', 'automation_marks', '50000000 50000 20000 50 1'),
  ('automations', 'automations_unsearched', '1000 10 1'),
  ('name_words', 'name_words', '60000000 60000 6000 20 1');--> statement-breakpoint
ANALYZE sqlite_schema;
