DROP INDEX `users_by_wake`;--> statement-breakpoint
CREATE INDEX `users_by_wake` ON `users` (`school`,`next_wake`) WHERE "users"."next_wake" is not null;