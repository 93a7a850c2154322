// node test/promises/inside/run.mjs [--short] [--seed N] [--only overtaken,epochs] — prints {row: {figures, faults, ms}} as JSON, last.
import { parseArgs } from "node:util";
import { patternOf, plant, requirePlace, vitest } from "../planted.mjs";
import { ROWS } from "./rows.mjs";

const { values: options } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    only: { type: "string" },
  },
});
const only = options.only?.split(",");
const seed = Number(options.seed);

const seedsFrom = (first, { seeds: count, ...rest }) => ({
  ...rest,
  ...(count ? { seeds: Array.from({ length: count }, (_, n) => first + n) } : {}),
});

/** Adds up what tests tell: times are the worst, shares the least. */
function together(figures, more) {
  for (const [what, figure] of Object.entries(more)) {
    const before = figures[what];
    figures[what] =
      before === undefined
        ? figure
        : /^p\d+$/.test(what)
          ? Math.max(before, figure)
          : what.endsWith("Percent")
            ? Math.min(before, figure)
            : before + figure;
  }
}

/** One row: its tests as the source stands, then with one fault after another. */
async function judge({ of: include, short, long, faults: planted }) {
  const faults = [];
  const figures = { tests: 0, violations: 0, planted: 0, caught: 0 };
  for (const one of await vitest({ include, provide: seedsFrom(seed, options.short ? short : long) })) {
    figures.tests++;
    together(figures, one.figures);
    if (one.state === "passed") continue;
    figures.violations++;
    faults.push(`${one.name}: ${one.errors || one.state}`);
  }
  if (figures.tests === 0) faults.push(`no tests of ${include} ran`);
  for (const fault of planted.filter((one) => !options.short || !one.long)) {
    figures.planted++;
    // With seeds of the test's own: whether a fault is caught is not to hang on chance.
    const { seeds: _, ...rest } = short;
    const results = await vitest({ include, testNamePattern: patternOf(fault.test), plugin: plant(fault), provide: rest });
    const tried = results.filter(({ name, state }) => name.startsWith(fault.test) && state !== "skipped");
    if (tried.some(({ state }) => state === "failed")) figures.caught++;
    else faults.push(`${fault.name}: ${tried.length ? "not caught" : "no test of the name"}: ${fault.test}`);
  }
  return { figures, faults };
}

const told = {};
for (const { faults } of Object.values(ROWS)) for (const fault of faults) requirePlace(fault);
for (const [name, row] of Object.entries(ROWS)) {
  if (only && !only.includes(name)) continue;
  const begun = Date.now();
  const result = await judge(row).catch((error) => ({ figures: {}, faults: [error.stack ?? String(error)] }));
  told[name] = { ...result, ms: Date.now() - begun };
}
console.log(`\n${JSON.stringify(told)}`);
// The runtimes that tests ran in leave handles behind.
process.exit();
