// Load on a Worker: events from many clients at once, timed; and waiting for what must come of it.
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Sends events from so many clients for a while, each after a pause: how many were sent, the ids that were taken and
 * those refused, the answers by status, how many refusals told no Retry-After, and the 99th percentile.
 */
export async function load(client, school, eventOf, ms, clients, pauseMs = 0) {
  const end = performance.now() + ms;
  const result = { sent: 0, taken: new Set(), refused: new Set(), statuses: new Map(), unannounced: 0, p99: 0 };
  const times = [];
  let n = 0;
  const loop = async () => {
    while (performance.now() < end) {
      const body = eventOf(n++);
      const answer = await client.send({ method: "POST", path: "/v1/events", token: school.key, body });
      result.sent++;
      times.push(answer.ms);
      result.statuses.set(answer.status, (result.statuses.get(answer.status) ?? 0) + 1);
      result[answer.status === 200 ? "taken" : "refused"].add(body.id);
      if (answer.status !== 200 && !(Number(answer.headers["retry-after"]) > 0)) result.unannounced++;
      if (pauseMs) await sleep(pauseMs);
    }
  };
  await Promise.all(Array.from({ length: clients }, loop));
  times.sort((a, b) => a - b);
  result.p99 = Math.round(times[Math.floor(times.length * 0.99)] ?? 0);
  return result;
}

export const told = ({ statuses }) => [...statuses].map(([status, count]) => `${count} × ${status}`).join(", ");

/** The ids of events of a type in the timelines of users. */
export async function eventsKept(client, token, users, type) {
  const kept = new Set();
  await each(users, 8, async (user) => {
    for (let cursor = ""; cursor !== null; ) {
      const page = await client.send({ path: `/v1/users/${user}/timeline?limit=100${cursor}`, token });
      for (const one of page.json?.data ?? []) if (one.type === type) kept.add(one.event_id);
      cursor = page.json?.next_cursor ? `&cursor=${encodeURIComponent(page.json.next_cursor)}` : null;
    }
  });
  return kept;
}

export async function until(holds, limitMs) {
  for (const end = Date.now() + limitMs; Date.now() < end; await sleep(250)) if (await holds()) return true;
  return false;
}

async function each(list, atOnce, work) {
  const left = [...list];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let one = left.pop(); one !== undefined; one = left.pop()) await work(one);
    }),
  );
}
