CREATE INDEX `deliveries_other_of` ON `deliveries` (`school`,`automation`,`status`,`id`) WHERE "deliveries"."status" <> 'sent';--> statement-breakpoint
CREATE INDEX `live_runs_not_waiting_of` ON `live_runs` (`school`,`automation`,`status`,`id`) WHERE "live_runs"."status" <> 'waiting';--> statement-breakpoint
CREATE INDEX `runs_not_completed_of` ON `runs` (`school`,`automation`,`status`,`id`) WHERE "runs"."status" = 'failed' or "runs"."status" = 'exited' or "runs"."status" = 'cancelled';--> statement-breakpoint
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('deliveries', 'deliveries_other_of', '200000000 200000 20000 5000 1'),
  ('live_runs', 'live_runs_not_waiting_of', '10000000 10000 1000 300 1'),
  ('runs', 'runs_not_completed_of', '200000000 200000 20000 10000 1');--> statement-breakpoint
ANALYZE sqlite_schema;
