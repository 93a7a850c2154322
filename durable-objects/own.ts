import { holdsSought } from "../src/base/text/text";
import type { OwnDeliveries, OwnRuns, Turned } from "../src/calls/own";
import type { Ended } from "../src/calls/shape";
import { idsFrom } from "../src/engine/identity";
import { UNDONE } from "../src/engine/runs";
import type { Delivery, LoggedRun, Run } from "../src/engine/types";
import { loggedOf } from "./packed/packed";
import type { Store } from "./store/store";

/*
 * The user's own runs and deliveries, live ones and those that have ended, a page at a time: D1 finds them by automation
 * and by id alone.
 */

type Kept = Pick<Store, "load" | "ended">;

/** A page of things in the order of their ids, of which one that was begun again counts as it is now. */
function page<T extends { id: string }>(
  store: Kept,
  live: readonly T[],
  ended: (one: Ended) => T | null,
  isMeant: (one: T) => boolean,
  { after, newestFirst, limit }: Turned,
): T[] {
  const isBehind = ({ id }: T): boolean => after === undefined || (newestFirst ? id < after : id > after);
  const seen = new Set<string>();
  let found: T[] = [];
  const take = (one: T): void => {
    if (seen.has(one.id)) return;
    seen.add(one.id);
    if (isBehind(one) && isMeant(one)) found.push(one);
  };
  for (const one of live) take(one);
  for (let before: number | undefined; ; ) {
    const { items, next } = store.ended({ before, newestFirst: true });
    for (const item of items) {
      const one = ended(item);
      if (one) take(one);
    }
    const way = newestFirst ? -1 : 1;
    found = found.sort((one, other) => (one.id < other.id ? -way : way)).slice(0, limit);
    if (next === null) return found;
    before = next;
  }
}

/** @param query `limit`: so many at most */
export function ownRuns(store: Kept, query: OwnRuns): LoggedRun[] {
  const { automation, status, since, step } = query;
  const from = since === undefined ? "" : idsFrom("run", since);
  const isMeant = (run: LoggedRun): boolean =>
    (automation === undefined || run.automation === automation) &&
    (status === undefined || run.status === status) &&
    (since === undefined || (run.startedAt >= since && run.id >= from)) &&
    (step === undefined || run.steps.some((one) => one.step_id === step));
  const live = store.load()?.state?.runs ?? [];
  return page(store, live, (one) => ("run" in one ? one.run : null), isMeant, query).map(loggedOf);
}

const isTitled = ({ content: { subject, title } }: Delivery, part: string): boolean =>
  holdsSought(String(subject ?? title ?? ""), part);

export function ownDeliveries(store: Kept, query: OwnDeliveries): Delivery[] {
  const { run, automation, channel, status, subject, from = "", to } = query;
  const isMeant = (one: Delivery): boolean =>
    one.id >= from &&
    (to === undefined || one.id < to) &&
    (automation === undefined || one.automation === automation) &&
    (run === undefined || one.run === run) &&
    (channel === undefined || one.channel === channel) &&
    (status === undefined || one.status === status) &&
    (subject === undefined || isTitled(one, subject));
  const live = Object.values(store.load()?.outbox ?? {}).map(({ delivery }) => delivery);
  return page(store, live, (one) => ("delivery" in one ? one.delivery : null), isMeant, query);
}

/**
 * How what D1 says has ended stands here: `undone`, it goes on no more; `as_told`, as D1 has it; `since`, otherwise, as it
 * went on: of two who have it go on at once the second knows only what was before the first. One that is not kept here is
 * taken to be as told.
 */
export function standing(store: Kept, told: Run | Delivery): "undone" | "as_told" | "since" {
  const found = newestOf(store, told.id);
  if (!found) return "as_told";
  const one = "run" in found ? found.run : found.delivery;
  if (one.reason === UNDONE) return "undone";
  return one.status === told.status && triesOf(one) === triesOf(told) ? "as_told" : "since";
}

/** Whether a run that failed may go on. */
export const mayRetry = (store: Kept, run: Run): boolean => standing(store, run) === "as_told";

/** What a run or a delivery ended as last; null: it is not kept here. */
function newestOf(store: Kept, id: string): Ended | null {
  for (let before: number | undefined; ; ) {
    const { items, next } = store.ended({ before, newestFirst: true, most: 1 });
    const found = items.find((one) => ("run" in one ? one.run : one.delivery).id === id);
    if (found || next === null) return found ?? null;
    before = next;
  }
}

const triesOf = (one: LoggedRun | Delivery): number => ("steps" in one ? one.steps : one.attempts).length;

/** By what D1 finds all of them. */
export function loggedIds(store: Kept): { runs: string[]; deliveries: string[] } {
  const packed = store.load();
  const runs = new Set(packed?.state?.runs.map(({ id }) => id));
  const deliveries = new Set(Object.keys(packed?.outbox ?? {}));
  for (let after: number | undefined; ; ) {
    const { items, next } = store.ended({ after });
    for (const one of items) {
      if ("run" in one) runs.add(one.run.id);
      else deliveries.add(one.delivery.id);
    }
    if (next === null) return { runs: [...runs], deliveries: [...deliveries] };
    after = next;
  }
}
