CREATE INDEX `audit_by_who_and_what` ON `audit` (`school`,`who`,`what`,`id`);--> statement-breakpoint
CREATE INDEX `audit_by_subject_and_what` ON `audit` (`school`,`subject`,`what`,`id`);--> statement-breakpoint
CREATE INDEX `audit_by_who_and_subject` ON `audit` (`school`,`who`,`subject`,`id`);--> statement-breakpoint
CREATE INDEX `audit_by_who_and_subject_and_what` ON `audit` (`school`,`who`,`subject`,`what`,`id`);--> statement-breakpoint
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('audit', 'audit_by_who_and_what', '100000000 100000 10000 500 1'),
  ('audit', 'audit_by_subject_and_what', '100000000 100000 20 10 1'),
  ('audit', 'audit_by_who_and_subject', '100000000 100000 10000 15 1'),
  ('audit', 'audit_by_who_and_subject_and_what', '100000000 100000 10000 15 10 1');--> statement-breakpoint
ANALYZE sqlite_schema;
