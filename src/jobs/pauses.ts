/*
 * How often items, or a page as a whole, are tried again where somebody else is to blame, and the longest pause before
 * that.
 */

export const MAX_TRIES = 5;
export const MAX_PAGE_TRIES = 20;
const MAX_PAUSE_MS = 30_000;
export const pauseMs = (tries: number): number => Math.min(1_000 * 2 ** tries, MAX_PAUSE_MS);
