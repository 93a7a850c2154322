// npm run bench:scale -- [--size s|m|l] [--only scan,lists] [--json] [--strict]
//
// Counts and bytes beside their goals: what an event, an edit, a scan, idle schools and lists cost in large schools. Rows,
// statements, calls and bytes are counted inside workerd, at the bindings; times are ratios within one run. State lies in
// memory where the machine has such a place. What misses its goal is shown as missed; with --strict the exit code is 1.
import { rmSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { newFolder } from "../scripts/started.mjs";
import { vitest } from "../test/promises/planted.mjs";
import { besideBare } from "./scale/beside.mjs";
import { largeBesideSmall } from "./scale/large.mjs";
import { startUp } from "./scale/startup.mjs";

/** A factor of ten apart: users of whom a scan looks for those due; lists have twice, schools are a fifth. */
const SIZES = {
  s: { users: 10_000, rounds: 3, ms: 1_000 },
  m: { users: 100_000, rounds: 5, ms: 1_500 },
  l: { users: 1_000_000, rounds: 5, ms: 3_000 },
};
/** Counted inside workerd, a file of bench/scale/ each. */
const COUNTED = ["automations", "scan", "jobs", "schools", "lists", "costs"];
const LONGEST_MS = 3_600_000;

const { values: options } = parseArgs({
  options: {
    size: { type: "string", default: "s" },
    only: { type: "string" },
    json: { type: "boolean", default: false },
    strict: { type: "boolean", default: false },
  },
});
const size = SIZES[options.size];
if (!size) throw new Error(`"${options.size}" is no size: s, m or l.`);
const only = options.only?.split(",");

const folder = newFolder();
// Where the local runtime keeps D1 and objects.
process.env.TMPDIR = folder;
// Else it asks the network where it is, and says so among the figures when that does not answer.
process.env.CLOUDFLARE_CF_FETCH_ENABLED = "false";

const counted = (name) => async () => {
  const results = await vitest({
    include: [`bench/scale/${name}.test.ts`],
    provide: { users: size.users },
    settings: { setupFiles: ["./bench/scale/setup.ts"], testTimeout: LONGEST_MS, hookTimeout: LONGEST_MS },
  });
  const failed = results.filter(({ state }) => state !== "passed");
  if (failed.length || !results.length)
    throw new Error(`${name}: ${failed.map((one) => `${one.name}: ${one.errors}`).join("\n") || "no test ran"}`);
  return results.flatMap(({ figures }) => figures);
};

const PARTS = {
  ...Object.fromEntries(COUNTED.map((name) => [name, counted(name)])),
  large: () => largeBesideSmall(size),
  beside: () => besideBare(size),
  startup: () => startUp(folder),
};

const isMissed = ({ value, goal }) => goal !== undefined && value > goal;
const number = (value) =>
  Number.isInteger(value) || value >= 1_000 ? Math.round(value).toLocaleString("en") : value.toFixed(2);

function print(rows) {
  for (const row of rows) {
    const verdict = row.goal === undefined ? "" : isMissed(row) ? "MISSED" : "met";
    const goal = row.goal === undefined ? "" : `≤ ${number(row.goal)}`;
    const value = `${number(row.value)} ${row.unit}`.trim();
    console.log(
      `  ${verdict.padEnd(8)}${value.padStart(14)}  ${goal.padEnd(9)} ${row.what}${row.note ? ` (${row.note})` : ""}`,
    );
  }
}

const shown = [];
try {
  const unknown = only?.filter((name) => !PARTS[name]) ?? [];
  if (unknown.length) throw new Error(`No such part: ${unknown}. There are ${Object.keys(PARTS)}.`);
  for (const [part, measure] of Object.entries(PARTS)) {
    if (only && !only.includes(part)) continue;
    const began = Date.now();
    const rows = (await measure()).map((row) => ({ part, ...row }));
    shown.push(...rows);
    if (options.json) continue;
    console.log(`\n${part} (${((Date.now() - began) / 1000).toFixed(0)} s)`);
    print(rows);
  }
  const missed = shown.filter(isMissed);
  if (options.json) {
    const rows = shown.map((row) => ({ ...row, met: row.goal === undefined ? null : !isMissed(row) }));
    console.log(JSON.stringify({ size: options.size, missed: missed.length, shown: rows }, null, 2));
  } else {
    const goals = shown.filter(({ goal }) => goal !== undefined).length;
    const load = `load average ${loadavg()[0].toFixed(1)} on ${cpus().length} cores`;
    console.log(`\nSize ${options.size}: ${goals - missed.length} of ${goals} goals met; ${load}`);
  }
  process.exitCode = options.strict && missed.length ? 1 : 0;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
// The runtimes that tests ran in leave handles behind.
process.exit();
