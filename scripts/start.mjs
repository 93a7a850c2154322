// npm start -- [--port N] [--state DIR] [--no-seed] [--no-watch] [--inspect] [--config FILE]
//
// Bundles the Worker and migrates its database, then keeps it running in a process group of its own (serve.mjs and
// the runtime, workerd). Whichever process dies, even by SIGKILL, another clears up: serve.mjs ends the runtime and
// itself when this process is gone, and this process ends the group and starts it anew when serve.mjs is gone.
// When what the Worker is made of changes it is loaded anew, upon the same state.
import { fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { seed } from "./seed.mjs";
import { watchSources } from "./watch.mjs";
import { bundle, migrate } from "./worker.mjs";

const ADMIN_TOKEN = "dev-admin-token";
/** So many deaths in a row, none of them after a minute of life, and it is no accident any more. */
const DEATHS_MAX = 10;
/** It is started again after so long, then twice as long each time. */
const PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;
/** Where debuggers look by themselves. */
const INSPECTOR_PORT = 9229;

const OPTIONS = {
  port: { type: "string", default: "8787" },
  state: { type: "string", default: ".state" },
  config: { type: "string", default: fileURLToPath(new URL("../wrangler.toml", import.meta.url)) },
  "no-seed": { type: "boolean", default: false },
  "no-watch": { type: "boolean", default: false },
  inspect: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
};
const USAGE = `npm start -- [--port N] [--state DIR] [--no-seed] [--no-watch] [--inspect] [--config FILE]

  --port N      where it listens on this machine (8787)
  --state DIR   where it keeps all it knows (.state)
  --no-seed     no demo schools
  --no-watch    it is not loaded anew when source changes
  --inspect     debuggers find the Worker at port 9229
  --config FILE another wrangler.toml`;
const options = given();
const port = Number(options.port);
const state = resolve(options.state);
const temporary = join(state, "tmp");
const bundled = join(state, "bundle");
const url = `http://localhost:${port}`;

let child;
let ending = false;
/** What has changed: its files, and the folder it is bundled in until the Worker that runs has ended. */
let changed = null;
/** Counts the bundles: the next is made while one still waits to be taken over. */
let bundles = 0;
/** Whether a migration has changed that is not applied yet. */
let unmigrated = false;
/** Ends the wait for a change, where nothing can run without one. */
let wake = () => {};

process.on("SIGINT", end);
process.on("SIGTERM", end);
process.on("disconnect", end);
endWithNpm();

try {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error(`"${options.port}" is not a port.`);
  claim();
  await checkPort();
  await Promise.all([bundle(options.config, bundled), migrate(options.config, state)]);
  keepServing(async () => {
    const seeded = options["no-seed"] ? null : await demo();
    greet(seeded?.rows ?? []);
    process.send?.("ready");
    if (seeded) await fill(seeded);
    if (!options["no-watch"]) watchSources(dirname(resolve(options.config)), reload);
  }).catch(fail);
} catch (error) {
  fail(error);
}

/** What was asked for; what cannot be meant ends it, in a line. */
function given() {
  try {
    const { values } = parseArgs({ options: OPTIONS });
    if (!values.help) return values;
    console.log(USAGE);
    process.exit(0);
  } catch (error) {
    console.error(`${error.message}\n\n${USAGE}`);
    process.exit(1);
  }
}

/** The demo schools; that they cannot be made is no reason not to run. */
async function demo() {
  try {
    return await seed({ url: `http://127.0.0.1:${port}`, shownUrl: url, token: ADMIN_TOKEN, state });
  } catch (error) {
    console.error(error.message);
    return null;
  }
}

/** Lets the demo school live through its history, while it can be used already. */
async function fill(seeded) {
  try {
    if (await seeded.fill()) console.log("  The demo school has its history now, up to today.\n");
  } catch (error) {
    console.error(error.message);
  }
}

function fail(error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
  end();
}

/** Ends the Worker and, when that has ended, this process; called again, this process at once. */
function end() {
  if (ending || child?.exitCode !== null || child.signalCode !== null) process.exit();
  ending = true;
  if (child.connected) child.disconnect();
}

/** npm killed by SIGKILL passes nothing on: then this process gets another parent, and ends. */
function endWithNpm() {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || end(), 1000).unref();
}

/** Makes the state folder ours for as long as this process lives: two runtimes on one state would ruin it. */
function claim() {
  mkdirSync(state, { recursive: true });
  claim.lock = new DatabaseSync(join(state, "lock.sqlite"));
  try {
    claim.lock.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch {
    throw new Error(`Schoolbell already runs on ${state}. Stop it first, or give another --state.`);
  }
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary);
}

async function checkPort() {
  const server = createServer().listen(port, "127.0.0.1");
  await once(server, "listening").catch(({ code }) => {
    throw new Error(`Port ${port} cannot be had (${code}). Give another: npm start -- --port N`);
  });
  server.close();
  await once(server, "close");
}

/**
 * Runs serve.mjs, again whenever it dies or something has changed; `listening` is called the first time it listens.
 * Rejects when it cannot.
 */
async function keepServing(listening) {
  let isUp = false;
  /** Whether what is bundled now has ever listened. */
  let proven = false;
  for (let deaths = 0; ; ) {
    let files = null;
    while (changed) files = (await takeOver()) ?? files;
    if (files) proven = false;
    const born = Date.now();
    child = fork(fileURLToPath(new URL("serve.mjs", import.meta.url)), {
      detached: true,
      env: { ...process.env, TMPDIR: temporary },
    });
    const variables = {
      ADMIN_TOKEN,
      SECRET_KEY: kept("secret-key"),
      EVIDENCE_KEY: kept("evidence-key"),
      LOCAL: process.env.LOCAL ?? "true",
      PUBLIC_URL: url,
    };
    const inspectorPort = options.inspect ? INSPECTOR_PORT : undefined;
    child.send({ config: options.config, bundled, state, port, variables, inspectorPort });
    child.once("message", () => {
      if (files) console.log(`Loaded anew: ${files.join(", ")}`);
      if (!isUp) listening().catch(fail);
      isUp = proven = true;
    });
    const [code, signal] = await once(child, "exit");
    killGroup(child.pid);
    if (ending) process.exit();
    if (changed) continue;
    if (isUp && !proven) {
      console.error("The Worker does not start as it was changed; the next change is waited for.");
      await new Promise((resolve) => {
        wake = resolve;
      });
      continue;
    }
    deaths = Date.now() - born < 60_000 ? deaths + 1 : 1;
    const ended = `The Worker's process ended (${signal ?? code})`;
    if (!isUp) throw new Error(`${ended}.`);
    if (deaths === DEATHS_MAX) throw new Error(`${ended}, ${deaths} times in a row: it is not started again.`);
    console.error(`${ended}; starting it again.`);
    await sleep(Math.min(PAUSE_MS * 2 ** (deaths - 1), LONGEST_PAUSE_MS));
  }
}

/** Bundles what has changed and lets it take over; what runs goes on when that cannot be bundled. */
async function reload(files) {
  unmigrated ||= files.some((file) => file.startsWith("migrations/"));
  const folder = join(temporary, `bundle-${++bundles}`);
  try {
    await bundle(options.config, folder);
  } catch (error) {
    console.error(error.message);
    return;
  }
  if (changed) rmSync(changed.folder, { recursive: true, force: true });
  changed = { files: [...new Set([...(changed?.files ?? []), ...files])], folder };
  if (child.connected) child.disconnect();
  wake();
}

/** Puts what has changed into the place of what ran; resolves to the files, or to null when it cannot be. */
async function takeOver() {
  const { files, folder } = changed;
  changed = null;
  try {
    if (unmigrated) await migrate(options.config, state);
  } catch (error) {
    console.error(`The database cannot be migrated: ${error.message}\nThe Worker goes on as it was.`);
    return null;
  }
  unmigrated = false;
  rmSync(bundled, { recursive: true, force: true });
  renameSync(folder, bundled);
  return files;
}

/** Ends what a dead serve.mjs left behind: a runtime that would keep the port. */
function killGroup(id) {
  try {
    process.kill(-id, "SIGKILL");
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

/** 32 bytes, base64, made once for this state: what is sealed or signed by them stays so over restarts. */
function kept(name) {
  const file = join(state, name);
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString("base64"), { mode: 0o600 });
  return readFileSync(file, "utf8");
}

/** Says where everything is, and how to sign in; `more` are further rows of what and where. */
function greet(more) {
  const rows = [
    ["Schoolbell", url],
    ["Reference, guides", `${url}/docs`],
    ["Platform", `${url}/admin/operator`],
    ["  its token", ADMIN_TOKEN],
    ...more,
  ];
  console.log(`\n${rows.map(([what, where]) => `  ${what.padEnd(20)}${where}`).join("\n")}\n\n  Ctrl+C ends it.\n`);
}
