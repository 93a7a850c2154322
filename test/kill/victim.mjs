// A Worker that is killed and comes back by itself: what `npm start` promises, with state that stays.
import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { startWorker } from "../../scripts/started.mjs";

/**
 * Starts a Worker to be killed. `config`: its wrangler.toml, ours when left out; `options` as `startWorker` takes them.
 * Resolves to what `startWorker` gives and `kill(what)`, which ends the "runtime" (workerd) or the whole "process"
 * (serve.mjs, and with it the runtime) by SIGKILL at once, `killNext()`, which ends the next runtime as soon as there is
 * one, and `back(withinMs)`, which resolves when the Worker answers again.
 */
export async function startVictim(config, options) {
  const worker = await startWorker(config, options);
  let killed = 0;
  const kill = (what = "runtime") => {
    killed = what === "runtime" ? runtimeOf(worker.pid) : serverOf(worker.pid);
    process.kill(killed, "SIGKILL");
  };
  const killNext = async () => {
    for (const end = Date.now() + 30_000; Date.now() < end; await sleep(5)) {
      const pid = runtimeIn(worker.pid);
      if (pid === undefined || pid === killed) continue;
      killed = pid;
      process.kill(pid, "SIGKILL");
      return;
    }
    throw new Error(`There came no other runtime.\n${worker.said()}`);
  };
  const back = async (withinMs = 20_000) => {
    for (const end = Date.now() + withinMs; Date.now() < end; await sleep(20)) {
      // For a moment the dying one may still answer.
      if (family().some(({ pid }) => pid === killed)) continue;
      try {
        const { ok } = await fetch(`${worker.url}/health`, { signal: AbortSignal.timeout(1_000) });
        if (ok) return;
      } catch {
        // Not yet.
      }
    }
    throw new Error(`The Worker did not come back.\n${worker.said()}`);
  };
  return { ...worker, kill, killNext, back };
}

/** Pairs of a process and its child, with the child's name. */
function family() {
  const lines = execFileSync("ps", ["-axo", "pid=,ppid=,comm="], { encoding: "utf8" }).trim().split("\n");
  return lines.map((line) => {
    const [pid, parent, ...name] = line.trim().split(/\s+/);
    return { pid: Number(pid), parent: Number(parent), name: name.join(" ") };
  });
}

function serverOf(pid) {
  const child = family().find((one) => one.parent === pid);
  if (!child) throw new Error("The Worker's process is not there.");
  return child.pid;
}

function runtimeIn(pid) {
  const all = family();
  const server = all.find((one) => one.parent === pid)?.pid;
  return all.find((one) => one.parent === server && one.name.includes("workerd"))?.pid;
}

function runtimeOf(pid) {
  const runtime = runtimeIn(pid);
  if (runtime === undefined) throw new Error("The runtime is not there.");
  return runtime;
}
