import type { LanesOf } from "../../../definition/lanes";
import type { Draft } from "../../../definition/types";
import { allSteps } from "../../../definition/walk";

/**
 * What of a draft would be kept, not sent, each said once.
 * @param unsent by types of action, why what they send does not leave
 */
export const unsentIn = (
  { then }: Pick<Draft, "then">,
  unsent: Readonly<Record<string, string>>,
  lanesOf: LanesOf,
): string[] => [...new Set(allSteps(then, lanesOf).flatMap(({ type }) => unsent[type] ?? []))];
