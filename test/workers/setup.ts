import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, afterEach, vi } from "vitest";
import { behind } from "../../durable-objects/doors";
import { Store } from "../../durable-objects/store/store";
import { forgetEverything } from "../../src/base/cache";
import { shardsOf } from "../../src/db/log";
import { handInJobKinds } from "../../src/jobs/kinds";
import { JOB_KINDS } from "../../src/queue/kinds";
import { freezeItems } from "../frozen";
import { noteSaid, requireSaid } from "../said";
import { newlyBad, rememberStatements } from "./explained";

const LOG_TABLES = ["runs", "live_runs", "run_counts", "day_counts", "deliveries"];

handInJobKinds(JOB_KINDS);
// Vite fetches a module by messages, for which an object that is being opened cannot wait; the platform has it at hand.
await Promise.all([behind.user(), behind.school()]);
const { save, noteChanged } = Store.prototype;
Store.prototype.save = function (packed) {
  if (packed.state) freezeItems(packed.state.learner);
  requireSaid(packed);
  save.call(this, packed);
};
Store.prototype.noteChanged = function (runs) {
  noteSaid(runs);
  noteChanged.call(this, runs);
};
await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
const shards = [...shardsOf({ ...env }).values()];
for (const shard of shards) await applyD1Migrations(shard, env.TEST_LOG_MIGRATIONS);
rememberStatements();

// What any test had a Worker ask of D1 finds its rows by an index: see explained.ts.
afterAll(async () => {
  const bad = await newlyBad();
  if (bad.length) throw new Error(`It reads all that a school has:\n${bad.join("\n")}`);
});

// Where logs lie in shards, none of them is written into the main database.
afterAll(async () => {
  if (!shards.length) return;
  const counted = await env.DB.batch<{ n: number }>(
    LOG_TABLES.map((table) => env.DB.prepare(`select count(*) as n from ${table}`)),
  );
  const written = LOG_TABLES.filter((_, n) => counted[n]?.results[0]?.n);
  // Each file by itself.
  if (written.length) await env.DB.batch(written.map((table) => env.DB.prepare(`delete from ${table}`)));
  if (written.length) throw new Error(`It has written into the main database's ${written.join(", ")}.`);
});

// All files share one runtime: what a test pretends, or the Worker learned by it, must not reach the next.
afterEach(async () => {
  forgetEverything();
  vi.useRealTimers();
  vi.restoreAllMocks();
  // Cron looks after every school: it has nothing to do any more for those of tests that have ended.
  await env.DB.prepare("update users set next_wake = null where next_wake is not null").run();
});
