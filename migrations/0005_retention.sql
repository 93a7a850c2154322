CREATE INDEX `jobs_by_age` ON `jobs` (`school`,`created_at`);--> statement-breakpoint
CREATE INDEX `audit_by_age` ON `audit` (`school`,`at`);