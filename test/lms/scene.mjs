// What the parts of the LMS test share: a Worker that may be killed, live schools, and what is read of them.
import { setTimeout as sleep } from "node:timers/promises";
import { startVictim } from "../kill/victim.mjs";
import { clientOf } from "../promises/client.mjs";
import { newSchool } from "../promises/school.mjs";

const BATCH = 500;
/** Even a busy machine has a killed Worker back by then. */
export const BACK_MS = 60_000;

/** Has a Worker of one's own for as long as `use({worker, client})` takes. */
export async function withWorker(use) {
  const worker = await startVictim();
  const client = clientOf(worker);
  try {
    const result = await use({ worker, client });
    if (result.faults.length) console.error(worker.said().slice(-3_000));
    return result;
  } catch (error) {
    throw new Error(`${error.stack}\n${worker.said().slice(-3_000)}`);
  } finally {
    await client.close();
    await worker.stop();
  }
}

/** A live school with an LMS; left out, it has none. */
export const liveSchool = (client, lms) =>
  newSchool(client, { mode: "live", settings: lms ? { connectors: { lms } } : {} });

/** Sends events in batches; throws unless each is taken. Resolves to the answers. */
export async function sendAll(school, events, most = BATCH) {
  const answers = [];
  for (let at = 0; at < events.length; at += most) {
    const { results } = await school.call("POST", "/v1/events/batch", { events: events.slice(at, at + most) });
    const refused = results.find(({ status }) => status !== undefined);
    if (refused) throw new Error(`an event was not taken: ${JSON.stringify(refused)}`);
    answers.push(...results);
  }
  return answers;
}

/** All changes of a school's feed, from the oldest. */
export async function feedOf(school) {
  const changes = [];
  for (let after = ""; ; ) {
    const page = await school.call("GET", `/v1/changes?limit=1000${after}`);
    if (!page.data.length) return changes;
    changes.push(...page.data);
    after = `&after=${encodeURIComponent(page.next_cursor)}`;
  }
}

/** The changes of each user as a reader takes them: what is not above the last of its user is dropped. */
export function byUser(changes) {
  const users = new Map();
  const seen = new Set();
  const faults = [];
  for (const change of changes) {
    const own = users.get(change.user) ?? [];
    users.set(change.user, own);
    const last = own.at(-1)?.seq ?? 0;
    if (change.seq > last) own.push(change);
    else if (!seen.has(change.id)) faults.push(`${change.type} of ${change.user} comes after what follows it`);
    seen.add(change.id);
  }
  return { users, faults };
}

/** All users of a school, as it shows them. */
export async function usersOf(school) {
  const users = [];
  for (let cursor = ""; cursor !== null; ) {
    const page = await school.call("GET", `/v1/users?limit=100${cursor}`);
    users.push(...page.data);
    cursor = page.next_cursor === null ? null : `&cursor=${encodeURIComponent(page.next_cursor)}`;
  }
  return users;
}

/** Waits until something holds; resolves to whether it does within so long. */
export async function until(holds, limitMs, everyMs = 200) {
  for (const end = Date.now() + limitMs; Date.now() < end; await sleep(everyMs)) if (await holds()) return true;
  return false;
}

/** Waits until a Worker that was killed answers again, and what was asked of it is answered: a call that may be repeated. */
export async function asked(call, limitMs = 30_000) {
  for (const end = Date.now() + limitMs; ; await sleep(200)) {
    try {
      return await call();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function chance(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
