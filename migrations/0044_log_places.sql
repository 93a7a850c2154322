ALTER TABLE `schools` ADD `log` text;--> statement-breakpoint
ALTER TABLE `schools` ADD `log_moves_to` text;