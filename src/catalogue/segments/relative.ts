import type { Op } from "../checking/compare";
import { opposite, spanOfDate } from "../dates/dates";
import { addDuration, isSignedDuration } from "../dates/time";

/*
 * A date of a learner compared with so long before or after now. The date is moved and the clock compared with it, and not
 * the other way round: then what was once past stays past, also where clocks are put back.
 */

type Order = "before" | "after" | "gt" | "gte" | "lt" | "lte";

/** By what end of a day its answer turns, and what it is from then on. */
const TURNS: Readonly<Record<Order, { by: "begin" | "end"; to: boolean }>> = {
  before: { by: "end", to: true },
  lt: { by: "end", to: true },
  gte: { by: "end", to: false },
  after: { by: "begin", to: false },
  gt: { by: "begin", to: false },
  lte: { by: "begin", to: true },
};

const isOrder = (op: Op): op is Order => Object.hasOwn(TURNS, op);

/** Whether a comparison is with a duration from now: "-P30D". */
export const isRelative = (op: Op, value: unknown): value is string =>
  isOrder(op) && typeof value === "string" && isSignedDuration(value);

export interface RelativeTest {
  holds(actual: unknown, now: number): boolean;
  /** When the answer may turn, ms. */
  turnsAt(actual: unknown): number[];
}

/** @param op with the value as `isRelative` knows them */
export function compileRelative(op: Op, value: string, zone: string): RelativeTest {
  if (!isOrder(op)) throw new RangeError(`not compared with a duration: ${op}`);
  const { by, to } = TURNS[op];
  const back = opposite(value);
  const turnsAt = (actual: unknown): number[] =>
    [actual].flat().flatMap((one) => {
      // As everywhere: where numbers are compared, a number is no date.
      if (typeof one === "number" && op !== "before" && op !== "after") return [];
      const span = spanOfDate(one, zone);
      return span ? [addDuration(span[by], back, zone)] : [];
    });
  return { holds: (actual, now) => turnsAt(actual).some((at) => now >= at === to), turnsAt };
}
