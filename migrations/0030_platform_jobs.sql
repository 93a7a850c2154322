CREATE TABLE `kept_keys` (
	`purpose` text NOT NULL,
	`kid` text NOT NULL,
	`sealed` text NOT NULL,
	PRIMARY KEY(`purpose`, `kid`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `platform_jobs` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`params` text NOT NULL,
	`cursor` text,
	`total` integer NOT NULL,
	`done` integer DEFAULT 0 NOT NULL,
	`counts` text NOT NULL,
	`began_at` integer NOT NULL,
	`touched_at` integer NOT NULL,
	`ended_at` integer,
	`take_up_at` integer
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `platform_jobs_due` ON `platform_jobs` (`take_up_at`) WHERE "platform_jobs"."take_up_at" is not null;