// node test/promises/object/run.mjs [--short] [--seed N] [--only 1,2] — prints {figures, faults} as JSON, last.
//
// The object, the queue's consumer and the log, with one defence after another taken out: the test that is there for it
// must fail. And the simulation (durable-objects/simulation.test.ts) with seeds of its own. The sources on the disk stay as
// they are: a fault is planted as its file is loaded.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createVitest } from "vitest/node";
import { FAULTS, SHORT } from "./faults.mjs";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const SIMULATION = "durable-objects/simulation.test.ts";
const SEEDS = { short: 6, long: 400 };

const { values: options } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    only: { type: "string" },
  },
});
const only = options.only?.split(",").map(Number);

/** Figures {planted, caught, seeds, violations}: faults, and histories of the simulation. */
async function judge(short, seed) {
  const faults = [];
  const planted = (short ? FAULTS.slice(0, SHORT) : FAULTS).filter((_, n) => !only || only.includes(n + 1));
  const figures = { planted: planted.length, caught: 0, seeds: 0, violations: 0 };
  for (const fault of planted) {
    const results = await vitest({ include: fault.of, testNamePattern: patternOf(fault.test), plugin: plant(fault) });
    const state = results.find(({ name }) => name === fault.test)?.state ?? "no test of the name";
    if (state === "failed") figures.caught++;
    else faults.push(`${fault.name}: ${state}: ${fault.test}`);
  }
  if (only) return { figures, faults };
  const seeds = Array.from({ length: short ? SEEDS.short : SEEDS.long }, (_, n) => seed + n);
  const histories = await vitest({
    include: SIMULATION,
    testNamePattern: patternOf("whatever goes wrong"),
    provide: { seeds },
  });
  for (const { name, state, errors } of histories.filter((one) => one.state !== "skipped")) {
    figures.seeds++;
    if (state === "passed") continue;
    figures.violations++;
    faults.push(`${name} (a seed for KEPT in ${SIMULATION}): ${errors}`);
  }
  if (figures.seeds < seeds.length) faults.push("not all seeds were simulated");
  return { figures, faults };
}

/** Vitest joins the names of a test and of what it stands in. */
const patternOf = (name) => new RegExp(escaped(name).replaceAll(" ", "(?: > | )"));
const escaped = (text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Puts a fault into its file as it is loaded. Throws where what it replaces is not there exactly once. */
function plant({ name, file, find, plant: planted }) {
  const path = join(ROOT, file);
  if (readFileSync(path, "utf8").split(find).length !== 2)
    throw new Error(`"${name}": ${file} does not have it exactly once:\n${find}`);
  return {
    name: "plant",
    enforce: "pre",
    // Else the file is taken from a cache, as it was with the fault before.
    configureVitest: ({ defineCacheKeyGenerator }) =>
      defineCacheKeyGenerator(({ id }) => (id === path ? false : undefined)),
    transform: (code, id) => (id.split("?")[0] === path ? code.replace(find, () => planted) : null),
  };
}

/** Runs those tests of a file whose names a pattern knows, with a plug-in and values given: [{name, state, errors}]. */
async function vitest({ include, testNamePattern, plugin, provide = {} }) {
  const { default: configure } = await import("../../../vitest.config.ts");
  const { test } = await configure();
  const workers = test.projects.find((one) => one.test.name === "workers");
  const context = await createVitest("test", {
    config: false,
    root: ROOT,
    watch: false,
    reporters: [{}],
    testNamePattern,
    onConsoleLog: () => false,
    projects: [
      {
        ...workers,
        root: ROOT,
        plugins: [...workers.plugins, ...(plugin ? [plugin] : [])],
        test: { ...workers.test, include: [include], provide },
      },
    ],
  });
  try {
    const { testModules } = await context.start();
    return testModules.flatMap((module) =>
      [...module.children.allTests()].map((one) => ({
        name: one.fullName.replaceAll(" > ", " "),
        state: one.result().state,
        errors: (one.result().errors ?? []).map(({ message }) => message).join("; "),
      })),
    );
  } finally {
    await context.close();
  }
}

console.log(`\n${JSON.stringify(await judge(options.short, Number(options.seed)))}`);
// The runtimes that tests ran in leave handles behind.
process.exit();
