// node test/promises/run.mjs isolation|hostile|fuzz|erasure|overload [--short] [--only 7,8] [--seed N] [--inputs N] — one of them alone, against a Worker of its own.
import { startWorker } from "../../scripts/started.mjs";
import { clientOf } from "./client.mjs";

const [name = "", ...flags] = process.argv.slice(2);
const at = flags.indexOf("--only");
const only = at === -1 ? null : (flags[at + 1] ?? "").split(",").map(Number);
const numberOf = (name) => (flags.includes(name) ? { [name.slice(2)]: Number(flags[flags.indexOf(name) + 1]) } : {});
const test = (await import(`./${name}.mjs`))[name];
const worker = await startWorker();
const client = clientOf(worker);
try {
  const begun = Date.now();
  const {
    figures,
    faults,
    notes = [],
  } = await test({
    worker,
    client,
    short: flags.includes("--short"),
    only,
    ...numberOf("--seed"),
    ...numberOf("--inputs"),
  });
  for (const note of notes) console.log(`  ${note}`);
  for (const fault of faults) console.log(`✗ ${fault}`);
  console.log(name, JSON.stringify(figures), `${((Date.now() - begun) / 1_000).toFixed(1)} s, ${faults.length} faults`);
  if (faults.length) {
    console.error(worker.said().slice(-6_000));
    process.exitCode = 1;
  }
} finally {
  await client.close();
  await worker.stop();
}
