import { areOpposite, type MadeFact, needsOpposite } from "../catalogue/opposites";

/*
 * What of all that may follow can come again and again. A fact goes where nothing that remains makes it any more, or where
 * nothing undoes it: once it is so, it stays so, and makes no fact. An automation goes where no fact starts it any more.
 */

/** A fact comes about by an automation's operation. */
export interface Acted {
  automation: string;
  /** Its place among the operations; `again`: it stands in a repeat. */
  at: number;
  again: boolean;
  /** Every trigger says it already: at the beginning of each run it is so. */
  said: boolean;
}

/** Or by itself, out of another: by way of a segment, or of the auto groups of a course. */
interface Follows {
  from: string;
  by?: { segment: string } | { course: string };
}

export type Source = Acted | Follows;

export interface Node {
  fact: MadeFact;
  sources: Source[];
}

export interface Followed {
  /** By their keys. */
  facts: Map<string, Node>;
  /** The facts that start each automation. */
  starts: Map<string, Set<string>>;
}

/** Takes out whatever cannot come again, until nothing more goes. */
export function keepRecurring({ facts, starts }: Followed): void {
  for (let left = -1; left !== facts.size + starts.size; ) {
    left = facts.size + starts.size;
    for (const [id, by] of starts) {
      for (const key of by) if (!facts.has(key)) by.delete(key);
      if (!by.size) starts.delete(id);
    }
    for (const [key, node] of facts) {
      node.sources = node.sources.filter((one) => ("from" in one ? facts.has(one.from) : starts.has(one.automation)));
      if (!needsOpposite(node.fact)) {
        if (!node.sources.length) facts.delete(key);
        continue;
      }
      const opposites = [...facts.values()].filter((other) => areOpposite(node.fact, other.fact));
      node.sources = node.sources.filter((one) =>
        opposites.some(({ sources }) => sources.some((its) => undone(one, its))),
      );
      if (!node.sources.length) facts.delete(key);
    }
  }
}

/** Whether what one makes may have been undone by another when it comes to it. */
const undone = (one: Source, its: Source): boolean =>
  "from" in one ||
  "from" in its ||
  one.automation !== its.automation ||
  !one.said ||
  its.at < one.at ||
  (one.again && its.again);
