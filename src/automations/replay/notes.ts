import { formatInstant } from "../../catalogue/dates/time";

/* What figures of the past leave out, in words. */

export const nothingBefore = (since: number): string => `Of some users nothing is kept before ${formatInstant(since)}.`;

export const TOOK_OVER =
  "Some learners were merged, or had left an address first: what the other lived before is not counted.";

export const notes = (all: readonly (string | false)[]): string | null => all.filter(Boolean).join(" ") || null;
