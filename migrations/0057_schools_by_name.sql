ALTER TABLE `schools` ADD `name_key` text DEFAULT '' NOT NULL;--> statement-breakpoint
-- As schools/find.ts writes it, but for letters beyond those named here: lower() knows those of ASCII alone.
UPDATE `schools` SET name_key = lower(name);--> statement-breakpoint
UPDATE `schools` SET name_key = replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(name_key, 'À', 'à'), 'Á', 'á'), 'Â', 'â'), 'Ã', 'ã'), 'Ä', 'ä'), 'Å', 'å'), 'Æ', 'æ'), 'Ç', 'ç'), 'È', 'è'), 'É', 'é'), 'Ê', 'ê'), 'Ë', 'ë'), 'Ì', 'ì'), 'Í', 'í'), 'Î', 'î'), 'Ï', 'ï'), 'Ð', 'ð'), 'Ñ', 'ñ'), 'Ò', 'ò'), 'Ó', 'ó'), 'Ô', 'ô'), 'Õ', 'õ'), 'Ö', 'ö'), 'Ø', 'ø'), 'Ù', 'ù'), 'Ú', 'ú'), 'Û', 'û'), 'Ü', 'ü'), 'Ý', 'ý'), 'Þ', 'þ');--> statement-breakpoint
UPDATE `schools` SET name_key = replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(name_key, 'Ą', 'ą'), 'Ć', 'ć'), 'Ę', 'ę'), 'Ł', 'ł'), 'Ń', 'ń'), 'Ś', 'ś'), 'Ź', 'ź'), 'Ż', 'ż'), 'Č', 'č'), 'Ď', 'ď'), 'Ě', 'ě'), 'Ň', 'ň'), 'Ř', 'ř'), 'Š', 'š'), 'Ť', 'ť'), 'Ů', 'ů'), 'Ž', 'ž'), 'Ő', 'ő'), 'Ű', 'ű'), 'Ğ', 'ğ'), 'Ş', 'ş'), 'Œ', 'œ');--> statement-breakpoint
UPDATE `schools` SET name_key = replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(name_key, 'Α', 'α'), 'Β', 'β'), 'Γ', 'γ'), 'Δ', 'δ'), 'Ε', 'ε'), 'Ζ', 'ζ'), 'Η', 'η'), 'Θ', 'θ'), 'Ι', 'ι'), 'Κ', 'κ'), 'Λ', 'λ'), 'Μ', 'μ'), 'Ν', 'ν'), 'Ξ', 'ξ'), 'Ο', 'ο'), 'Π', 'π'), 'Ρ', 'ρ'), 'Σ', 'σ'), 'Τ', 'τ'), 'Υ', 'υ'), 'Φ', 'φ'), 'Χ', 'χ'), 'Ψ', 'ψ'), 'Ω', 'ω'), 'Ά', 'ά'), 'Έ', 'έ'), 'Ή', 'ή'), 'Ί', 'ί'), 'Ό', 'ό'), 'Ύ', 'ύ'), 'Ώ', 'ώ');--> statement-breakpoint
CREATE INDEX `schools_by_name` ON `schools` (`name_key`,`id`);--> statement-breakpoint
-- What the release before writes has no key. A later one writes its own behind these.
CREATE TRIGGER `schools_named` AFTER INSERT ON `schools` WHEN NEW.name_key = ''
BEGIN UPDATE schools SET name_key = lower(NEW.name) WHERE id = NEW.id; END;
--> statement-breakpoint
CREATE TRIGGER `schools_renamed` AFTER UPDATE OF name ON `schools` WHEN NEW.name <> OLD.name
BEGIN UPDATE schools SET name_key = lower(NEW.name) WHERE id = NEW.id; END;
--> statement-breakpoint
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('schools', 'schools_by_name', '1000 2 1');--> statement-breakpoint
ANALYZE sqlite_schema;
