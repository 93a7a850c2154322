import type { Env } from "../base/env";
import type { ActionMessage, RetainMessage } from "../calls/messages";
import { remindToForget } from "./forget";
import { findOld, retainIn, retainInShards, retainShared } from "./retention";

/*
 * Each hour what is kept for a time only is gone over: a chain of messages through the schools, a page of them each.
 * One look finds which of a page have something that is too old: of the others nothing else is asked. Where a page has
 * more than one message may delete it goes on by a chain of its own, so that no school waits behind one that has much.
 */

const SCHOOLS_A_PAGE = 1_000;

/** Has the queue begin. */
export async function sendRetention(env: Env): Promise<void> {
  const message: ActionMessage = { kind: "retain", school: "", after: "" };
  await env.JOBS.send(message);
}

/** Behind every id. */
export const LAST = "\u{10ffff}";
/** No school at all: what is kept for all of them. */
const NONE = "";

/** Does one page, and sends word of the next. */
export async function retainPage(env: Env, { after, through }: RetainMessage): Promise<void> {
  const isRest = through !== undefined;
  if (after === NONE && (through ?? NONE) === NONE && (await retainShared(env)))
    await env.JOBS.send({ kind: "retain", school: "", after: NONE, through: NONE } satisfies ActionMessage);
  if (through === NONE) return;
  const range = { after, through: through ?? LAST, most: isRest ? -1 : SCHOOLS_A_PAGE };
  const { old, away, last, isFull } = await findOld(env, range);
  if (last === undefined) return;
  // Before the work: whatever becomes of that, those behind have their turn.
  const next: ActionMessage = { kind: "retain", school: "", after: last };
  if (!isRest && isFull) await env.JOBS.send(next);
  const left = [
    await retainIn(env, old),
    await retainInShards(env, { after, through: last }),
    await remindToForget(env, away),
  ];
  if (!left.includes(true)) return;
  const again: ActionMessage = { kind: "retain", school: "", after, through: last };
  await env.JOBS.send(again);
}
