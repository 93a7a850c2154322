import type { Starts } from "./types";

/* What is remembered of an automation's starts. */

/** By what starts are remembered that are counted apart. */
export const startsKey = (automation: string, subject: string): string => `${automation} ${subject}`;

/** Of two memories of what is one. */
export function bothOf(own: Starts | undefined, other: Starts): Starts {
  if (!own) return other;
  const recent = [...(own.recent ?? [own.last]), ...(other.recent ?? [other.last])].sort((one, two) => one - two);
  const isCounted = own.recent !== undefined || other.recent !== undefined;
  return {
    count: own.count + other.count,
    last: Math.max(own.last, other.last),
    ...(isCounted ? { recent } : {}),
  };
}
