import { waitUntil } from "cloudflare:workers";
import type { Env } from "../../base/env";
import { log } from "../../base/reports/log";
import { referenceOf, userObject } from "../../calls/reaching/stub";
import type { ReceiptStatus } from "../../calls/shape";
import type { Attempted, Claim } from "../../calls/user";
import { lmsOf } from "../../connectors";
import { isRecord } from "../../definition/types";
import { announceSoon } from "../../journal/announce";
import type { School } from "../../world/snapshot";
import { attempt } from "./attempt";

/** Real time, ms, until which an answer may wait for the LMS to have what synchronous runs changed. */
export type Deadline = number;
/** It has passed: who sends so reads no receipts. */
export const NO_WAIT: Deadline = 0;

/** What a caller wants of the answer to its events. */
export interface Wanted {
  deadline: Deadline;
  /** The learner is not in it: of one with much to remember that is half a megabyte. */
  isMinimal: boolean;
}
/** Of a caller that looks only whether they were taken. */
export const UNREAD: Wanted = { deadline: NO_WAIT, isMinimal: true };

/** How long an answer may wait, in ms: none where no LMS is told. */
export const budgetOf = (school: School, deadline: Deadline): number =>
  school.mode === "live" && lmsOf(school.settings.connectors) ? Math.max(0, deadline - Date.now()) : 0;

/**
 * Carries out, in their order, what a user's object gave, and tells it what came of it. What is not done by the deadline
 * goes on behind the answer; what was not begun by then is left to the queue.
 * @returns by delivery, what is known when it is time to answer
 */
export async function carryOut(
  env: Env,
  school: School,
  user: string,
  calls: readonly Claim[],
  deadline: Deadline,
): Promise<Record<string, ReceiptStatus>> {
  const answered = new AbortController();
  const work = carry(env, school, user, calls, () => Date.now() >= deadline).catch((error: unknown) => {
    // Its object has it taken up again.
    log("error", "changes.not_carried_out", { school: school.id, error });
    return {};
  });
  waitUntil(work);
  const late = scheduler
    .wait(Math.max(0, deadline - Date.now()), { signal: answered.signal })
    .then(() => ({}))
    .catch(() => ({}));
  const statuses = await Promise.race([work, late]);
  answered.abort();
  return statuses;
}

async function carry(
  env: Env,
  school: School,
  user: string,
  calls: readonly Claim[],
  isOver: () => boolean,
): Promise<Record<string, ReceiptStatus>> {
  const attempted: Attempted[] = [];
  for (const claim of calls) {
    if (isOver()) break;
    const sending = await attempt(env, school, claim);
    attempted.push({ delivery: claim.delivery.id, sending });
    // What comes after it waits for it.
    if (!sending.ok && sending.retry) break;
  }
  const left = calls.slice(attempted.length).map(({ delivery }) => delivery.id);
  const settled = await userObject(env, school, user).carriedOut(referenceOf(school), { attempted, left });
  if (settled.hasNews) announceSoon(env, { school: school.id, epoch: school.epoch, user }, { wakes: false });
  return settled.statuses;
}

/** The answer to an event, with what became of changes since it was made. */
export function withStatuses(text: string, statuses: Readonly<Record<string, ReceiptStatus>>): string {
  const answer: unknown = JSON.parse(text);
  if (!isRecord(answer) || !Array.isArray(answer.runs)) return text;
  for (const run of answer.runs) {
    for (const receipt of Array.isArray(run.receipts) ? run.receipts : [])
      receipt.status = statuses[receipt.delivery_id] ?? receipt.status;
  }
  return JSON.stringify(answer);
}
