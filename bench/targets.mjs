// What the bench measures: a school of ours, and the load that it and what stands beside it get.
import { fork } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** How many come in turns where they are known. */
export const USERS = 500;

export const here = (file) => fileURLToPath(new URL(file, import.meta.url));
export const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** The config of the Worker that does the least there is to do. */
export const BARE = here("bare/wrangler.toml");

/** A live school with the automation and its users; returns the key. */
export async function prepare({ url, adminToken }) {
  const post = async (path, token, body) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const response = await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const { api_key: key } = await post("/v1/schools", adminToken, { id: "bench", name: "Bench", mode: "live" });
  await post("/v1/automations", key, {
    name: "Seen",
    active: true,
    synchronous: true,
    when: [{ type: "user.signed_in" }],
    then: [{ type: "tags.add", tags: ["seen"] }],
  });
  return key;
}

/** What Linux counts processor time in. */
const TICK_MS = 10;

/** The processor time of a process and all under it, ms; NaN where the system does not say. */
export function processorMs(pid) {
  try {
    const stats = readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => {
        try {
          // After the name, which may hold anything: state, parent, … utime and stime are the 12th and 13th.
          const fields = readFileSync(`/proc/${name}/stat`, "utf8")
            .replace(/^.*\) /s, "")
            .split(" ");
          return [{ pid: Number(name), parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) }];
        } catch {
          return [];
        }
      });
    const ticksOf = (id) =>
      stats.filter(({ parent }) => parent === id).reduce((sum, one) => sum + ticksOf(one.pid), own(id));
    const own = (id) => stats.find((one) => one.pid === id)?.ticks ?? 0;
    return ticksOf(pid) * TICK_MS;
  } catch {
    return Number.NaN;
  }
}

/** Processor time of the runtimes under a process, ms, finer than the system's ticks: of all their threads. */
export function runtimeMs(pid) {
  const read = (file) => readFileSync(file, "utf8");
  const parents = readdirSync("/proc").flatMap((name) => {
    try {
      return /^\d+$/.test(name)
        ? [
            [
              Number(name),
              Number(
                read(`/proc/${name}/stat`)
                  .replace(/^.*\) /s, "")
                  .split(" ")[1],
              ),
            ],
          ]
        : [];
    } catch {
      return [];
    }
  });
  const under = (id) => [id, ...parents.flatMap(([child, parent]) => (parent === id ? under(child) : []))];
  const runtimes = under(pid).filter((id) => read(`/proc/${id}/cmdline`).includes("workerd"));
  const spent = (id) =>
    readdirSync(`/proc/${id}/task`).map((task) => Number(read(`/proc/${id}/task/${task}/schedstat`).split(" ")[0]));
  return runtimes.flatMap(spent).reduce((sum, one) => sum + one, 0) / 1e6;
}

/**
 * Lets so many clients send events for a while; with a text `fresh` each is a user's first, with `batch` so many go in a
 * request. Resolves to {rate (events/s), cpu (µs an event, where `pid` of the target is known), p50, p99 (ms a request),
 * failed}.
 */
export async function load(target, { clients, ms, fresh, batch }) {
  const child = fork(here("load.mjs"));
  const before = target.pid ? processorMs(target.pid) : Number.NaN;
  child.send({ url: target.url, token: target.token ?? "", clients, users: USERS, ms, fresh, batch });
  const died = once(child, "exit").then(() => Promise.reject(new Error(`The load on ${target.name} broke off.`)));
  const [result] = await Promise.race([once(child, "message"), died]);
  const spent = target.pid ? processorMs(target.pid) - before : Number.NaN;
  for (const [what, count] of result.errors) console.error(`${target.name}: ${count} times ${what}`);
  return {
    rate: (result.events / result.ms) * 1000,
    cpu: (spent * 1000) / result.events,
    p50: result.p50,
    p99: result.p99,
    failed: result.errors.length > 0,
  };
}
