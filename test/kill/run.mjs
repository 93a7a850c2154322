// npm run test:kill -- [--rounds 25] [--clients 16] [--users 128] [--seconds 1.5] [--points] [--seed N]
//
// Kills a Worker under load by SIGKILL, at random moments, or with --points once at each named point of its way, and
// compares at the end what clients were told with what is there. Every client sends the next event of a user only when
// the one before was answered, and the same again until it is. Prints one line; anything lost, doubled, out of order,
// early or left undone fails it.

import { once } from "node:events";
import { existsSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { newFolder } from "../../scripts/started.mjs";
import { configOf } from "../config.mjs";
import { check, rest } from "./check.mjs";
import { clientLoop, makeSchool, newBook } from "./client.mjs";
import { startVictim } from "./victim.mjs";

/** The longest thing to come by itself after a kill is a delivery whose consumer died: its lease is a minute. */
const REST_MS = 180_000;
/** What is killed, in turns; "coming back": the runtime, and the one that takes its place as soon as it is there. */
const TURNS = ["runtime", "process", "coming back"];
/**
 * So many deaths of the whole process, which the last kind leads to too, without a minute of life between: start.mjs
 * waits longer after each, and in the end starts it no more.
 */
const PROCESS_DEATHS = 5;
const LIFE_MS = 65_000;
const HIT_MS = 15_000;

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string" },
    clients: { type: "string", default: "16" },
    users: { type: "string", default: "128" },
    seconds: { type: "string", default: "1.5" },
    points: { type: "boolean", default: false },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
  },
});
const rounds = Number(options.rounds ?? (options.points ? 0 : 25));
const clients = Number(options.clients);
const users = Array.from({ length: Number(options.users) }, (_, n) => `user-${n}`);
const random = generator(Number(options.seed));

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The last deaths of the whole process, ms. */
const deaths = [];

/** Whether the process may die once more, and be started again: then it is counted. */
function mayDie() {
  if (Date.now() - (deaths.at(-1) ?? 0) > LIFE_MS) deaths.length = 0;
  return deaths.length < PROCESS_DEATHS && deaths.push(Date.now()) > 0;
}

/** Hears at which point the Worker is, and kills it at the armed one. */
async function pointsServer() {
  const seen = new Map();
  let armed = null;
  const server = createServer((asked, answer) => {
    const point = (asked.url ?? "").slice(1);
    seen.set(point, (seen.get(point) ?? 0) + 1);
    if (armed?.point === point) {
      const { strike } = armed;
      armed = null;
      return strike();
    }
    answer.writeHead(204).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    seen,
    /** Resolves to whether the point came within a while, and the Worker was killed there. */
    killAt: (point, kill) => {
      const struck = new Promise((resolve) => {
        armed = {
          point,
          strike: () => {
            kill();
            resolve(true);
          },
        };
      });
      return Promise.race([struck, sleep(HIT_MS).then(() => false)]);
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The users of whose events so many and more have been answered. */
const heardSince = ({ told }, count) => new Set([...told.values()].slice(count).map(({ user }) => user));

const folder = newFolder();
const points = options.points ? await pointsServer() : null;
let victim;
try {
  const entry = join(import.meta.dirname, "points.ts");
  victim = await startVictim(points ? configOf(join(folder, "points"), entry, { POINTS_URL: points.url }) : undefined);
  const school = await makeSchool(victim);
  const book = newBook();
  let done = false;
  const loops = Array.from({ length: clients }, (_, index) =>
    clientLoop(
      school.call,
      book,
      users.filter((_, n) => n % clients === index),
      () => done,
    ),
  );
  const failed = Promise.race(loops).then(() => done || Promise.reject(new Error("A client ended early.")));
  failed.catch(() => {});

  const begun = Date.now();
  let kills = 0;
  const hit = [];
  for (let round = 0; round < rounds; round++) {
    await sleep(200 + random() * Number(options.seconds) * 2_000);
    const what = TURNS[round % TURNS.length];
    const isTime = what === "runtime" || mayDie();
    victim.kill(what === "process" && isTime ? "process" : "runtime");
    kills++;
    if (what === "coming back" && isTime) {
      await victim.killNext();
      kills++;
    }
    await victim.back();
  }
  if (points) {
    // Long enough for every point to come by once.
    await sleep(6_000);
    for (const point of [...points.seen.keys()].toSorted()) {
      if (!(await points.killAt(point, () => victim.kill()))) continue;
      hit.push(point);
      kills++;
      await victim.back();
      await sleep(300);
    }
  }
  // What died with the announcement of a user is told with the user's next event, or by an alarm ten minutes later.
  const before = book.told.size;
  while (!users.every((user) => heardSince(book, before).has(user))) await sleep(100);
  done = true;
  await Promise.all(loops);
  const seconds = (Date.now() - begun) / 1_000;

  const rested = await rest(school.call, book.told.size * Object.keys(school.automations).length, REST_MS);
  const { faults, figures } = await check(school, book);
  const missed = points ? [...points.seen.keys()].filter((point) => !hit.includes(point)) : [];
  const wrong = Object.entries(faults).filter(([, count]) => count > 0);
  const all = Object.entries(faults)
    .map(([what, count]) => `${what} ${count}`)
    .join(", ");
  const { p50, p99, max } = figures.late;
  console.log(
    `${kills} kills${points ? ` at ${hit.length} points (${hit.join(" ")})` : ""} in ${seconds.toFixed(0)} s, ${clients} clients, ` +
      `${book.told.size} events acknowledged (${Math.round(book.told.size / seconds)}/s), ${book.unknown} tries without an answer (${book.stored} stored); ` +
      `${figures.runs} runs, ${figures.mails} mails, ${figures.waits} waits (late p50 ${p50} ms, p99 ${p99} ms, most ${max} ms); ` +
      `${all}; ${rested === null ? `NOT AT REST after ${REST_MS / 1_000} s` : `at rest after ${(rested / 1_000).toFixed(1)} s`}; ` +
      `${existsSync("/dev/shm") ? "state in memory" : "state on disk"}, load ${loadavg()[0].toFixed(1)} on ${cpus().length} cores, seed ${options.seed}`,
  );
  if (missed.length) console.error(`Points not hit: ${missed.join(", ")}`);
  if (wrong.length || rested === null || missed.length) {
    console.error([...book.errors].map(([error, count]) => `${count} × ${error}`).join("\n"));
    console.error(victim.said().slice(-4_000));
    process.exitCode = 1;
  }
} finally {
  points?.close();
  await victim?.stop();
  rmSync(folder, { recursive: true, force: true });
}
