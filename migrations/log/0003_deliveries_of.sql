CREATE INDEX `deliveries_of` ON `deliveries` (`school`,`automation`,`channel`,`id`);--> statement-breakpoint
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('deliveries', 'deliveries_of', '2000000000 2000000 20000 10000 1');--> statement-breakpoint
ANALYZE sqlite_schema;
