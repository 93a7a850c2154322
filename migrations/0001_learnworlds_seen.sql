CREATE TABLE `learnworlds_seen` (
	`school` text NOT NULL,
	`user` text NOT NULL,
	`seen` text NOT NULL,
	PRIMARY KEY(`school`, `user`)
) WITHOUT ROWID;
