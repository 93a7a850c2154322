ALTER TABLE `deliveries` ADD `trace` text;--> statement-breakpoint
ALTER TABLE `live_runs` ADD `trace` text;--> statement-breakpoint
ALTER TABLE `runs` ADD `trace` text;