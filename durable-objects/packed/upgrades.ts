import { STORED_BY_LATER } from "../../src/base/errors/errors";
import { isStored, type Stored, storedIn, type Upgrade, upgrade } from "../../src/base/upgrades";
import type { Beginning, Ended, Handed, JournalEntry, Packed } from "../../src/calls/shape";
import { newGivers, originOfSource } from "../../src/catalogue/facts/givers";
import { traceOfId } from "../../src/engine/identity";
import { tagsTrimmed, textsAsComparedNow } from "./upgrade-texts";

/*
 * Whatever is read back of a user's object passes here: what lies packed, its rows beside, what another object hands
 * over. A key more of Packed, or of anything in it, wants an upgrade that gives it to those stored before.
 */

/** Rows of the log hold what an ended run is told by, and no more of what the engine ran it by. */
function endedRunsAsTold(stored: Stored): void {
  for (const { run } of storedIn(stored.runs)) {
    if (!isStored(run)) continue;
    for (const name of ["subject", "place", "queued", "waited", "chain", "lineage", "heard"]) delete run[name];
  }
}

/** Runs and deliveries stay when D1 has heard of them; the journal has no decisions that say nothing, nor tags of then. */
function whatHasEndedStays(stored: Stored): void {
  for (const { facts } of storedIn(stored.entries)) {
    for (const fact of storedIn(facts)) {
      delete fact.tags_then;
      fact.decisions = storedIn(fact.decisions).filter((decision) => decision.stopped_by !== "trigger");
    }
  }
  if (!isStored(stored.runs)) return;
  const ended: Stored[] = [];
  const live: Stored = {};
  for (const [id, entry] of Object.entries(stored.runs)) {
    if (!isStored(entry)) continue;
    const { seq, run } = entry;
    if (isStored(run)) ended.push({ seq, at: run.endedAt, run });
    else live[id] = seq;
  }
  const outbox: Stored = isStored(stored.outbox) ? stored.outbox : {};
  for (const item of storedIn(outbox)) item.seq = 0;
  for (const { seq, delivery } of storedIn(stored.deliveries)) {
    if (!isStored(delivery)) continue;
    const waiting = outbox[String(delivery.id)];
    if (isStored(waiting)) waiting.seq = seq;
    else ended.push({ seq, at: delivery.createdAt, delivery });
  }
  const seqOf = ({ seq }: Stored): number => Number(seq);
  stored.ended = ended.sort((one, other) => seqOf(one) - seqOf(other));
  stored.live = live;
  stored.logSeq = stored.seq;
  stored.heardSeq = 0;
  stored.lineSeq = stored.seq;
  stored.touched = {};
  delete stored.runs;
  delete stored.deliveries;
}

/** Who gave what is held was not kept: of sources their names tell as much as is known, of the rest nothing does. */
function giversOfSources(stored: Stored): void {
  const learner = isStored(stored.state) ? stored.state.learner : null;
  if (!isStored(learner)) return;
  learner.givers ??= newGivers();
  const givenBy = (source: unknown, at: unknown): Stored => ({
    ...(originOfSource(String(source)) ?? { by: "event", id: null }),
    at,
  });
  for (const { sources, enrolledAt } of storedIn(learner.enrolments))
    for (const source of storedIn(sources)) source.given ??= givenBy(source.source, enrolledAt);
  // When a group was joined was not kept either: no earlier than the user became known.
  for (const membership of storedIn(learner.groups)) {
    if (!Array.isArray(membership.sources)) continue;
    membership.sources = membership.sources.map((source: unknown) =>
      typeof source === "string" ? { source, given: givenBy(source, learner.knownAt) } : source,
    );
  }
}

/** Changes wait for the school's feed. */
function changesForTheFeed(stored: Stored): void {
  if (!isStored(stored.told)) return;
  stored.changes ??= [];
  stored.touched ??= {};
}

/** Of a state: no live run was in a round. */
function roundsOfRuns(stored: Stored): void {
  const states = [stored.state, ...storedIn(stored.entries).map(({ input }) => (isStored(input) ? input.state : null))];
  for (const state of states) if (isStored(state)) for (const run of storedIn(state.runs)) run.round ??= 0;
  for (const { input } of storedIn(stored.entries)) if (isStored(input) && isStored(input.run)) input.run.round ??= 0;
}

/** What people read as one text is one. */
function oneTextOneThing(stored: Stored): void {
  if (isStored(stored.state)) textsAsComparedNow(stored.state);
}

/** Of a state: no trigger waited for a date. */
function datesOfTriggers(stored: Stored): void {
  const states = [stored.state, ...storedIn(stored.entries).map(({ input }) => (isStored(input) ? input.state : null))];
  for (const state of states) if (isStored(state)) state.dates ??= {};
}

/** Whoever was taken over was a lead, and had no places of its own in the journal. */
function placesOfTaken(stored: Stored): void {
  const { tookOver, tookOverBefore } = stored;
  const names: unknown[] = [...(Array.isArray(tookOverBefore) ? tookOverBefore : []), tookOver];
  const taken = names.filter((name) => typeof name === "string").map((name, block) => ({ name, block }));
  if (taken.length) stored.taken ??= taken;
  delete stored.tookOver;
  delete stored.tookOverBefore;
}

/** Of a learner: nothing of what was paid could be given back. */
function refundsOfPayments(stored: Stored): void {
  const states = [stored.state, ...storedIn(stored.entries).map(({ input }) => (isStored(input) ? input.state : null))];
  for (const state of states) if (isStored(state) && isStored(state.learner)) state.learner.refundable ??= {};
}

/** Deliveries named no trace: each run's are of one of their own. */
function tracesOfDeliveries(stored: Stored): void {
  const holders = [...storedIn(stored.outbox), ...storedIn(stored.ended)];
  for (const delivery of [...holders.map((one) => one.delivery), ...storedIn(stored.inbox)])
    if (isStored(delivery)) delivery.trace ??= traceOfId(String(delivery.run || delivery.id));
}

/** What mail to the user goes by was not kept: whether the address is suppressed is asked with the next one. */
function memoryOfMail(stored: Stored): void {
  if (stored.outbox !== undefined) stored.mail ??= { known: null, left: [] };
}

/** Kinds of mail that learners do without: there were none. */
function topicsOfMail(stored: Stored): void {
  const learner = isStored(stored.state) ? stored.state.learner : null;
  if (isStored(learner)) learner.topicsOff ??= [];
}

/** A tag is one whatever stands at its ends. */
function blanksAroundTags(stored: Stored): void {
  if (isStored(stored.state)) tagsTrimmed(stored.state);
}

/** Appended to, never edited: an object may wake up years later. */
export const UPGRADES: readonly Upgrade[] = [
  endedRunsAsTold,
  whatHasEndedStays,
  giversOfSources,
  changesForTheFeed,
  roundsOfRuns,
  oneTextOneThing,
  datesOfTriggers,
  placesOfTaken,
  refundsOfPayments,
  tracesOfDeliveries,
  memoryOfMail,
  topicsOfMail,
  blanksAroundTags,
];

/** What is stored now has been through all of them. */
export const VERSION = UPGRADES.length;

/**
 * The least VERSION of a release that may open what this one stores. A release that is taken back meets it: what was only
 * added it leaves alone, but what was renamed, or means something else, it would spoil. Whoever appends such an upgrade
 * sets this to the new VERSION, and says in the release that nobody goes back behind it.
 */
export const LEAST: number = 0;

/** Whether a later release has stored it so that this one would spoil it: it stays as it is, for that one. */
export const isOfLater = (stored: unknown): boolean =>
  isStored(stored) && typeof stored.least === "number" && stored.least > VERSION;

/** What lay packed, or was handed over so. */
export function openPacked(stored: unknown): Packed {
  if (!isStored(stored)) throw new Error("what lies packed is a record");
  if (isOfLater(stored)) throw new Error(STORED_BY_LATER);
  if (LEAST > 0) stored.least = LEAST;
  upgrade(UPGRADES, stored);
  stored.v = VERSION;
  // Stored as a Packed of its time, and upgraded: test/upgrade holds what every release has stored to today's keys.
  return stored as unknown as Packed;
}

/** Ended runs that lay beside, as releases before these stored them. @param version the one they were stored with */
export function openRuns(runs: unknown, version: number): Record<string, unknown> {
  const part: Stored = { runs };
  upgrade(UPGRADES.slice(0, 1), part, version);
  // A record of runs: no upgrade takes the first away.
  return part.runs as Record<string, unknown>;
}

function openPart(name: string, stored: unknown, version: number): unknown {
  const part: Stored = { [name]: stored };
  upgrade(UPGRADES, part, version);
  return part[name];
}

/** Entries of the journal. @param version the one they were stored with */
export function openEntries(entries: unknown, version: number): JournalEntry[] {
  for (const { input } of storedIn(entries))
    if (isStored(input) && isStored(input.state)) openPart("state", input.state, version);
  // As of openPacked.
  return openPart("entries", entries, version) as JournalEntry[];
}

/** Rows of what has ended; the same. */
export const openEnded = (ended: unknown, version: number): Ended[] =>
  // As of openPacked.
  openPart("ended", ended, version) as Ended[];

/** The state where the journal begins; the same. */
export const openBeginning = ({ seq, state }: Beginning, version: number): Beginning => ({
  seq,
  // As of openPacked.
  state: openPart("state", state, version) as Beginning["state"],
});

/** All of somebody, handed over by an object that may still run the last release. */
export const openHanded = ({ packed, ...more }: Handed): Handed => ({ ...more, packed: openPacked(packed) });
