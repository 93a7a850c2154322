/*
 * What is stored is opened by later releases, perhaps years later. It carries a version `v`, the number of upgrades it
 * has been through (none: 0), and goes through those since whenever it is read.
 */

/** A record as some release has stored it. */
export type Stored = Record<string, unknown>;

/**
 * Brings what an earlier release stored a step nearer to today's shape, in place. Doing it twice is doing it once: a
 * release that is taken back writes its own, lower version on what a later one has brought up already, where that has only
 * added (`LEAST` of durable-objects/packed/upgrades.ts). It may be given a part of it that lies by itself: what is not there is
 * left alone.
 */
export type Upgrade = (stored: Stored) => void;

/** @param from the version it was stored with, where that lies beside it */
export function upgrade(upgrades: readonly Upgrade[], stored: Stored, from: unknown = stored.v): void {
  for (const step of upgrades.slice(typeof from === "number" ? from : 0)) step(stored);
}

export const isStored = (value: unknown): value is Stored =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The records in a list, or in a record that has them by their ids. */
export const storedIn = (value: unknown): Stored[] =>
  typeof value === "object" && value !== null ? Object.values(value).filter(isStored) : [];
