import { isStored, type Stored, storedIn, type Upgrade, upgrade } from "../src/base/upgrades";
import type { JournalEntry, Lead, Packed } from "../src/calls/shape";
import { newGivers, originOfSource } from "../src/catalogue/givers";

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

/** Appended to, never edited: an object may wake up years later. */
export const UPGRADES: readonly Upgrade[] = [endedRunsAsTold, giversOfSources];

/** What is stored now has been through all of them. */
export const VERSION = UPGRADES.length;

/** What lay packed, or was handed over so. */
export function openPacked(stored: unknown): Packed {
  if (!isStored(stored)) throw new Error("what lies packed is a record");
  upgrade(UPGRADES, stored);
  stored.v = VERSION;
  // Stored as a Packed of its time, and upgraded: test/upgrade holds what every release has stored to today's keys.
  return stored as unknown as Packed;
}

/** Rows of the log. @param version the one they were stored with */
export function openRuns(runs: unknown, version: number): Packed["runs"] {
  const part: Stored = { runs };
  upgrade(UPGRADES, part, version);
  // As of openPacked.
  return part.runs as Packed["runs"];
}

/** Entries of the journal. @param version the one they were stored with */
export function openEntries<Entry extends JournalEntry>(entries: unknown, version: unknown): Entry[] {
  const part: Stored = { entries };
  upgrade(UPGRADES, part, version);
  // As of openPacked.
  return part.entries as Entry[];
}

/** All of a lead, handed over by an object that may still run the last release. */
export function openLead({ packed, journal }: Lead): Lead {
  const { v } = packed;
  return { packed: openPacked(packed), journal: openEntries(journal, v) };
}
