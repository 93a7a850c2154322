// A synchronous one-tag automation beside the bare platform, in the same minutes, for users known and new.
import { setTimeout as sleep } from "node:timers/promises";
import { startWorker } from "../../scripts/started.mjs";
import { BARE, load, median, prepare } from "../targets.mjs";

/** Lets what one still does in the background end before the next is measured. */
const PAUSE_MS = 500;
const CLIENTS = [1, 16];

/** Resolves to what is shown: how many times as long an event takes as on the bare platform. */
export async function besideBare({ rounds, ms }) {
  const started = [];
  try {
    const ours = await startWorker();
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
    return CLIENTS.flatMap((clients) => [false, true].map((isNew) => shownOf(results, clients, isNew)));
  } finally {
    await Promise.all(started.map(({ stop }) => stop()));
  }
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
    note: `${rate} and ${ofBare} events/s, ${Math.min(...times).toFixed(2)} to ${Math.max(...times).toFixed(2)} of a round`,
  };
}
