ALTER TABLE `api_keys` ADD `admin` integer DEFAULT false NOT NULL;
--> statement-breakpoint
-- The key made with its school gains the scope, and no other. Which one that is was nowhere noted: it has the name and
-- all scopes that such a key is given, is the school's oldest, as old as the school, and no call has made it, which
-- the audit log would say. A school whose first key was deleted since fits nowhere: its owners make another.
UPDATE `api_keys` SET `admin` = 1
WHERE `name` = 'First key'
	AND `scopes` = '["events","read","write"]'
	AND `id` = (SELECT min(`id`) FROM `api_keys` AS `other` WHERE `other`.`school` = `api_keys`.`school`)
	AND `created_at` < (SELECT `created_at` + 60000 FROM `schools` WHERE `schools`.`id` = `api_keys`.`school`)
	AND NOT EXISTS (
		SELECT 1 FROM `audit`
		WHERE `audit`.`school` = `api_keys`.`school`
			AND `audit`.`what` = 'api_key.created'
			AND `audit`.`subject` = `api_keys`.`id`
	);
