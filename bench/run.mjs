// npm run bench -- [--rounds 5] [--seconds 3] [--clients 1,16,64] [--against DIR]
//
// Events per second and latency of a synchronous one-tag automation, beside two floors measured in the same minutes:
// "bare" is a Worker that makes one call to an object which writes one row, "node" is node:http with SQLite. All three
// keep their state in memory (tmpfs) and are reached without a proxy; rounds take turns, so that noise hits all alike.
// "other" is another checkout, installed, in the folder --against: the only fair answer to whether something got slower.
import { fork } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { newFolder, startWorker } from "../scripts/started.mjs";
import { BARE, here, load, median, prepare, USERS } from "./targets.mjs";

/** Lets what one target still does in the background end before the next is measured. */
const PAUSE_MS = 1500;

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "3" },
    clients: { type: "string", default: "1,16,64" },
    against: { type: "string" },
  },
});
const rounds = Number(options.rounds);
const ms = Number(options.seconds) * 1000;
const clientCounts = options.clients.split(",").map(Number);

async function startNode() {
  const folder = newFolder();
  const child = fork(here("node.mjs"), [folder]);
  const [port] = await once(child, "message");
  const stop = async () => {
    child.disconnect();
    await once(child, "exit");
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: `http://127.0.0.1:${port}`, stop };
}

const started = [];
try {
  const ours = await startWorker();
  started.push(ours);
  const bare = await startWorker(BARE);
  started.push(bare);
  const node = await startNode();
  started.push(node);
  const targets = [
    { name: "schoolbell", url: ours.url, token: await prepare(ours) },
    { name: "bare", url: bare.url },
    { name: "node", url: node.url },
  ];
  if (options.against) {
    const { startWorker: startOther } = await import(
      pathToFileURL(resolve(options.against, "scripts/started.mjs")).href
    );
    const other = await startOther();
    started.push(other);
    targets.push({ name: "other", url: other.url, token: await prepare(other) });
  }
  // Makes every user, and lets the engines compile what is hot.
  for (const target of targets) await load(target, { clients: 16, ms: Math.max(ms, 3000) });

  const results = [];
  for (let round = 0; round < rounds; round++) {
    for (const clients of clientCounts) {
      for (const [index] of targets.entries()) {
        const target = targets[(index + round) % targets.length];
        await sleep(PAUSE_MS);
        results.push({ target: target.name, clients, ...(await load(target, { clients, ms })) });
      }
    }
    console.error(`round ${round + 1} of ${rounds}, load average ${loadavg()[0].toFixed(2)} on ${cpus().length} cores`);
  }

  const of = (target, clients, what) =>
    results.filter((result) => result.target === target && result.clients === clients).map((result) => result[what]);
  console.log(`\n${rounds} rounds of ${ms / 1000} s, medians, ${USERS} users, state in memory\n`);
  console.log("clients  target       events/s    p50 ms    p99 ms   of bare (least to most of a round)");
  for (const clients of clientCounts) {
    for (const { name } of targets) {
      const ratios = of(name, clients, "rate").map((rate, round) => rate / of("bare", clients, "rate")[round]);
      const spread = `${median(ratios).toFixed(2)}  (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`;
      const [rate, p50, p99] = ["rate", "p50", "p99"].map((what) => median(of(name, clients, what)));
      console.log(
        `${String(clients).padStart(7)}  ${name.padEnd(11)}${rate.toFixed(0).padStart(10)}${p50.toFixed(2).padStart(10)}${p99.toFixed(2).padStart(10)}   ${name === "bare" ? "" : spread}`,
      );
    }
  }
  if (results.some(({ failed }) => failed)) process.exitCode = 1;
} finally {
  await Promise.all(started.map(({ stop }) => stop()));
}
