CREATE INDEX `deliveries_not_sent_by_id` ON `deliveries` (`school`,`id`) WHERE "deliveries"."status" = 'not_sent';--> statement-breakpoint
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('deliveries', 'deliveries_not_sent_by_id', '20000000 20000 1');
