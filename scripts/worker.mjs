// Bundles a Worker and runs it by the Miniflare API, the way `npm start`, the scenarios and the bench do.
// Requests reach it through a direct socket: without the development proxy in between it is several times faster.
import { execFile } from "node:child_process";
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { unstable_splitSqlQuery as splitSql, unstable_getMiniflareWorkerOptions as workerOptionsOf } from "wrangler";

const wrangler = join(dirname(createRequire(import.meta.url).resolve("wrangler/package.json")), "bin/wrangler.js");

/** What the runtime says of itself, not of the Worker: a person need not see it. */
const CHATTER =
  /NOSENTRY|\$LLVM_SYMBOLIZER|^disconnected: |CODE_MOVED for unknown code block|outputGateBroken; jsg.Error: Instance/;

/** A runtime that does not listen after so long hangs: even on a busy machine it takes seconds. */
const START_MS = 60_000;
/** A runtime that crashed is followed by another in more than that: what is newer is the other's. */
const COMES_UP_MS = 300;
/** How often it is looked whether there still is a runtime. */
const LOOK_MS = 500;

/** Makes the very bundle that `wrangler deploy` would upload, with its source maps. Throws with wrangler's words when it cannot. */
export async function bundle(config, outdir) {
  rmSync(outdir, { recursive: true, force: true });
  const args = [wrangler, "deploy", "--dry-run", "--config", basename(config), "--outdir", resolve(outdir)];
  const quiet = {
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_LOG: "warn",
    WRANGLER_LOG_PATH: join(outdir, "wrangler.log"),
  };
  const env = { ...process.env, ...quiet, CI: "1" };
  await promisify(execFile)(process.execPath, args, { cwd: dirname(resolve(config)), env }).catch((error) => {
    throw new Error(`The Worker cannot be bundled.\n${error.stdout ?? ""}${error.stderr ?? error}`);
  });
  // What is bundled already is copied by wrangler without them: for debuggers.
  const { main } = workerOptionsOf(config, undefined, { envFiles: [] });
  for (const name of readdirSync(outdir).filter(isModule)) {
    const map = `${join(dirname(main), name)}.map`;
    if (existsSync(map)) copyFileSync(map, join(outdir, `${name}.map`));
  }
}

const isModule = (file) => /\.m?js$/.test(file);

/** Applies the D1 migrations missing in the local `state`, each whole or not at all, booked as wrangler books them. */
export async function migrate(config, state) {
  const { workerOptions } = workerOptionsOf(config, undefined, { envFiles: [] });
  const databases = Object.keys(workerOptions.d1Databases ?? {}).filter((name) => name === "DB" || isShard(name));
  if (!databases.length) return;
  const { d1Databases, compatibilityDate } = workerOptions;
  const script = "export default { fetch: () => new Response() }";
  const miniflare = start({ state, worker: { name: "worker", modules: true, script, d1Databases, compatibilityDate } });
  // Outside of what ends in order: that would wait for a runtime that hangs.
  await listening(miniflare);
  try {
    const folder = join(dirname(resolve(config)), "migrations");
    for (const name of databases)
      await migrateOne(await miniflare.getD1Database(name), isShard(name) ? join(folder, "log") : folder);
  } finally {
    await miniflare.dispose();
  }
}

/** A shard of the log: src/db/log.ts. */
const isShard = (binding) => /^LOG_(?:(?:EU|US)_)?\d+$/.test(binding);

async function migrateOne(database, folder) {
  await database.exec(
    "CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)",
  );
  const { results } = await database.prepare("SELECT name FROM d1_migrations").all();
  const applied = new Set(results.map(({ name }) => name));
  const missing = readdirSync(folder).filter((name) => name.endsWith(".sql") && !applied.has(name));
  for (const name of missing.toSorted()) {
    const statements = splitSql(readFileSync(join(folder, name), "utf8"));
    await database.batch([
      ...statements.map((statement) => database.prepare(statement)),
      database.prepare("INSERT INTO d1_migrations (name) VALUES (?)").bind(name),
    ]);
  }
}

/**
 * Runs a bundled Worker on http://127.0.0.1:`port` with its state in the folder `state`, and calls its cron handler at
 * once and every minute (the local runtime never does). A crashed runtime comes back by itself, on the same port; `lost`
 * is called, once, with the reason why one does not: nothing answers from then on. With `inspectorPort` debuggers find the
 * Worker there. Resolves, once it listens, to a function that ends it; rejects when it does not within `startMs`.
 */
export async function serve({ config, bundled, state, port, variables, inspectorPort, startMs = START_MS }, lost) {
  const { workerOptions, main } = workerOptionsOf(config, undefined, { envFiles: [] });
  const entry = basename(main).replace(/\.[cm]?tsx?$/, ".js");
  const others = readdirSync(bundled).filter((file) => isModule(file) && file !== entry);
  // By its path a debugger finds the source map beside each.
  const modules = [entry, ...others].map((name) => ({
    type: "ESModule",
    path: join(bundled, name),
    contents: readFileSync(join(bundled, name), "utf8"),
  }));
  let ticking = false;
  let stopped = false;
  const tick = async () => {
    if (ticking || stopped || !workerOptions.cronTriggers?.length) return;
    ticking = true;
    try {
      const worker = await miniflare.getWorker();
      await worker.scheduled({ cron: workerOptions.cronTriggers[0], scheduledTime: new Date() });
    } catch (error) {
      if (!stopped) console.error(`The cron handler failed: ${error}`);
    } finally {
      ticking = false;
    }
  };
  // A crash empties the local queues: the tick lets the Worker send again what was not settled.
  const takeUp = async (before) => {
    await freeJobs(miniflare, workerOptions, before).catch((error) => stopped || console.error(error));
    await tick();
  };
  const began = Date.now();
  const bindings = { ...workerOptions.bindings, ...variables };
  const miniflare = start({
    state,
    worker: {
      name: "worker",
      ...workerOptions,
      modules,
      modulesRoot: bundled,
      bindings,
      unsafeDirectSockets: [{ host: "127.0.0.1", port }],
      // Of all the workers that Miniflare runs, ours alone is shown to debuggers.
      unsafeInspectorProxy: inspectorPort !== undefined,
    },
    onRestart: () => takeUp(Date.now() - COMES_UP_MS),
    inspectorPort,
  });
  await listening(miniflare, startMs);
  void watch(miniflare, startMs).catch((error) => stopped || lost?.(error));
  void takeUp(began);
  const timer = setInterval(tick, 60_000);
  return async () => {
    stopped = true;
    clearInterval(timer);
    await miniflare.dispose();
  };
}

/**
 * What a runtime had in hand that is gone is nobody's: a page of a job claimed before this one came up is free, so that
 * the tick finds it standing still, and nobody waits until its lease is over. Where many runtimes are on one database,
 * as deployed, nobody hears of the end of one: there the lease alone tells.
 */
async function freeJobs(miniflare, { d1Databases = {} }, before) {
  if (!("DB" in d1Databases)) return;
  const database = await miniflare.getD1Database("DB");
  const { results } = await database
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name IN ('jobs', 'job_ranges')")
    .all();
  for (const { name } of results)
    await database
      .prepare(
        `UPDATE ${name} SET touched_at = 0 WHERE status = 'running' AND touched_at < ?1${name === "jobs" ? " OR status = 'queued' AND touched_at < ?1" : ""}`,
      )
      .bind(before)
      .run();
}

/** Resolves when the runtime listens. Throws when it does not within `startMs`, and leaves it for the process to end. */
async function listening(miniflare, startMs = START_MS) {
  const over = new AbortController();
  const late = sleep(startMs, null, { ref: false, signal: over.signal }).catch(() => null);
  const ready = await Promise.race([miniflare.ready, late]).finally(() => over.abort());
  if (ready === null)
    throw new Error(
      `The Worker's runtime does not start: it still does not listen after ${startMs / 1000} s. ` +
        "What it says stands above, if anything; end what else takes the machine's time or memory, and try again.",
    );
}

/** Never resolves. Throws when a runtime that has died does not come back: killed as it does, it is not tried again. */
async function watch(miniflare, startMs) {
  for (;;) {
    await sleep(LOOK_MS, null, { ref: false });
    await listening(miniflare, startMs);
  }
}

function start({ state, worker, onRestart, inspectorPort }) {
  return new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: 0,
      inspectorPort,
      cf: false,
      logRequests: false,
      log: new Log(LogLevel.ERROR),
      handleStructuredLogs: ({ level, message }) => {
        if (!CHATTER.test(message)) (level === "error" || level === "warn" ? console.error : console.log)(message);
      },
      unsafeHandleRuntimeRestart: onRestart,
      resourcePersistencePath: resolve(state),
      workers: [worker],
    }),
  );
}
