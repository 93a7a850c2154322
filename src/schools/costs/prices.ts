/*
 * What is billed, by the platform's list prices (August 2026), and what of it each thing costs that a school does, as
 * counted at the bindings: test/workers/limits/prices.test.ts holds both to what is counted there. Processor time,
 * duration, storage and requests that only read are in none of it.
 */

/** Dollars a million. Requests are the Worker's, calls of a queue's consumer too; an alarm set is a row of an object. */
export const PRICE = { request: 0.3, objectRequest: 0.15, objectRow: 1, rowOfD1: 1, message: 1.2 } as const;

type Billed = keyof typeof PRICE;

/** What was used, as it is counted: see `journal/tables/usage.ts`. */
export interface Used {
  /** Events taken, whatever came of them. */
  events: number;
  /** How often D1 was told what a user's object had for it: its part of a message, and of the writing. */
  tellings: number;
  runs: number;
  /** Mails, webhooks, notices; the waking of the run that made one is in it. */
  deliveries: number;
}

/** Of one of each, what is billed. */
export const UNITS: Readonly<Record<keyof Used, Partial<Record<Billed, number>>>> = {
  events: { request: 1, objectRequest: 1, objectRow: 1.04 },
  tellings: { request: 0.04, objectRequest: 3, objectRow: 1, rowOfD1: 0.2, message: 0.04 },
  runs: { objectRow: 0.13, rowOfD1: 2 },
  deliveries: { request: 0.04, objectRequest: 2, objectRow: 2.16, rowOfD1: 3.08, message: 0.04 },
};

/** Dollars for so many of each unit. */
export const priceOfUnits = (units: Partial<Record<Billed, number>>): number =>
  // The keys of such a record are those of the table.
  (Object.keys(units) as Billed[]).reduce((sum, unit) => sum + (units[unit] ?? 0) * PRICE[unit], 0) / 1e6;

/** Dollars that what was used costs by the list, within a tenth; whatever the plan includes is not taken off. */
export const costOf = (used: Used): number =>
  rounded(
    // As above.
    (Object.keys(UNITS) as (keyof Used)[]).reduce((sum, what) => sum + used[what] * priceOfUnits(UNITS[what]), 0),
  );

/** To a hundredth of what an event costs. */
const rounded = (dollars: number): number => Math.round(dollars * 1e8) / 1e8;
