// P26 again: one school sends more than its key may, to a Worker whose limit is low enough to be reached. It is refused
// by 429 with Retry-After before any work, loses nothing that was taken, and is served again when the time has come;
// another school is served all the while.
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { startWorker } from "../../scripts/started.mjs";
import { hasAny } from "../e2e-node/client.mjs";
import { clientOf } from "./client.mjs";
import { eventsKept, load, told, until } from "./load.mjs";
import { newSchool } from "./school.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SECONDS = { short: 6, long: 40 };
/** Of hundreds of requests in 10 s, by key. */
const LIMIT = 6;
const CLIENTS = 32;
const USERS = 40;
const DRAIN_MS = 240_000;
/** What another school may wait at worst beside a flood, on a machine that does little else. */
const BESIDE_MS = 2_000;

/** @returns `figures` {taken, refused, half, lost, drainMs, refusedP99, aloneP99, besideP99} and `faults` */
export async function limit({ short }) {
  const folder = mkdtempSync(join(tmpdir(), "schoolbell-limit-"));
  const worker = await startWorker(configOf(folder));
  const client = clientOf(worker);
  try {
    return await flood(client, (short ? SECONDS.short : SECONDS.long) * 1_000);
  } finally {
    await client.close();
    await worker.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Our own configuration with a lower limit, in a folder of its own. */
function configOf(folder) {
  const own = readFileSync(join(ROOT, "wrangler.toml"), "utf8");
  const config = own
    .replace('main = "dist/', `main = "${ROOT}dist/`)
    .replace(/^\[build\]$/m, `[build]\ncwd = "${ROOT}"`)
    .replace(/(name = "KEY_LIMIT"[\s\S]*?limit = )\d+/, `$1${LIMIT}`);
  if (config.split(ROOT).length !== 3 || !config.includes(`limit = ${LIMIT},`))
    throw new Error("wrangler.toml is not as it was");
  symlinkSync(join(ROOT, "migrations"), join(folder, "migrations"));
  const file = join(folder, "wrangler.toml");
  writeFileSync(file, config);
  return file;
}

async function flood(client, ms) {
  const faults = [];
  const school = await newSchool(client, { mode: "live" });
  const other = await newSchool(client, { mode: "live" });
  // The limit is the key's: what is looked up goes by another.
  const reading = await school.makeKey("read");
  const { id: letters } = await school.call("POST", "/v1/automations", {
    name: "Letters",
    active: true,
    when: [{ type: "custom", name: "step" }],
    then: [{ type: "email.user", subject: "S", body: "B" }],
  });
  const stepOf = (prefix) => (n) => ({
    id: `${prefix}-${n}`,
    type: "custom.step",
    user: { id: `u${n % USERS}`, email: `u${n % USERS}@acme.com` },
  });
  const others = (prefix) => load(client, other, stepOf(prefix), ms / 2, 2, 100);
  const alone = await others("alone");
  const [sent, beside] = await Promise.all([load(client, school, stepOf("f"), ms, CLIENTS), others("beside")]);
  const odd = [...sent.statuses.keys()].filter((status) => ![200, 429].includes(status));
  if (odd.length) faults.push(`answers of ${odd.join(", ")}`);
  if (!sent.refused.size) faults.push("the limit was not reached");
  if (sent.unannounced) faults.push(`${sent.unannounced} refusals without Retry-After`);
  if (beside.refused.size || alone.refused.size) faults.push(`another school was refused: ${told(beside)}`);
  if (beside.p99 > BESIDE_MS) faults.push(`another school waited ${beside.p99} ms`);

  const refusal = await client.send({ method: "POST", path: "/v1/events", token: school.key, body: stepOf("r")(0) });
  if (refusal.status === 429) await sleep(Number(refusal.headers["retry-after"]) * 1_000);
  const again = await load(client, school, stepOf("again"), 1_000, 2, 50);
  if (again.refused.size) faults.push(`refused after Retry-After too: ${told(again)}`);

  const begun = Date.now();
  const taken = new Set([...sent.taken, ...again.taken, ...(refusal.status === 200 ? ["r-0"] : [])]);
  const isDrained = await until(async () => {
    const path = `/v1/automations/${letters}`;
    const read = async (_method, path) => (await client.send({ path, token: reading })).json;
    const [automation, isQueued] = await Promise.all([read("GET", path), hasAny(read, "/v1/deliveries?status=queued")]);
    return automation?.run_count >= taken.size && !isQueued;
  }, DRAIN_MS);
  if (!isDrained) faults.push(`not drained after ${DRAIN_MS} ms`);
  const users = Array.from({ length: USERS }, (_, n) => `u${n}`);
  const kept = await eventsKept(client, reading, users, "custom.step");
  const lost = [...taken].filter((id) => !kept.has(id)).length;
  const half = [...kept].filter((id) => !taken.has(id)).length;
  if (lost) faults.push(`${lost} acknowledged events are not there`);
  if (half) faults.push(`${half} refused events are there`);
  return {
    figures: {
      events: taken.size,
      refused: sent.refused.size,
      half,
      lost,
      drainMs: Date.now() - begun,
      aloneP99: alone.p99,
      besideP99: beside.p99,
    },
    faults,
    notes: [`answers: ${told(sent)}`],
  };
}
