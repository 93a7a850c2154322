import type { Retelling } from "../../src/calls/retelling";
import type { Delivery } from "../../src/engine/types";
import type { UserParts } from "../parts";
import { finish } from "../sending/posting";

/*
 * D1 was brought back to a moment, or this object was, and the other was not.
 */

type Parts = Pick<UserParts, "store" | "telling" | "waking" | "clock">;

/** How the source of an enrolment begins that a method gave. */
const BY_METHOD = "self:";

export function tellAnew({ store, telling, waking }: Parts, since: number | null): Retelling | null {
  const packed = store.load();
  if (!packed?.state || packed.movedTo !== undefined) return null;
  telling.anew(packed, since);
  store.save(packed);
  store.commit();
  waking.arm();
  const sources = packed.state.learner.enrolments.flatMap((one) => one.sources.map(({ source }) => source));
  const methods = sources.flatMap((source) => (source.startsWith(BY_METHOD) ? source.slice(BY_METHOD.length) : []));
  return {
    live: packed.state.runs.map(({ id }) => id),
    methods: [...new Set(methods)],
  };
}

/** So many keys of what has left are remembered. */
const MAX_LEFT = 1_000;

export function learnFromLog({ store, telling, waking, clock }: Parts, known: readonly Delivery[]): void {
  const packed = store.load();
  if (!packed) return;
  // It begins at real time and counts changes: so it is ahead of whatever was told.
  packed.seq = Math.max(packed.seq, clock());
  const ended = known.filter(({ status }) => status !== "queued");
  for (const one of ended) {
    const item = packed.outbox[one.id];
    if (item) finish(packed, { ...item.delivery, attempts: one.attempts }, one.status, one.reason);
  }
  const keys = new Set([...(packed.left ?? []), ...ended.map(({ key }) => key)]);
  packed.left = [...keys].slice(-MAX_LEFT);
  telling.anew(packed, null);
  store.save(packed);
  store.commit();
  waking.arm();
}

/** Has an object go back to a real time, ms. @returns a bookmark of where it was */
export async function goBack(ctx: DurableObjectState, to: number): Promise<string> {
  const bookmark = await ctx.storage.getBookmarkForTime(to);
  const before = await ctx.storage.onNextSessionRestoreBookmark(bookmark);
  // Behind the answer: the next call finds it as it was.
  setTimeout(() => ctx.abort("it goes back"), 0);
  return before;
}
