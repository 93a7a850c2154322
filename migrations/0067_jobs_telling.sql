CREATE INDEX `jobs_telling` ON `jobs` (`school`,`id`) WHERE "jobs"."errors" <> '[]' or "jobs"."found" is not null;--> statement-breakpoint
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('jobs', 'jobs_telling', '100000 100 1');--> statement-breakpoint
ANALYZE sqlite_schema;
