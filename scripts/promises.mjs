// npm run test:promises -- [--short] [--only isolation,fuzz] [--seed N] [--write]
//
// Tries to break every promise (docs/reliability.md) from outside: kills, hostile and spoilt input, other schools'
// credentials, erasure, overload; the engine against its model; and both the engine and the object with their defences
// taken out one by one. Ends with one line of figures, each of them counted;
// the exit code says whether all is kept. --write puts the figures into docs/reliability.md.
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { clientOf } from "../test/promises/client.mjs";
import { engine } from "../test/promises/engine.mjs";
import { erasure } from "../test/promises/erasure.mjs";
import { fuzz } from "../test/promises/fuzz.mjs";
import { hostile } from "../test/promises/hostile.mjs";
import { ROWS } from "../test/promises/inside/rows.mjs";
import { inside } from "../test/promises/inside.mjs";
import { isolation } from "../test/promises/isolation.mjs";
import { largest } from "../test/promises/largest.mjs";
import { limit } from "../test/promises/limit.mjs";
import { neighbours } from "../test/promises/neighbours.mjs";
import { object } from "../test/promises/object.mjs";
import { overload } from "../test/promises/overload.mjs";
import { restarts } from "../test/promises/restarts.mjs";
import { startWorker } from "./started.mjs";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const DOCUMENT = fileURLToPath(new URL("../docs/reliability.md", import.meta.url));
/** In the long profile more than a hundred: at random, close together, and one at each named point. */
const KILLS = {
  short: ["--rounds", "3", "--users", "32", "--clients", "8"],
  long: ["--rounds", "100", "--seconds", "1", "--points"],
};

const { values: options } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    only: { type: "string" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    write: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const { short } = options;
const seed = Number(options.seed);

/** What is killed has a Worker of its own; its script prints a line, of which the figures are read. */
async function kill() {
  const said = await new Promise((resolve) => {
    const args = ["test/kill/run.mjs", "--seed", String(seed), ...KILLS[short ? "short" : "long"]];
    execFile(process.execPath, args, { cwd: ROOT, maxBuffer: 2 ** 26 }, (error, out, errors) =>
      resolve({ failed: error !== null, out, errors }),
    );
  });
  const read = (pattern) => {
    const found = pattern.exec(said.out)?.[1];
    if (found === undefined)
      throw new Error(`test/kill/run.mjs says nothing of ${pattern}:\n${said.out}${said.errors.slice(-2_000)}`);
    return Number(found);
  };
  const sum = (...names) => names.reduce((total, name) => total + read(new RegExp(`[,;] ${name} (\\d+)`)), 0);
  const figures = {
    kills: read(/^(\d+) kills/m),
    acknowledged: read(/(\d+) events acknowledged/),
    unknown: read(/(\d+) tries without an answer/),
    lost: sum("lost", "runs missing", "mails missing", "tags missing"),
    doubled: sum("doubled", "runs doubled", "mails doubled"),
    disordered: sum("out of order", "never sent"),
    wrong: sum("runs unfinished", "steps wrong", "counts wrong"),
    early: sum("waits early"),
    unfired: sum("waits unfired"),
    lateMs: read(/most (-?\d+) ms/),
  };
  return { figures, faults: said.failed ? [said.out.trim(), said.errors.slice(-3_000)] : [] };
}

/** Runs what needs nothing but a Worker, one after the other on the same one. */
async function onWorker(tests) {
  if (!tests.length) return;
  const worker = await startWorker();
  const client = clientOf(worker);
  try {
    for (const [name, test] of tests) await run(name, () => test({ worker, client, short, seed }));
  } finally {
    await client.close();
    await worker.stop();
  }
}

const results = new Map();

async function run(name, test) {
  const begun = Date.now();
  const result = await test().catch((error) => ({ figures: {}, faults: [error.stack ?? String(error)] }));
  tell(name, result, Date.now() - begun);
}

/** What is tried within the runtime shares a process. */
async function runInside() {
  const names = Object.keys(ROWS).filter((name) => !wanted || wanted.includes(name));
  if (!names.length) return;
  const all = await inside(names, { short, seed }).catch((error) => ({
    [names[0]]: { figures: {}, faults: [error.stack], ms: 0 },
  }));
  for (const [name, { ms, ...result }] of Object.entries(all)) tell(name, result, ms);
}

function tell(name, result, ms) {
  results.set(name, result);
  const told = Object.entries(result.figures)
    .map(([what, figure]) => `${what} ${figure}`)
    .join(", ");
  console.log(`${result.faults.length ? "✗" : "✓"} ${name}: ${told} (${(ms / 1_000).toFixed(1)} s)`);
  for (const fault of result.faults) console.log(`    ${fault}`);
}

const NAMES = [
  ...["isolation", "hostile", "largest", "fuzz", "object", "kill", "restarts", "engine", "erasure"],
  ...["overload", "limit", "neighbours"],
  ...Object.keys(ROWS),
];
const wanted = options.only?.split(",");
// A name that is misspelt would try nothing, and find no fault.
const unknown = wanted?.filter((name) => !NAMES.includes(name)) ?? [];
if (options.help || unknown.length) {
  const said = unknown.map((name) => `There is no ${JSON.stringify(name)}. `).join("");
  console.log(`${said}npm run test:promises -- [--short] [--only A,B] [--seed N] [--write], of: ${NAMES.join(", ")}`);
  process.exit(unknown.length ? 1 : 0);
}
const among = (tests) => Object.entries(tests).filter(([name]) => !wanted || wanted.includes(name));
const own = async (tests) => {
  for (const [name, test] of tests) await run(name, () => test({ short, seed }));
};

// Side by side; but what measures alone, and nothing else may be slow by it.
const outside = async () => {
  await onWorker(among({ isolation, hostile, largest, fuzz }));
  await own(among({ object }));
};
const ours = async () => {
  await own(among({ kill, restarts, engine, erasure }));
  await runInside();
};
await Promise.all([outside(), ours()]);
await onWorker(among({ overload }));
await own(among({ limit, neighbours }));

const of = (name, figure) => results.get(name)?.figures[figure] ?? 0;
const sumOf = (...pairs) => pairs.reduce((total, [name, figure]) => total + of(name, figure), 0);
const PLANTING = ["engine", "object", "restarts", "neighbours", ...Object.keys(ROWS)];
const sumIn = (names, figure) => sumOf(...names.map((name) => [name, figure]));
const line =
  `promises: kills ${of("kill", "kills")}, acknowledged ${sumOf(["kill", "acknowledged"], ["overload", "events"], ["limit", "events"])}, ` +
  `lost ${sumOf(["kill", "lost"], ["overload", "lost"], ["limit", "lost"])}, doubled ${of("kill", "doubled")}, early ${of("kill", "early")}, ` +
  `unfired ${of("kill", "unfired")}, steps ${of("engine", "steps")}, violations ${sumIn(["engine", "object", ...Object.keys(ROWS)], "violations")}, ` +
  `planted ${sumIn(PLANTING, "caught")} of ${sumIn(PLANTING, "planted")}, ` +
  `inputs ${sumOf(["hostile", "inputs"], ["fuzz", "inputs"], ["largest", "inputs"], ["isolation", "combinations"], ["spellings", "tried"])}, ` +
  `leaks ${sumOf(["isolation", "leaks"], ["hostile", "leaks"], ["hostile", "changed"], ["fuzz", "changed"], ["erasure", "hits"], ["erasure", "clear"], ["spellings", "open"])}, ` +
  `5xx ${sumIn(["hostile", "fuzz", "largest", "isolation"], "fives")}, ` +
  `seen before the answer ${of("synchronous", "seenPercent")} %, ` +
  `healthy p99 ${of("neighbours", "aloneP99")} ms alone, ${of("neighbours", "besideP99")} ms beside trouble`;

if (options.write) writeFigures();
const isKept = [...results.values()].every(({ faults }) => faults.length === 0);
process.exitCode = isKept ? 0 : 1;
console.log(line);

/** Puts the figures between the markers of the document. */
function writeFigures() {
  const rows = [...results].map(([name, { figures, faults }]) => {
    const told = Object.entries(figures)
      .map(([what, figure]) => `${what} ${figure}`)
      .join(", ");
    return `| ${name} | ${told} | ${faults.length ? `**${faults.length}**` : "0"} |`;
  });
  const when = `${new Date().toISOString().slice(0, 10)}, ${short ? "short" : "long"} profile, seed ${seed}, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)}`;
  const text = [
    "",
    `Written by \`npm run test:promises -- --write\`: ${when}.`,
    "",
    "| test | figures | faults |",
    "| --- | --- | --- |",
    ...rows,
    "",
    `\`${line}\``,
    "",
  ].join("\n");
  const document = readFileSync(DOCUMENT, "utf8");
  const marked = /(<!-- figures -->)[\s\S]*(<!-- \/figures -->)/;
  if (!marked.test(document)) throw new Error("docs/reliability.md has no place for figures.");
  writeFileSync(
    DOCUMENT,
    document.replace(marked, (_, before, after) => before + text + after),
  );
}
