// npm run test:segments -- [--users 20000] [--kills 2] [--clients 4]
//
// Imports users into a live school and makes a rule for a managed segment. While the rule is applied, clients send
// events, some of which move users over its line, and the Worker is killed by SIGKILL on the way. In the end the
// segment's members must be exactly those whom a plain look at the file and the events finds. Prints progress and counts.
import { cpus, loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { startVictim } from "../kill/victim.mjs";
import { all, makeSchool } from "./client.mjs";

const SEGMENT = "gold";
const POLL_MS = 500;
const AGAIN_MS = 50;
/** Between two events of a client: the flow is to meet the job, not to drown it. */
const PAUSE_MS = 20;
/** A job that was cut off stands for a lease of 30 s, and cron looks each minute. */
const JOB_MS = 900_000;
/** The log of who was told of by nobody, as a Worker was killed, is told by an alarm ten minutes later. */
const REST_MS = { calm: 120_000, killed: 660_000 };

/** As they may come out of other people's spreadsheets. */
const PLANS = ["gold", "Gold", " GOLD ", "golden", "silver", "", "free", "old gold"];
const DOMAINS = ["acme.com", "ACME.com", "notacme.com", "example.com"];

/** A number for a text, always the same (FNV-1a). */
const numberOf = (text) =>
  [...text].reduce((hash, one) => Math.imul(hash ^ one.charCodeAt(0), 16777619) >>> 0, 2166136261);
const pick = (list, text) => list[numberOf(text) % list.length];

const userOf = (n) => {
  const id = `user-${String(n).padStart(6, "0")}`;
  return { id, email: `u${n}@${pick(DOMAINS, `${id} domain`)}`, plan: pick(PLANS, `${id} plan`) };
};

/** The rule, said once more in plain words: plan "gold", whatever its case, and an address at acme.com. */
const belongs = ({ email, plan }) => plan.trim().toLowerCase() === "gold" && email.toLowerCase().endsWith("@acme.com");

const RULE = {
  segment: SEGMENT,
  match: "all",
  where: [
    { field: "plan", op: "is", value: "gold" },
    { field: "email", op: "ends_with", value: "@acme.com" },
  ],
};

/** Calls until there is an answer: what is called may be dead for a while. */
async function insist(ask) {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      // An answer that says no is one; none at all, or a 5xx, is not.
      if (/: 4\d\d /.test(error.message)) throw error;
      await sleep(AGAIN_MS);
    }
  }
}

/** Follows a job to its end, telling `say` once a second; resolves to {done, errors, seconds}. */
async function follow(call, id, say, during = async () => {}) {
  const begun = performance.now();
  let said = begun;
  let before = 0;
  for (;;) {
    const job = await insist(() => call("GET", `/v1/jobs/${id}`));
    const now = performance.now();
    if (now - said > 2_000 || job.status === "done") {
      say(`${job.kind} ${job.done} of ${job.total} (${Math.round(((job.done - before) * 1_000) / (now - said))}/s)`);
      said = now;
      before = job.done;
    }
    if (job.status === "done") return { ...job, seconds: (now - begun) / 1_000 };
    if (job.status === "failed" || now - begun > JOB_MS) throw new Error(`The job ended ${JSON.stringify(job)}.`);
    await during(job);
    await sleep(POLL_MS);
  }
}

/**
 * A client with users of its own: sends events one after the other, each until it is answered, and keeps `known` (user
 * id → user) as told. One in four moves a user over the rule's line, one in ten makes a new one.
 */
async function client(call, known, name, isDone) {
  const own = [...known.keys()].filter((id) => pick(["0", "1", "2", "3"], id) === name);
  let sent = 0;
  for (; !isDone(); sent++) {
    const chance = numberOf(`${name} ${sent}`);
    const isNew = chance % 10 === 0;
    const id = isNew ? `new-${name}-${sent}` : own[chance % own.length];
    const user = { ...(isNew ? { email: `new@${pick(DOMAINS, id)}`, plan: "" } : known.get(id)), id };
    if (isNew || chance % 4 === 1) user.plan = pick(PLANS, `${id} ${sent}`);
    const attributes = { id, ...(isNew ? { email: user.email } : {}), fields: { plan: user.plan || null } };
    const event = { id: `evt-${name}-${sent}`, type: "custom.ping", user: attributes, data: { sent } };
    await insist(() => call("POST", "/v1/events", event));
    known.set(id, user);
    await sleep(PAUSE_MS);
  }
  return sent;
}

/** The members by the directory, which may lag: asked again until they are those expected, or a while is over. */
async function membersOf(call, expected, restMs) {
  const must = new Set(expected);
  for (const end = Date.now() + restMs; ; await sleep(POLL_MS)) {
    const found = (await insist(() => all(call, `/v1/segments/${SEGMENT}/members`))).map(({ id }) => id);
    if ((found.length === must.size && found.every((id) => must.has(id))) || Date.now() > end) return found;
  }
}

/**
 * @param worker a victim (test/kill/victim.mjs), or any started Worker where nothing is killed
 * @returns `faults` of each kind, all of which must be 0, and `figures` to print
 */
export async function segments(worker, { users, kills = 0, clients = 4, say = () => {} }) {
  const { call } = await makeSchool(worker, { name: "Segments", mode: "live" });
  await call("POST", "/v1/profile-fields", { key: "plan", name: "Plan", type: "text" });
  await call("POST", "/v1/segments", { id: SEGMENT, name: "Gold", managed: true });

  const known = new Map(Array.from({ length: users }, (_, n) => userOf(n)).map((user) => [user.id, user]));
  const lines = [...known.values()].map(({ id, email, plan }) => `${id},${email},${plan}`);
  const file = ["id,email,fields.plan", ...lines].join("\n");
  const { job_id: imported } = await call("POST", "/v1/users/import", file);
  const importing = await follow(call, imported, say);

  let done = false;
  const flow = Array.from({ length: clients }, (_, n) => client(call, known, String(n), () => done));
  const { job_id: aligned } = await insist(() => call("POST", "/v1/segment-rules", RULE));
  let killed = 0;
  const aligning = await follow(call, aligned, say, async (job) => {
    if (killed === kills || job.done < (job.total * (killed + 1)) / (kills + 2)) return;
    const what = killed++ % 2 === 0 ? "runtime" : "process";
    say(`kill -9 of the ${what}`);
    worker.kill(what);
    await worker.back();
  });
  done = true;
  const sent = (await Promise.all(flow)).reduce((sum, one) => sum + one, 0);

  const expected = [...known.values()].filter(belongs).map(({ id }) => id);
  const listed = await membersOf(call, expected, killed ? REST_MS.killed : REST_MS.calm);
  const drift = { missing: 0, surplus: 0 };
  for (let cursor = ""; ; ) {
    const page = await insist(() => call("GET", `/v1/segments/${SEGMENT}/drift${cursor}`));
    drift.missing += page.missing.length;
    drift.surplus += page.surplus.length;
    if (page.next_cursor === null) break;
    cursor = `?cursor=${encodeURIComponent(page.next_cursor)}`;
  }
  const [is, must] = [new Set(listed), new Set(expected)];
  return {
    faults: {
      "members missing": expected.filter((id) => !is.has(id)).length,
      "members too many": listed.filter((id) => !must.has(id)).length,
      "members twice": listed.length - is.size,
      "drift missing": drift.missing,
      "drift surplus": drift.surplus,
      "lines refused": importing.errors.length,
      "users passed over": aligning.errors.length,
      "kills missed": kills - killed,
    },
    figures: {
      imported: importing.done,
      "import s": Math.round(importing.seconds),
      "by the file alone": Array.from({ length: users }, (_, n) => userOf(n)).filter(belongs).length,
      members: listed.length,
      aligned: aligning.done,
      "align s": Math.round(aligning.seconds),
      events: sent,
      kills: killed,
    },
  };
}

async function main() {
  const { values } = parseArgs({
    options: {
      users: { type: "string", default: "20000" },
      kills: { type: "string", default: "2" },
      clients: { type: "string", default: "4" },
    },
  });
  const [users, kills, clients] = [values.users, values.kills, values.clients].map(Number);
  const begun = performance.now();
  const say = (text) => console.log(`${((performance.now() - begun) / 1_000).toFixed(1).padStart(6)} s  ${text}`);
  const worker = await startVictim();
  try {
    const { faults, figures } = await segments(worker, { users, kills, clients, say });
    console.log(`${JSON.stringify(figures)}; load ${loadavg()[0].toFixed(1)} on ${cpus().length} cores`);
    console.log(JSON.stringify(faults));
    if (Object.values(faults).some((count) => count > 0)) {
      process.exitCode = 1;
      console.error(worker.said().trim().slice(-4_000));
    }
  } finally {
    await worker.stop();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main();
