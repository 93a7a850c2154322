ALTER TABLE `automations` ADD `labels` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `automations` ADD `note` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `automations` ADD `goal` text;