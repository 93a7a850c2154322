DROP INDEX `deliveries_by_user`;--> statement-breakpoint
ALTER TABLE `deliveries` ADD `unkept` integer;--> statement-breakpoint
CREATE INDEX `deliveries_unkept` ON `deliveries` (`school`,`user`,`id`) WHERE "deliveries"."unkept" = 1;--> statement-breakpoint
DROP INDEX `runs_by_user`;--> statement-breakpoint
ALTER TABLE `runs` ADD `unkept` integer;--> statement-breakpoint
CREATE INDEX `runs_unkept` ON `runs` (`school`,`user`,`id`) WHERE "runs"."unkept" = 1;--> statement-breakpoint
UPDATE `runs` SET unkept = 1;--> statement-breakpoint
UPDATE `deliveries` SET unkept = 1;
