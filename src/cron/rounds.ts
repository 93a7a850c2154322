import type { Env } from "../base/env";
import type { ActionMessage, RetainMessage } from "../calls/messages";
import { remindToForget } from "./forget";
import { FIRST, findOld, letAlone, retainIn, retainInShards, retainShared } from "./retention";

/*
 * Each hour what is kept for a time only is gone over: a chain of messages through the schools of which something may be
 * too old, a page of them each. `school_ages` says until when nothing of a school is, so that others are not asked: triggers
 * bring that forward, and it is moved on here, where nothing will be for a while. One look finds which of a page have
 * something that is too old: of the others nothing else is asked. Where a page has more than one message may delete it goes
 * on by a chain of its own, so that no school waits behind one that has much.
 */

const SCHOOLS_A_PAGE = 1_000;

/** Has the queue begin. */
export async function sendRetention(env: Env): Promise<void> {
  const message: ActionMessage = { kind: "retain", school: "", after: "" };
  await env.JOBS.send(message);
}

/** Of what is kept for all of them: no school. */
const NONE = "";

/** Does one page, and sends word of the next. */
export async function retainPage(env: Env, { through, behind, to }: RetainMessage): Promise<void> {
  const isBegin = behind === undefined && to === undefined;
  if (isBegin && (await retainShared(env)))
    await env.JOBS.send({ kind: "retain", school: "", after: NONE, through: NONE } satisfies ActionMessage);
  if (isBegin && through === NONE) return;
  const { old, away, due } = await findOld(env, { behind, to, most: to ? -1 : SCHOOLS_A_PAGE });
  const last = due.at(-1);
  if (!last) return;
  const place = { at: last.at, school: last.school };
  // Before the work: whatever becomes of that, those behind have their turn.
  const next: ActionMessage = { kind: "retain", school: "", after: NONE, behind: place };
  if (!to && due.length === SCHOOLS_A_PAGE) await env.JOBS.send(next);
  const isMore = await retainIn(env, old);
  const inShards = await retainInShards(
    env,
    due.map(({ school }) => school),
  );
  const left = [isMore, inShards.isLeft, await remindToForget(env, away)];
  const idle = due.map((one) => ({ ...one, days: Math.min(one.days, inShards.days.get(one.school) ?? one.days) }));
  await letAlone(
    env,
    idle.filter(({ days }) => days > 0),
  );
  if (!left.includes(true)) return;
  const again: ActionMessage = { kind: "retain", school: "", after: NONE, behind: behind ?? FIRST, to: place };
  await env.JOBS.send(again);
}
