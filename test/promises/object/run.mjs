// node test/promises/object/run.mjs [--short] [--seed N] [--only 1,2] — prints {figures, faults} as JSON, last.
//
// The object, the queue's consumer and the log, with one defence after another taken out: the test that is there for it
// must fail. And the simulation (durable-objects/simulation.test.ts) with seeds of its own. The sources on the disk stay as
// they are: a fault is planted as its file is loaded.
import { parseArgs } from "node:util";
import { patternOf, plant, vitest } from "../planted.mjs";
import { FAULTS, SHORT } from "./faults.mjs";

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
    const results = await vitest({
      include: [fault.of],
      testNamePattern: patternOf(fault.test),
      plugins: [plant(fault)],
    });
    const state = results.find(({ name }) => name === fault.test)?.state ?? "no test of the name";
    if (state === "failed") figures.caught++;
    else faults.push(`${fault.name}: ${state}: ${fault.test}`);
  }
  if (only) return { figures, faults };
  const seeds = Array.from({ length: short ? SEEDS.short : SEEDS.long }, (_, n) => seed + n);
  const histories = await vitest({
    include: [SIMULATION],
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

console.log(`\n${JSON.stringify(await judge(options.short, Number(options.seed)))}`);
// The runtimes that tests ran in leave handles behind.
process.exit();
