import { defineConfig } from "drizzle-kit";

/** Shards of the log: see src/db/log.ts. */
export default defineConfig({ dialect: "sqlite", schema: "./src/db/schema/shard.ts", out: "./migrations/log" });
