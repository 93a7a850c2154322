import type { LanesOf } from "../../../../definition/lanes";
import type { Step } from "../../../../definition/types";

/* The ways of a step that stand in a list, such as the cases of a match: they have no ids, only what they are called. */

interface Way {
  name: string;
  /** Where it stands in its list. */
  at: number;
}

export const waysOf = (step: Step, lanesOf: LanesOf): Way[] =>
  lanesOf(step).flatMap(({ path, name }) => (typeof path[1] === "number" ? [{ name, at: path[1] }] : []));

export interface PairedWays {
  /** What is one way, before and after. */
  both: [before: Way, after: Way][];
  removed: Way[];
  added: Way[];
}

/** By which of these two ways are one, the surest first. */
const ARE_ONE: readonly ((a: Way, b: Way) => boolean)[] = [
  (a, b) => a.name === b.name,
  (a, b) => a.name.split(" / ").some((value) => value !== "" && b.name.split(" / ").includes(value)),
  (a, b) => a.at === b.at,
];

/** Which ways stayed, by their names, by a value in them that stayed, or else by where they stand. */
export function pairWays(before: readonly Way[], after: readonly Way[]): PairedWays {
  let removed = [...before];
  const added = [...after];
  const both: PairedWays["both"] = [];
  for (const areOne of ARE_ONE)
    removed = removed.filter((was) => {
      const found = added.findIndex((is) => areOne(was, is));
      const [is] = found < 0 ? [] : added.splice(found, 1);
      if (is) both.push([was, is]);
      return !is;
    });
  return { both: both.toSorted(([, a], [, b]) => a.at - b.at), removed, added };
}
