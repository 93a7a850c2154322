CREATE INDEX `deliveries_of` ON `deliveries` (`school`,`automation`,`channel`,`id`);--> statement-breakpoint
CREATE INDEX `live_runs_waiting_of` ON `live_runs` (`school`,`automation`,`id`) WHERE "live_runs"."status" = 'waiting';--> statement-breakpoint
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('audit', 'audit_by_what', '100000000 100000 2000 1'),
  ('deliveries', 'deliveries_of', '2000000000 2000000 20000 10000 1'),
  ('live_runs', 'live_runs_waiting_of', '90000000 90000 900 1');--> statement-breakpoint
ANALYZE sqlite_schema;
