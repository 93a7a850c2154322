import { asc, gt } from "drizzle-orm";
import type { Env } from "../base/env";
import type { ActionMessage, RetainMessage } from "../calls/messages";
import { database } from "../db/client";
import { schools } from "../db/schema";
import { remindToForget } from "./forget";
import { retain } from "./retention";

/*
 * Each hour what is kept for a time only is gone over: a chain of messages through the schools, a page of them each.
 * Where a page has more than one message may delete it goes on by a chain of its own, so that no school waits behind one
 * that has much.
 */

const SCHOOLS_A_PAGE = 1_000;

/** Has the queue begin. */
export async function sendRetention(env: Env): Promise<void> {
  const message: ActionMessage = { kind: "retain", school: "", after: "" };
  await env.JOBS.send(message);
}

/** Does one page, and sends word of the next. */
export async function retainPage(env: Env, { after, through }: RetainMessage): Promise<void> {
  let last = through;
  if (last === undefined) {
    const page = await database(env.DB)
      .select({ id: schools.id })
      .from(schools)
      .where(gt(schools.id, after))
      .orderBy(asc(schools.id))
      .limit(SCHOOLS_A_PAGE);
    last = page.at(-1)?.id;
    if (last === undefined) return;
    // Before the work: whatever becomes of that, those behind have their turn.
    const next: ActionMessage = { kind: "retain", school: "", after: last };
    if (page.length === SCHOOLS_A_PAGE) await env.JOBS.send(next);
  }
  const range = { after, through: last };
  const left = [await retain(env, range), await remindToForget(env, range)];
  if (!left.includes(true)) return;
  const again: ActionMessage = { kind: "retain", school: "", ...range };
  await env.JOBS.send(again);
}
