import { setEntry } from "../../src/base/record";
import type { Ended, OutboxItem, Packed } from "../../src/calls/shape";
import type { LoggedIds } from "../../src/calls/user";
import { happensOnce } from "../../src/catalogue/facts/changes";
import { isLead } from "../../src/catalogue/facts/facts";
import { LIMITS } from "../../src/catalogue/facts/limits";
import type { Played } from "../../src/engine/play";
import { newState } from "../../src/engine/step";
import type { UserState } from "../../src/engine/types";
import { addressesOf } from "../address/addresses";
import { MAX_ONCE } from "../packed/packed";
import { changeOf, LMS } from "../sending/changes";
import { finish, MAX_INBOX } from "../sending/posting";
import { noteTaken } from "./journal";

/*
 * What lay packed of a lead that signs up, or of a user who is merged into another, becomes somebody else's. What it does
 * to the state is the engine's.
 */

/** Of a user so many others may be merged into one. */
export const hasRoomFor = (packed: Packed, from: Packed): boolean =>
  (packed.merged?.length ?? 0) + (from.merged?.length ?? 0) < LIMITS.merged;

/**
 * Gives what lay packed to its taker: runs, deliveries, log.
 * @param from its own copy, of which parts are kept
 * @param id whose it was
 * @param name the same, and when it began
 */
export function takePacked(packed: Packed, user: string, from: Packed, id: string, name: string): void {
  noteTaken(packed, name);
  if (!isLead(id)) noteMerged(packed, from, id);
  packed.seq = Math.max(packed.seq, from.seq) + 1;
  packed.nextWake = earlier(packed.nextWake, from.nextWake);
  packed.inbox = [...from.inbox, ...packed.inbox]
    .sort((one, other) => one.createdAt - other.createdAt)
    .slice(-MAX_INBOX);
  packed.mail.left = [...from.mail.left, ...packed.mail.left].sort((one, other) => one.at - other.at);
  if (from.once) packed.once = [...from.once, ...(packed.once ?? [])].slice(-MAX_ONCE);
  if (from.goals) packed.goals = { ...from.goals, ...packed.goals };
  packed.changes = [...packed.changes, ...from.changes];
  // All of it as of this change: what D1 is told of an earlier one right now does not hold it.
  const { seq } = packed;
  for (const run of from.state?.runs ?? []) setEntry(packed.live, run.id, seq);
  for (const item of Object.values(from.outbox)) takeItem(packed, user, item, seq);
  for (const one of from.ended) packed.ended.push({ ...one, seq: ++packed.seq });
  for (const [kind, value, , name] of from.words)
    packed.words = [...packed.words, name === undefined ? [kind, value, seq] : [kind, value, seq, name]];
  packed.logSeq = packed.seq;
}

/** The ids by which the user was known, and all addresses that something may name the user by. */
function noteMerged(packed: Packed, from: Packed, id: string): void {
  const { email = null, others = [] } = addressesOf(from) ?? {};
  const emails = [...new Set([...(email === null ? [] : [email]), ...others])];
  packed.merged = [...(packed.merged ?? []), ...(from.merged ?? []), { id, emails }];
}

function takeItem(packed: Packed, user: string, item: OutboxItem, seq: number): void {
  const { delivery } = item;
  packed.outbox[delivery.id] = { ...item, seq: delivery.channel === LMS ? item.seq : seq };
  if (delivery.channel !== LMS) return;
  // What the other was to be or have in the LMS is told anew, as far as it is news of the user it was given to.
  if (!happensOnce(changeOf(delivery).type)) finish(packed, delivery, "suppressed", "merged");
  else Object.assign(delivery, { to: [user], content: { ...delivery.content, user, seq: ++packed.seq } });
}

const earlier = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.min(one, other);

/** Takes what of the other has ended; `logged`: what the user has already. */
export function takeEnded(packed: Packed, { runs, deliveries }: LoggedIds, ended: readonly Ended[]): void {
  const known = new Set([...runs, ...deliveries]);
  for (const one of ended) {
    const { id } = "run" in one ? one.run : one.delivery;
    // What is here is newer: what came before it, or what has become of it since.
    if (!known.has(id)) packed.ended.push({ ...one, seq: ++packed.seq });
    known.add(id);
  }
  packed.logSeq = packed.seq;
}

/** What happens to the taker by it. */
export const takingOf = (own: UserState | null, user: string, now: number, from: UserState, id: string): Played =>
  isLead(id)
    ? { kind: "given", state: withLead(own, user, now, from) }
    : { kind: "merge", state: from, quiet: true, origin: { by: "merge", id } };

/** The state of a user who signs up, with what a lead had: forms, an answer, consent, runs. */
function withLead(own: UserState | null, user: string, now: number, from: UserState): UserState {
  const state = structuredClone(own) ?? newState(user, now);
  const { learner } = state;
  learner.email ??= from.learner.email;
  learner.forms = { ...from.learner.forms, ...learner.forms };
  learner.nps ??= from.learner.nps;
  learner.topicsOff = [...new Set([...learner.topicsOff, ...from.learner.topicsOff])];
  learner.marketingConsent ??= from.learner.marketingConsent;
  state.order = Math.max(state.order, from.order);
  state.runs = [...state.runs, ...from.runs];
  for (const [key, starts] of Object.entries(from.starts)) {
    const known = state.starts[key];
    setEntry(
      state.starts,
      key,
      known ? { count: known.count + starts.count, last: Math.max(known.last, starts.last) } : starts,
    );
  }
  return state;
}
