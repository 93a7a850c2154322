CREATE INDEX `run_counts_live` ON `run_counts` (`school`,`n`) WHERE step = '' and status in ('queued', 'running', 'waiting') and n > 0;--> statement-breakpoint
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('run_counts', 'run_counts_live', '500000 500 20 1 1 1');--> statement-breakpoint
ANALYZE sqlite_schema;
