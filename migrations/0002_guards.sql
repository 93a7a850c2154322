CREATE TABLE `guards` (
	`holds` integer PRIMARY KEY NOT NULL,
	CONSTRAINT "changed_meanwhile" CHECK(holds = 1)
) WITHOUT ROWID;
--> statement-breakpoint
ALTER TABLE `schools` ADD `clock_leased_until` integer DEFAULT 0 NOT NULL;