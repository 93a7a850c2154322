import type { Packed, Receipt, ReceiptStatus } from "../../src/calls/shape";
import { hasReverse, leavesOther, type Said, saysReverse } from "../../src/catalogue/facts/changes";
import type { Played } from "../../src/engine/play";
import { noteInStep } from "../../src/engine/runs";
import type { Delivery } from "../../src/engine/types";
import { endedRun, writeEndedAnew } from "../packed/ended";
import type { Store } from "../store/store";
import { changeOf, changesIn, LMS, receiptStatus } from "./changes";

/*
 * What is said of changes once they are settled: in the step that made one, and in later answers to its event.
 */

/**
 * Notes in the step that made a change what the LMS said no to, where its run has ended.
 * @returns of a live run, what then happens to the user
 */
export function noteRefusal(store: Pick<Store, "ended">, packed: Packed, delivery: Delivery): Played | null {
  if (delivery.channel !== LMS || !delivery.run) return null;
  const error = delivery.attempts.at(-1)?.error;
  const change = String(delivery.content.type);
  const said = { change, status: receiptStatus(delivery), ...(error === undefined ? {} : { error }) };
  const rounds = delivery.round ? { round: delivery.round } : {};
  if (packed.state?.runs.some(({ id }) => id === delivery.run))
    return { kind: "lms_refused", run: delivery.run, step: delivery.step, ...rounds, said };
  const run = endedRun(store, packed, delivery.run);
  if (!run) return null;
  writeEndedAnew(packed, run, (again) => noteInStep(again, delivery.step, said, delivery.round));
  return null;
}

/** So far back it is looked for a change of ours: what comes from an LMS is seldom older. */
const MOST_PAGES = 3;

/**
 * What of that which comes from outside says the reverse of a change of ours that was settled after it happened: the LMS
 * had not heard of that yet, and is now as we are.
 * @param at when it happened, by the school's clock, ms
 */
export function overtakenOf(store: Pick<Store, "load" | "ended">, said: readonly Said[], at: number): Set<Said> {
  const overtaken = new Set<Said>();
  const packed = store.load();
  const open = new Set(packed?.state ? said.filter(({ type }) => hasReverse(type)) : []);
  const hear = (delivery: Delivery): void => {
    for (const one of open) {
      const answer = saysReverse(changeOf(delivery), one);
      if (answer === null) continue;
      open.delete(one);
      if (answer) overtaken.add(one);
    }
  };
  if (packed) for (const { delivery } of changesIn(packed).reverse()) hear(delivery);
  for (let page = 0, before: number | undefined; open.size > 0 && page < MOST_PAGES; page++) {
    const { items, next } = store.ended({ before, newestFirst: true });
    for (const one of items) {
      if (!("delivery" in one) || one.delivery.channel !== LMS || one.delivery.status !== "sent") continue;
      if ((one.delivery.attempts.at(-1)?.at ?? 0) < at) return overtaken;
      hear(one.delivery);
    }
    if (next === null) break;
    before = next;
  }
  return overtaken;
}

/** What was taken back before it left, or is unknown to the LMS, says nothing. */
const COUNTS: ReadonlySet<Delivery["status"]> = new Set(["queued", "sent", "failed", "not_sent"]);

/**
 * Whether a change of the same thing was made after one that failed, and is told or is to be, or failed as well: sent again
 * now, the older would undo it, and that one is to be sent again.
 */
export function hasLater(store: Pick<Store, "load" | "ended">, failed: Delivery): boolean {
  if (failed.channel !== LMS) return false;
  const change = changeOf(failed);
  const overtakes = (one: Delivery): boolean => {
    return (
      one.channel === LMS &&
      COUNTS.has(one.status) &&
      changeOf(one).seq > change.seq &&
      leavesOther(changeOf(one), change)
    );
  };
  const packed = store.load();
  if (packed && changesIn(packed).some(({ delivery }) => overtakes(delivery))) return true;
  // What was made later was settled later.
  for (let before: number | undefined; ; ) {
    const { items, next } = store.ended({ before, newestFirst: true });
    for (const one of items) {
      if (!("delivery" in one)) continue;
      if (one.delivery.id === failed.id) return false;
      if (overtakes(one.delivery)) return true;
    }
    if (next === null) return false;
    before = next;
  }
}

/** Receipts as they stand now: what was late is looked for among what waits and what has ended since, the newest first. */
export function receiptsNow(store: Pick<Store, "load" | "ended">, receipts: readonly Receipt[]): Receipt[] {
  const late = new Set(receipts.flatMap(({ status, delivery_id }) => (status === "late" ? [delivery_id] : [])));
  for (const id of Object.keys(store.load()?.outbox ?? {})) late.delete(id);
  if (!late.size) return [...receipts];
  const found = new Map<string, ReceiptStatus>();
  for (let before: number | undefined; found.size < late.size; ) {
    const { items, next } = store.ended({ before, newestFirst: true });
    for (const one of items)
      if ("delivery" in one && late.has(one.delivery.id) && !found.has(one.delivery.id))
        found.set(one.delivery.id, receiptStatus(one.delivery));
    if (next === null) break;
    before = next;
  }
  return receipts.map((one) => ({ ...one, status: found.get(one.delivery_id) ?? one.status }));
}
