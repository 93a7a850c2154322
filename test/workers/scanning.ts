import type { ScanMessage } from "../../src/calls/messages";
import { scanPage, scanSchools } from "../../src/users/scan/page";
import { env, type HeldQueues } from "./live";

/* For tests: cron's looks for whoever crossed a threshold, driven to their end. */

/** Messages that wait about a school's thresholds; others' are left where they are. */
export function scansOf(queues: HeldQueues, school: string): ScanMessage[] {
  const messages = queues.actions.splice(0);
  const own = messages.filter((one) => one.kind === "scan" && one.school === school);
  queues.actions.push(...messages.filter((one) => !own.includes(one)));
  return own as ScanMessage[];
}

/** Takes up all messages that wait, and those they send, at most so many generations of them. */
export async function scanAll(queues: HeldQueues, school: string, most = Number.POSITIVE_INFINITY): Promise<void> {
  let taken = 0;
  for (let messages = scansOf(queues, school); messages.length && taken++ < most; messages = scansOf(queues, school))
    for (const message of messages) await scanPage(env, message);
}

/** A round of cron with all that follows from it. */
export async function scanRound(queues: HeldQueues, school: string): Promise<void> {
  await scanSchools(env);
  await scanAll(queues, school);
}
