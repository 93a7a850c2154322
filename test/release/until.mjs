import { setTimeout as sleep } from "node:timers/promises";

/** Asks until it holds; throws when it does not within a time. */
export async function sleepUntil(holds, withinMs) {
  const end = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`it does not come to hold within ${withinMs / 1_000} s`);
    await sleep(250);
  }
}
