import type { OutboxItem, Packed, Receipt, ReceiptStatus } from "../../src/calls/shape";
import type { Claim, EventsAnswer } from "../../src/calls/user";
import { formatInstant } from "../../src/catalogue/dates/time";
import { type SentChange, takesBack } from "../../src/catalogue/facts/changes";
import { makeId, tracedBy } from "../../src/engine/identity";
import { noteInStep } from "../../src/engine/runs";
import type { ChangeMade, Delivery, Effects } from "../../src/engine/types";
import { capture, finish, type Posting } from "./posting";

/*
 * Changes on their way: all of them to the school's feed, and to its LMS where it has chosen one. There they leave in
 * their order, each after the one before was settled.
 */

export const LMS = "lms";
export const UNSUPPORTED = "unsupported";
const CANCELLED = "cancelled";

/** Takes up what a turn changed; answers with what is to be said of the changes of synchronous runs. */
export function takeChanges(packed: Packed, effects: Effects, posting: Posting): Receipt[] {
  const receipts: Receipt[] = [];
  for (const made of effects.changes) {
    const change = sentOf(packed, made, posting.user);
    packed.changes = [...packed.changes, change];
    if (!posting.lms) continue;
    const delivery = post(packed, effects, made, change, posting);
    if (made.step?.synchronous) receipts.push(receiptOf(delivery, change));
  }
  const late = receipts.flatMap(({ status, delivery_id }) => (status === "late" ? [delivery_id] : []));
  const statuses = takenBackOf(packed, late);
  return receipts.map((one) => ({ ...one, status: statuses[one.delivery_id] ?? one.status }));
}

/** By delivery, what there is to say of those that waited when they were made: one behind them may have taken them back. */
const takenBackOf = (packed: Packed, late: Iterable<string>): Record<string, ReceiptStatus> =>
  Object.fromEntries([...late].flatMap((id) => (packed.outbox[id] ? [] : [[id, "done" as const]])));

function sentOf(packed: Packed, { cause, at, step: _, trace: __, ...change }: ChangeMade, user: string): SentChange {
  const seq = ++packed.seq;
  const id = makeId("chg", at, seq, user);
  return { ...change, cause, id, user, seq, at: formatInstant(at) };
}

function post(packed: Packed, effects: Effects, made: ChangeMade, change: SentChange, posting: Posting): Delivery {
  const { step } = made;
  const delivery: Delivery = {
    id: makeId("dlv", made.at, change.seq, posting.user),
    run: step?.run ?? "",
    automation: step?.automation ?? "",
    step: step?.step ?? "",
    ...(step?.round ? { round: step.round } : {}),
    channel: LMS,
    status: "queued",
    to: [posting.user],
    // A change is a record.
    content: { ...change },
    attempts: [],
    key: change.id,
    createdAt: made.at,
    ...tracedBy(made),
  };
  if (!posting.lms?.supports(change.type)) {
    const run = step && effects.runs.get(step.run);
    if (run && step) noteInStep(run, step.step, { change: change.type, status: UNSUPPORTED }, step.round);
    return finish(packed, delivery, "suppressed", UNSUPPORTED);
  }
  if (posting.mode === "test") return capture(packed, delivery);
  const earlier = takenBack(packed, change);
  if (!earlier) {
    packed.outbox[delivery.id] = { delivery, seq: 0, dueAt: posting.realNow, leasedUntil: 0, firstAt: null };
    return delivery;
  }
  finish(packed, earlier.delivery, "suppressed", CANCELLED);
  return finish(packed, delivery, "suppressed", CANCELLED);
}

/** Posted as a change, here or by a release before. */
export const changeOf = ({ content }: Delivery): SentChange => content as unknown as SentChange;

export const changesIn = (packed: Packed): OutboxItem[] =>
  Object.values(packed.outbox).filter(({ delivery }) => delivery.channel === LMS);

/**
 * The change that one takes back, where nobody has tried to send it, and nothing of the same came between or waits before:
 * what becomes of that nobody knows yet, and the LMS might end otherwise.
 */
function takenBack(packed: Packed, change: SentChange): OutboxItem | null {
  const same = changesIn(packed).filter(({ delivery }) => takesBack(changeOf(delivery), change) !== "other");
  const [item] = same;
  if (!item || same.length > 1 || item.isOut || item.delivery.attempts.length) return null;
  return takesBack(changeOf(item.delivery), change) === "yes" ? item : null;
}

/** The change that goes next, of all that wait. */
export const firstChange = (packed: Packed): OutboxItem | undefined => changesIn(packed)[0];

/** As much as we take of events ourselves, in characters. */
const BATCH_CHARACTERS = 1_000_000;

/**
 * Further changes that may go in one call with the first: those right behind it, for none is left out between two. What
 * was tried before goes alone, so that one bad among several is settled by itself.
 */
export function withFirst(packed: Packed, most: number): OutboxItem[] {
  const [first, ...behind] = changesIn(packed).slice(0, most);
  if (!first || wasTried(first)) return [];
  const more: OutboxItem[] = [];
  let characters = lengthOf(first);
  for (const item of behind) {
    characters += lengthOf(item);
    if (wasTried(item) || characters > BATCH_CHARACTERS) break;
    more.push(item);
  }
  return more;
}

const wasTried = ({ delivery }: OutboxItem): boolean => delivery.attempts.length > 0;
const lengthOf = ({ delivery }: OutboxItem): number => JSON.stringify(delivery.content).length;

/** A caller has this much longer than its budget before others take up what it was given. */
const SLACK_MS = 15_000;
/** So many one answer waits for. */
const MOST_CALLS = 25;

/**
 * Gives changes that wait to whoever answers events, where there is a budget, and says which of them were taken back
 * since their events were judged.
 */
export function giveToCaller(
  packed: Packed | null,
  late: ReadonlySet<string>,
  budgetMs: number,
  realNow: number,
): Pick<EventsAnswer, "calls" | "statuses"> {
  if (!packed || !late.size) return {};
  const calls = budgetMs > 0 ? claimForCaller(packed, late, budgetMs, realNow) : [];
  const statuses = takenBackOf(packed, late);
  return {
    ...(calls.length ? { calls } : {}),
    ...(Object.keys(statuses).length ? { statuses } : {}),
  };
}

/** All that wait up to the last of these, in their order. None where another has the first, or it is not to be tried yet. */
function claimForCaller(packed: Packed, wanted: ReadonlySet<string>, budgetMs: number, realNow: number): Claim[] {
  if (!packed.state) return [];
  const { id, email, pushTokens } = packed.state.learner;
  const waiting = changesIn(packed);
  const last = waiting.findLastIndex(({ delivery }) => wanted.has(delivery.id));
  const [first] = waiting;
  if (!first || first.leasedUntil > realNow || (first.dueAt ?? 0) > realNow) return [];
  return waiting.slice(0, Math.min(last + 1, MOST_CALLS)).map((item) => {
    item.leasedUntil = item.dueAt = realNow + budgetMs + SLACK_MS;
    item.firstAt ??= realNow;
    item.isOut = true;
    return { delivery: item.delivery, user: { id, email, pushTokens } };
  });
}

/** Gives back what was claimed and not tried. */
export function giveBack(packed: Packed, ids: readonly string[], realNow: number): void {
  for (const id of ids) {
    const item = packed.outbox[id];
    if (!item) continue;
    item.dueAt = realNow;
    item.leasedUntil = 0;
    delete item.isOut;
  }
}

// ---- What is said of them ----

const receiptOf = (delivery: Delivery, change: SentChange): Receipt => ({
  run: delivery.run,
  step_id: delivery.step,
  change: change.type,
  change_id: change.id,
  status: receiptStatus(delivery),
  delivery_id: delivery.id,
});

/** How a receipt names what became of a delivery; one that still waits is late. */
export function receiptStatus(delivery: Pick<Delivery, "status" | "reason">): ReceiptStatus {
  if (delivery.status === "queued") return "late";
  if (delivery.status === "suppressed") return delivery.reason === UNSUPPORTED ? "unsupported" : "done";
  return RECEIPTS[delivery.status];
}
const RECEIPTS = { sent: "done", captured: "captured", not_sent: "failed", failed: "failed" } as const;
