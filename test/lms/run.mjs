// npm run test:lms -- [--only moodle,receipts]
//
// The product as users start it, beside fake LMSs that fail, lag, refuse and count. Prints a line of JSON a part, and how
// many passed; the exit code says whether all did.
import { parseArgs } from "node:util";
import { changes } from "./changes.mjs";
import { drift } from "./drift.mjs";
import { learnworlds } from "./learnworlds.mjs";
import { moodle } from "./moodle.mjs";
import { receipts } from "./receipts.mjs";
import { undo } from "./undo.mjs";

const { values: options } = parseArgs({ options: { only: { type: "string" } } });
/** Those of a row run one after the other, rows side by side: most of their time is waiting. */
const ROWS = [{ moodle }, { learnworlds }, { receipts, changes, drift, undo }];
const SHOWN = 8;
const wanted = options.only?.split(",");
const unknown = wanted?.filter((name) => !ROWS.some((row) => name in row)) ?? [];
if (unknown.length) throw new Error(`There is no part ${unknown.join(", ")}.`);

const results = [];
async function run(part, test) {
  const begun = Date.now();
  const { figures, faults } = await test().catch((error) => ({ figures: {}, faults: [error.stack ?? String(error)] }));
  console.log(JSON.stringify({ part, ...figures, faults: faults.length, seconds: (Date.now() - begun) / 1_000 }));
  for (const fault of faults.slice(0, SHOWN)) console.log(`  ✗ ${fault}`);
  if (faults.length > SHOWN) console.log(`  … and ${faults.length - SHOWN} more`);
  results.push(faults.length === 0);
}

await Promise.all(
  ROWS.map(async (row) => {
    for (const [part, test] of Object.entries(row)) if (!wanted || wanted.includes(part)) await run(part, test);
  }),
);
const failed = results.filter((passed) => !passed).length;
console.log(`lms: ${results.length - failed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
