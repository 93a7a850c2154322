CREATE TABLE `roster_records` (
	`school` text NOT NULL,
	`user` text NOT NULL,
	`record` text NOT NULL,
	PRIMARY KEY(`school`, `user`, `record`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `roster_records_by_record` ON `roster_records` (`school`,`record`);