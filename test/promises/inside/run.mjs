// node test/promises/inside/run.mjs [--short] [--seed N] [--only overtaken,epochs] [--seeds N] — prints {row: {figures, faults, ms}} as JSON, last.
import { parseArgs } from "node:util";
import { patternOf, plant, vitest } from "../planted.mjs";
import { ROWS } from "./rows.mjs";

const { values: options } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    only: { type: "string" },
    seeds: { type: "string" },
  },
});
const only = options.only?.split(",");
const seed = Number(options.seed);

/** How many histories of each kind, and how many ways to spell each address. */
const { seeds, most } = {
  ...(options.short ? { seeds: 2, most: 3 } : { seeds: 100, most: 40 }),
  ...(options.seeds ? { seeds: Number(options.seeds) } : {}),
};

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

/** Enough for every fault; and whether one is caught is not to hang on chance. */
const FOR_FAULTS = { seeds: [1, 2], most: 1 };

/** Plants faults of a row, all at once; resolves to those that no test noticed, each with why. */
async function missedOf(row, planted) {
  const include = [planted[0].of ?? row.of];
  const testNamePattern = new RegExp(planted.map(({ test }) => patternOf(test).source).join("|"));
  const results = await vitest({ include, testNamePattern, plugins: planted.map(plant), provide: FOR_FAULTS });
  return planted.flatMap(({ name, test }) => {
    const tried = results.filter((one) => one.name.startsWith(test) && one.state !== "skipped");
    if (tried.some(({ state }) => state === "failed")) return [];
    return [`${name}: ${tried.length ? "not caught" : "no test of the name"}: ${test}`];
  });
}

/** Plants the faults of a row one after another, in a hurry those together that are not in each other's way. */
async function plantAll(row, { figures, faults }) {
  const planted = row.faults.filter((one) => !options.short || !one.long);
  for (const some of options.short && row.together ? [planted] : planted.map((one) => [one])) {
    const missed = await missedOf(row, some);
    figures.planted += some.length;
    figures.caught += some.length - missed.length;
    faults.push(...missed);
  }
}

/** What a row's tests told, of the results of all. */
function judged(row, results) {
  const faults = [];
  const figures = { tests: 0, violations: 0, planted: 0, caught: 0 };
  let ms = 0;
  for (const one of results.filter(({ file }) => file === row.of)) {
    figures.tests++;
    ms += one.ms;
    together(figures, one.figures);
    if (one.state === "passed") continue;
    figures.violations++;
    faults.push(`${one.name}: ${one.errors || one.state}`);
  }
  if (figures.tests === 0) faults.push(`no tests of ${row.of} ran`);
  return { figures, faults, ms };
}

const rows = Object.entries(ROWS).filter(([name]) => !only || only.includes(name));
const results = await vitest({
  include: rows.map(([, row]) => row.of),
  provide: { seeds: Array.from({ length: seeds }, (_, n) => seed + n), most },
});
const told = {};
for (const [name, row] of rows) {
  const result = judged(row, results);
  const begun = Date.now();
  await plantAll(row, result);
  told[name] = { ...result, ms: Math.round(result.ms + Date.now() - begun) };
}
console.log(`\n${JSON.stringify(told)}`);
// The runtimes that tests ran in leave handles behind.
process.exit();
