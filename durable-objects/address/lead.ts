import { type Ended, type JournalEntry, type Lead, leadName, type Packed } from "../../src/calls/shape";
import type { LoggedIds } from "../../src/calls/user";
import { newState } from "../../src/engine/step";
import type { UserState } from "../../src/engine/types";
import type { Store } from "../store";
import { openLead } from "../upgrades";

/** Changes are counted in ms: this puts a lead's before all that the user's own journal has. */
const BEFORE = 8e15;

/** Leads are handed over again for a minute or two; nobody signs up with so many addresses meanwhile. */
const MAX_BEFORE = 20;
/** More than that: changes of several leads, which may have begun in the same moment, have places of their own. */
const LEADS = 32;

/** All that a user took over, the latest last. */
const takenBy = ({ tookOver, tookOverBefore = [] }: Packed): string[] =>
  tookOver === undefined ? tookOverBefore : [...tookOverBefore, tookOver];

/** Whether a user has a lead: one who was erased since has not, and gets no more of it. */
export const hasTaken = (packed: Packed, name: string): boolean => takenBy(packed).includes(name);

/**
 * Entries of a lead's journal as they stand in the user's: before all of it, told of but not told again.
 * @param isOwn whether an event of that id happened to the user: a copy is of that one
 */
export const entriesOfLead = (
  packed: Packed,
  name: string,
  entries: readonly JournalEntry[],
  isOwn: (eventId: string) => boolean,
): JournalEntry[] =>
  entries.map(({ input: _, stamp: __, hash, ...entry }) => ({
    ...entry,
    ...(hash && entry.eventId !== null && !isOwn(entry.eventId) ? { hash } : {}),
    seq: entry.seq * LEADS + takenBy(packed).indexOf(name) - BEFORE,
  }));

/** Whether an entry is of a lead that was taken over. */
export const isOfLead = ({ seq }: JournalEntry): boolean => seq < 0;

/**
 * Gives what a lead had to the user who signs up: forms, runs, deliveries, log. Doing it twice is doing it once.
 * @returns the user's state with it; null: nothing was to be done
 */
export function takeOver(packed: Packed, user: string, now: number, given: Lead, name: string): UserState | null {
  const held = openLead(given);
  const from = held.packed.state;
  const lead = leadName(name, held);
  const before = packed.tookOverBefore ?? [];
  if (hasTaken(packed, lead) || !from) return null;
  if (!packed.state) packed.isFresh = true;
  const state = structuredClone(packed.state) ?? newState(user, now);
  const { learner } = state;
  learner.email ??= from.learner.email;
  learner.forms = { ...from.learner.forms, ...learner.forms };
  learner.nps ??= from.learner.nps;
  learner.marketingConsent ??= from.learner.marketingConsent;
  state.order = Math.max(state.order, from.order);
  state.runs.push(...from.runs);
  for (const [key, starts] of Object.entries(from.starts)) {
    const own = state.starts[key];
    state.starts[key] = own ? { count: own.count + starts.count, last: Math.max(own.last, starts.last) } : starts;
  }
  if (packed.tookOver !== undefined) packed.tookOverBefore = [...before, packed.tookOver].slice(-MAX_BEFORE);
  packed.tookOver = lead;
  packed.seq = Math.max(packed.seq, held.packed.seq) + 1;
  packed.nextWake = earlier(packed.nextWake, held.packed.nextWake);
  packed.inbox = [...held.packed.inbox, ...packed.inbox];
  // All of it as of this change: what D1 is told of an earlier one right now does not hold it.
  const { seq } = packed;
  for (const run of from.runs) packed.live[run.id] = seq;
  for (const item of Object.values(held.packed.outbox)) packed.outbox[item.delivery.id] = { ...item, seq };
  for (const one of held.packed.ended) packed.ended.push({ ...one, seq: ++packed.seq });
  for (const [kind, value] of held.packed.words) packed.words.push([kind, value, seq]);
  packed.logSeq = packed.seq;
  return state;
}

const earlier = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.min(one, other);

/** Takes entries of a lead's journal. */
export function takeEntries(
  store: Pick<Store, "load" | "eventBefore" | "addEntries" | "commit">,
  name: string,
  entries: readonly JournalEntry[],
): void {
  const packed = store.load();
  if (!packed || !hasTaken(packed, name)) return;
  const isOwn = (id: string): boolean => {
    const entry = store.eventBefore(id)?.entry;
    return entry != null && !isOfLead(entry);
  };
  store.addEntries(entriesOfLead(packed, name, entries, isOwn));
  store.commit();
}

/** Takes what of a lead has ended; `logged`: what the user has already. */
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
