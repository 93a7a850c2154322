// The engine against the model (test/model): random histories, counted, and the faults planted in its source, by vitest.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { importSource } from "./routes.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const HISTORIES = { short: 1_500, long: 75_000 };
const GROUP = 500;
const TESTS = ["src/engine/mutants.slow.test.ts", "src/engine/properties.test.ts"];

/** @returns `figures` {histories, steps, violations, planted, caught}; a step is one thing that happens in a history */
export async function engine({ short, seed = Date.now() % 1_000_000 }) {
  const histories = short ? HISTORIES.short : HISTORIES.long;
  const {
    difference,
    engine: real,
    history,
    sample,
  } = await importSource(`
    import * as engine from "./test/model/engine";
    import fc from "fast-check";
    export { engine };
    export const sample = fc.sample;
    export { difference } from "./test/model/compare";
    export { history } from "./test/model/arbitrary";
  `);
  const faults = [];
  const figures = { histories, steps: 0, violations: 0, planted: 0, caught: 0, seed };
  // In parts, so that other work of this process gets its turn.
  for (let from = 0; from < histories; from += GROUP) {
    for (const one of sample(history, {
      numRuns: Math.min(GROUP, histories - from),
      seed: seed + from,
      unbiased: true,
    })) {
      figures.steps += one.happenings.length;
      const found = difference(real, one);
      if (!found) continue;
      figures.violations++;
      faults.push(`differs from the model after happening ${found.after} of ${JSON.stringify(one).slice(0, 1_000)}`);
    }
    await new Promise(setImmediate);
  }
  for (const { name, status, planted } of await vitest(short ? { HISTORIES: "200" } : {})) {
    if (planted) {
      figures.planted++;
      if (status === "passed") figures.caught++;
    } else if (status !== "passed") figures.violations++;
    if (status !== "passed") faults.push(`${name}: ${status}`);
  }
  return { figures, faults, notes: [`seed ${seed}`] };
}

/** Runs the engine's own tests: [{name, status, planted}]. */
async function vitest(env) {
  const folder = mkdtempSync(join(tmpdir(), "schoolbell-vitest-"));
  const file = join(folder, "results.json");
  try {
    const args = [
      join(ROOT, "node_modules/vitest/vitest.mjs"),
      "run",
      "--project",
      "node",
      "--project",
      "slow",
      "--reporter=json",
      `--outputFile=${file}`,
      ...TESTS,
    ];
    const said = await new Promise((resolve) => {
      execFile(
        process.execPath,
        args,
        { cwd: ROOT, env: { ...process.env, ...env }, maxBuffer: 2 ** 26 },
        (_, out, errors) => resolve(out + errors),
      );
    });
    const results = JSON.parse(readFileSync(file, "utf8"));
    if (results.numTotalTests === 0) throw new Error(`No tests of the engine ran.\n${said.slice(-2_000)}`);
    return results.testResults.flatMap(({ assertionResults }) =>
      assertionResults.map(({ fullName, status }) => ({ name: fullName, status, planted: / caught$/.test(fullName) })),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
