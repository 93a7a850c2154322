import { newState } from "../src/engine/step";
import type { JournalEntry, Packed } from "./store";

/** All that is held of a lead. */
export interface Lead {
  packed: Packed;
  journal: JournalEntry[];
}

/** Before all that the user's own journal has. */
const BEFORE = 1_000_000_000;

/**
 * Gives what a lead had to the user who signs up: answers, runs, deliveries, log. Doing it twice is doing it once.
 * @returns the journal entries to take over; null: nothing was to be done
 */
export function takeOver(packed: Packed, user: string, now: number, lead: Lead, name: string): JournalEntry[] | null {
  const from = lead.packed.state;
  if (packed.tookOver === name || !from) return null;
  if (!packed.state) packed.isFresh = true;
  const state = packed.state ?? newState(user, now);
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
  packed.state = state;
  packed.tookOver = name;
  packed.seq = Math.max(packed.seq, lead.packed.seq) + 1;
  packed.inbox = [...lead.packed.inbox, ...packed.inbox];
  for (const run of from.runs) packed.runs[run.id] = { seq: packed.seq, run: null };
  Object.assign(packed.outbox, lead.packed.outbox);
  Object.assign(packed.runs, lead.packed.runs);
  Object.assign(packed.deliveries, lead.packed.deliveries);
  return lead.journal.map((entry) => ({ ...entry, seq: entry.seq - BEFORE }));
}
