// A synchronous one-tag automation beside the bare platform, in the same minutes, for users known and new; and an import of
// new learners, beside the rate at which the bare platform makes objects.
import { setTimeout as sleep } from "node:timers/promises";
import { startWorker } from "../../scripts/started.mjs";
import { BARE, load, median, prepare } from "../targets.mjs";

/** Lets what one still does in the background end before the next is measured. */
const PAUSE_MS = 500;
const CLIENTS = [1, 16];
/** By known users, by new ones, and by an import: how many times as long is as long as it may take. */
const GOALS = { known: 1 / 0.75, new: 1 / 0.8, imported: 1 / 0.5 };
/** Lines of a file: some pages of a job. */
const LINES = 1_000;
const LOOK_MS = 50;

/** Resolves to what is shown: how many times as long an event takes as on the bare platform. */
export async function besideBare({ rounds, ms }) {
  const started = [];
  try {
    // As deployed: here a job would keep a slower pace, for the sake of files that stay open.
    const ours = await startWorker(undefined, { env: { LOCAL: "false" } });
    started.push(ours);
    const bare = await startWorker(BARE);
    started.push(bare);
    const targets = [
      { name: "schoolbell", url: ours.url, token: await prepare(ours) },
      { name: "bare", url: bare.url },
    ];
    // Makes every user, and lets the engines compile what is hot.
    for (const target of targets) await load(target, { clients: 16, ms: 3_000 });
    const results = [];
    for (let round = 0; round < rounds; round++)
      for (const clients of CLIENTS)
        for (const isNew of [false, true])
          for (const target of round % 2 ? targets.toReversed() : targets) {
            await sleep(PAUSE_MS);
            const fresh = isNew ? `new-${round}-${clients}-` : undefined;
            results.push({ name: target.name, clients, isNew, ...(await load(target, { clients, ms, fresh })) });
          }
    if (results.some(({ failed }) => failed)) throw new Error("Events were refused.");
    const imports = [];
    for (let round = 0; round < rounds; round++) {
      const turns = [
        async () => ({ ours: await importLines(targets[0], `line-${round}-`) }),
        async () => ({ bare: (await load(targets[1], { clients: 16, ms, fresh: `made-${round}-` })).rate }),
      ];
      const took = {};
      for (const turn of round % 2 ? turns.toReversed() : turns) {
        await sleep(PAUSE_MS);
        Object.assign(took, await turn());
      }
      imports.push(took);
    }
    return [
      ...CLIENTS.flatMap((clients) => [false, true].map((isNew) => shownOf(results, clients, isNew))),
      shownOfImports(imports),
    ];
  } finally {
    await Promise.all(started.map(({ stop }) => stop()));
  }
}

/** Imports a file of new learners; resolves to how many a second, from the request until the job is done. */
async function importLines({ url, token }, prefix) {
  const headers = { authorization: `Bearer ${token}` };
  const lines = Array.from({ length: LINES }, (_, n) => `${prefix}${n},${prefix}${n}@acme.com,seen`);
  const began = performance.now();
  const asked = await fetch(`${url}/v1/users/import`, {
    method: "POST",
    headers: { ...headers, "content-type": "text/csv" },
    body: `id,email,tags\n${lines.join("\n")}\n`,
  });
  const { job_id: id } = await asked.json();
  for (;;) {
    const job = await (await fetch(`${url}/v1/jobs/${id}`, { headers })).json();
    if (job.status === "done" && job.done === LINES && !job.errors.length)
      return (LINES * 1_000) / (performance.now() - began);
    if (job.status !== "queued" && job.status !== "running") throw new Error(`The import ended ${JSON.stringify(job)}`);
    await sleep(LOOK_MS);
  }
}

function shownOfImports(imports) {
  const times = imports.map(({ ours, bare }) => bare / ours);
  const [rate, ofBare] = ["ours", "bare"].map((name) => median(imports.map((one) => one[name])).toFixed(0));
  return {
    what: "a line of an import of new learners, beside an object that the bare platform makes",
    value: median(times),
    unit: "×",
    goal: GOALS.imported,
    note: `${rate} lines and ${ofBare} objects/s, ${Math.min(...times).toFixed(2)} to ${Math.max(...times).toFixed(2)} of a round`,
  };
}

function shownOf(results, clients, isNew) {
  const of = (name) => results.filter((one) => one.name === name && one.clients === clients && one.isNew === isNew);
  const [ours, bare] = [of("schoolbell"), of("bare")];
  const times = ours.map(({ rate }, round) => bare[round].rate / rate);
  const [rate, ofBare] = [ours, bare].map((some) => median(some.map((one) => one.rate)).toFixed(0));
  return {
    what: `an event of ${isNew ? "new" : "known"} users beside the bare platform, ${clients === 1 ? "1 client" : `${clients} clients`}`,
    value: median(times),
    unit: "×",
    goal: GOALS[isNew ? "new" : "known"],
    note: `${rate} and ${ofBare} events/s, ${Math.min(...times).toFixed(2)} to ${Math.max(...times).toFixed(2)} of a round`,
  };
}
