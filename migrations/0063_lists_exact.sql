DROP INDEX `deliveries_other_of`;--> statement-breakpoint
DROP INDEX `deliveries_of`;--> statement-breakpoint
CREATE INDEX `deliveries_of` ON `deliveries` (`school`,`status`,`channel`,`automation`,`id`);--> statement-breakpoint
DROP INDEX `runs_not_completed_of`;--> statement-breakpoint
DROP INDEX `runs_by_automation`;--> statement-breakpoint
CREATE INDEX `runs_by_automation` ON `runs` (`school`,`automation`,`status`,`id`);--> statement-breakpoint
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('deliveries', 'deliveries_of', '2000000000 2000000 300000 100000 5000 1'),
  ('runs', 'runs_by_automation', '2000000000 2000000 20000 10000 1');--> statement-breakpoint
ANALYZE sqlite_schema;
