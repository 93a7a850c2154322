ALTER TABLE `day_counts` ADD `bounced` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
-- As schools/name-key.ts writes it since: a sigma is one at a word's end too, an i one without its dot and with two.
UPDATE `schools` SET name_key = replace(replace(replace(name_key, 'ς', 'σ'), 'i̇', 'i'), 'ı', 'i');
