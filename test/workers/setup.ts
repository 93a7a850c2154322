import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, afterEach, vi } from "vitest";
import { Store } from "../../durable-objects/store";
import { forgetEverything } from "../../src/base/cache";
import { handInJobKinds } from "../../src/jobs/kinds";
import { JOB_KINDS } from "../../src/queue/kinds";
import { freezeItems } from "../frozen";
import { noteSaid, requireSaid } from "../said";
import { newlyBad, rememberStatements } from "./explained";

handInJobKinds(JOB_KINDS);
const { save, noteChanged } = Store.prototype;
Store.prototype.save = function (packed, options) {
  if (packed.state) freezeItems(packed.state.learner);
  requireSaid(packed, options?.saysRuns === true);
  save.call(this, packed, options);
};
Store.prototype.noteChanged = function (runs) {
  noteSaid(runs);
  noteChanged.call(this, runs);
};
await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
rememberStatements();

// What any test had a Worker ask of D1 finds its rows by an index: see explained.ts.
afterAll(async () => {
  const bad = await newlyBad();
  if (bad.length) throw new Error(`It reads all that a school has:\n${bad.join("\n")}`);
});

// All files share one runtime: what a test pretends, or the Worker learned by it, must not reach the next.
afterEach(async () => {
  forgetEverything();
  vi.useRealTimers();
  vi.restoreAllMocks();
  // Cron looks after every school: it has nothing to do any more for those of tests that have ended.
  await env.DB.prepare("update users set next_wake = null where next_wake is not null").run();
});
