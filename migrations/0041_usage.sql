CREATE TABLE `usage` (
	`school` text NOT NULL,
	`day` text NOT NULL,
	`events` integer NOT NULL,
	`tellings` integer NOT NULL,
	`runs` integer NOT NULL,
	`deliveries` integer NOT NULL,
	PRIMARY KEY(`school`, `day`)
) WITHOUT ROWID;
