/*
 * D1 can be brought back to a moment, and users' objects are not: they have seen stamps of schools that D1 does not know
 * any more, and have told it what it has lost. Then each stamp is raised by a great step (`schools/platform/restored.ts`):
 * so objects look again, numbers that were given out are given to nothing else, and whoever meets a stamp of a later
 * generation knows that D1 is to hear all of it again.
 */

/** More changes than a school ever has, and 2^21 of them still a safe integer. */
export const GENERATION = 2 ** 32;

/** How often D1 had gone back when a stamp was given. */
export const generationOf = (stamp: number): number => Math.floor(stamp / GENERATION);

/** D1 cannot be brought back further, with a day for what it had not heard by then, ms. */
export const WENT_BACK_MS = 31 * 86_400_000;
