import { getTableConfig } from "drizzle-orm/sqlite-core";
import * as schema from "../../src/db/schema";
import { aroundD1 } from "./d1-calls";
import { consume, env, type HeldQueues } from "./live";

/* For tests: a D1 that sheds one statement of a call, and what a school holds afterwards. */

/** What D1 says when it sheds. */
export const OVERLOADED = "D1_ERROR: D1 DB is overloaded. Requests queued for too long.";

/** Has D1 shed its `nth` call (from 0; a batch is one) while `act` goes on; `was` tells whether it came to that. */
export async function sheddingAt<T>(nth: number, act: () => Promise<T>): Promise<{ answer: T; was: boolean }> {
  let [asked, isOn] = [0, true];
  aroundD1((real) => {
    if (isOn && asked++ === nth) return Promise.reject(new Error(OVERLOADED));
    return real();
  });
  try {
    return { answer: await act(), was: asked > nth };
  } finally {
    isOn = false;
  }
}

/** All of D1's tables that hold something of a school, and by what a row is of one. */
const TABLES = Object.values(schema).flatMap((table) => {
  const { name, columns } = getTableConfig(table);
  const by = name === "schools" ? "id" : "school";
  // What is counted or kept for a repeat only says nothing of what was done.
  return columns.some((column) => column.name === by) && !["idempotency", "rates"].includes(name) ? [{ name, by }] : [];
});

/** How many rows D1 has of a school, by table. */
export async function rowsOf(school: string): Promise<Record<string, number>> {
  const counted = await env.DB.batch<{ n: number }>(
    TABLES.map(({ name, by }) => env.DB.prepare(`select count(*) as n from "${name}" where ${by} = ?`).bind(school)),
  );
  return Object.fromEntries(TABLES.map(({ name }, n) => [name, counted[n]?.results[0]?.n ?? 0]));
}

/** Lets happen what was queued, and what follows from it. */
export async function settle(queues: HeldQueues): Promise<void> {
  for (let turn = 0; turn < 20 && queues.actions.length + queues.log.length > 0; turn++) {
    const [actions, log] = [queues.actions.splice(0), queues.log.splice(0)];
    if (actions.length) await consume("schoolbell-actions", actions);
    if (log.length) await consume("schoolbell-log", log);
  }
}
