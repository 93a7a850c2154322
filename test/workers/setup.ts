import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, vi } from "vitest";
import { handInJobKinds } from "../../src/jobs/kinds";
import { JOB_KINDS } from "../../src/queue/kinds";

handInJobKinds(JOB_KINDS);
await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);

// All files share one runtime: what a test pretends must not reach the next.
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});
