CREATE TABLE `readers` (
	`person` text PRIMARY KEY NOT NULL,
	`language` text NOT NULL,
	`at` integer NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `readers_by_age` ON `readers` (`at`);