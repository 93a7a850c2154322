CREATE TABLE `day_counts` (
	`school` text NOT NULL,
	`day` text NOT NULL,
	`automation` text NOT NULL,
	`runs` integer NOT NULL,
	`mails` integer NOT NULL,
	`failed` integer NOT NULL,
	PRIMARY KEY(`school`, `day`, `automation`)
) WITHOUT ROWID;
