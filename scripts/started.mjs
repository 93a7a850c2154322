// A Worker started for a while: by the scenarios and the bench.
import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A new folder in memory where the machine has such a place (writes wait for no disk), else a temporary one. */
export const newFolder = () => mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "schoolbell-"));

/** A port of 127.0.0.1 that nobody had a moment ago. */
export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/**
 * Starts a Worker without demo data in a new state folder, through scripts/start.mjs; `config` is its wrangler.toml,
 * ours when left out; with `watch` it is loaded anew when its source changes; `env`: more of its environment. Resolves when it answers to {url,
 * adminToken, state, pid, said, exited, end, stop}: `state` is the folder, `pid` start.mjs, `said()` what it last printed,
 * `exited` resolves to its code and signal once it has ended; `end()` ends it, `stop()` removes the folder too. It also
 * ends when this process does.
 */
export async function startWorker(config, { watch = false, env = {} } = {}) {
  const state = newFolder();
  const port = await freePort();
  const args = ["--no-seed", "--port", String(port), "--state", state];
  if (!watch) args.push("--no-watch");
  if (config) args.push("--config", config);
  const child = fork(fileURLToPath(new URL("start.mjs", import.meta.url)), args, {
    silent: true,
    env: { ...process.env, ...env },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      said = (said + text).slice(-20_000);
    });
  }
  const exited = once(child, "exit");
  const end = async () => {
    if (child.connected) child.disconnect();
    await exited;
  };
  const stop = async () => {
    await end();
    rmSync(state, { recursive: true, force: true });
  };
  const ready = await Promise.race([once(child, "message"), exited.then(() => null)]);
  if (!ready) {
    await stop();
    throw new Error(`The Worker did not start.\n${said}`);
  }
  return {
    url: `http://127.0.0.1:${port}`,
    adminToken: "dev-admin-token",
    state,
    pid: child.pid,
    said: () => said,
    exited,
    end,
    stop,
  };
}
