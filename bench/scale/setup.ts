import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, vi } from "vitest";
import { forgetEverything } from "../../src/base/cache";
import { handInJobKinds } from "../../src/jobs/kinds";
import { JOB_KINDS } from "../../src/queue/kinds";

/* Before each file: the schema. The tests' own setup also explains every statement, which here would be measured too. */

handInJobKinds(JOB_KINDS);
await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);

afterEach(() => {
  forgetEverything();
  vi.useRealTimers();
  vi.restoreAllMocks();
});
