// npm run bench -- [--rounds 5] [--seconds 3] [--clients 1,16,64] [--against DIR]
//
// Events per second, processor time of one and latency of a synchronous one-tag automation, for users known and new and in
// batches of a hundred, beside two floors measured in the same minutes:
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
/** Events of a request, where they go in batches: they are ours alone. */
const BATCH = 100;

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
  return { url: `http://127.0.0.1:${port}`, pid: child.pid, stop };
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
    { name: "schoolbell", url: ours.url, pid: ours.pid, token: await prepare(ours) },
    { name: "bare", url: bare.url, pid: bare.pid },
    { name: "node", url: node.url, pid: node.pid },
  ];
  if (options.against) {
    const { startWorker: startOther } = await import(
      pathToFileURL(resolve(options.against, "scripts/started.mjs")).href
    );
    const other = await startOther();
    started.push(other);
    targets.push({ name: "other", url: other.url, pid: other.pid, token: await prepare(other) });
  }
  // Makes every user, and lets the engines compile what is hot.
  for (const target of targets) await load(target, { clients: 16, ms: Math.max(ms, 3000) });

  /** What is sent, and to whom: what stands beside us has no batches. */
  const kinds = [
    { kind: "known", to: targets },
    { kind: "new", to: targets, isNew: true },
    { kind: `by ${BATCH}`, to: targets.filter(({ token }) => token), batch: BATCH },
  ];
  const results = [];
  for (let round = 0; round < rounds; round++) {
    for (const clients of clientCounts)
      for (const { kind, to, isNew, batch } of kinds)
        for (const [index] of to.entries()) {
          const target = to[(index + round) % to.length];
          await sleep(PAUSE_MS);
          const fresh = isNew ? `new-${round}-${clients}-` : undefined;
          results.push({ target: target.name, clients, kind, ...(await load(target, { clients, ms, fresh, batch })) });
        }
    console.error(`round ${round + 1} of ${rounds}, load average ${loadavg()[0].toFixed(2)} on ${cpus().length} cores`);
  }

  const of = (target, clients, kind, what) =>
    results
      .filter((one) => one.target === target && one.clients === clients && one.kind === kind)
      .map((one) => one[what]);
  console.log(`\n${rounds} rounds of ${ms / 1000} s, medians, ${USERS} known users, state in memory\n`);
  console.log(
    "clients  users   target       events/s  CPU µs    p50 ms    p99 ms   of bare (least to most of a round)",
  );
  for (const clients of clientCounts) {
    for (const { kind, to } of kinds) {
      for (const { name } of to) {
        const beside = of("bare", clients, kind, "rate");
        const ratios = of(name, clients, kind, "rate").map((rate, round) => rate / beside[round]);
        const spread = `${median(ratios).toFixed(2)}  (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`;
        const [rate, cpu, p50, p99] = ["rate", "cpu", "p50", "p99"].map((what) =>
          median(of(name, clients, kind, what)),
        );
        const said = name === "bare" || !beside.length ? "" : spread;
        console.log(
          `${String(clients).padStart(7)}  ${kind.padEnd(8)}${name.padEnd(11)}${rate.toFixed(0).padStart(10)}${cpu.toFixed(0).padStart(8)}${p50.toFixed(2).padStart(10)}${p99.toFixed(2).padStart(10)}   ${said}`,
        );
      }
    }
  }
  if (results.some(({ failed }) => failed)) process.exitCode = 1;
} finally {
  await Promise.all(started.map(({ stop }) => stop()));
}
