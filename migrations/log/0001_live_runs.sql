CREATE INDEX `live_runs_not_waiting` ON `live_runs` (`school`,`status`,`id`,`automation`) WHERE "live_runs"."status" <> 'waiting';--> statement-breakpoint
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('live_runs', 'live_runs_not_waiting', '10000000 10000 3000 1 1');--> statement-breakpoint
ANALYZE sqlite_schema;
