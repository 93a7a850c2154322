ALTER TABLE `past_members` ADD `first_at` integer;--> statement-breakpoint
ALTER TABLE `past_members` ADD `last_at` integer;