import { areOpposite, type MadeFact, needsOpposite, oppositesOf, placeOf } from "../../catalogue/facts/opposites";

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

/** Takes out whatever cannot come again, until nothing more goes: each is looked at anew only where what it hangs on went. */
export function keepRecurring({ facts, starts }: Followed): void {
  const undoing = undoingAmong(facts);
  const undone = reversed(undoing);
  const started = reversed(starts);
  const made = reversed(
    [...facts].map(([key, { sources }]): [string, string[]] => [key, sources.map((source) => makerOf(source))]),
  );
  const due = new Set(facts.keys());
  const look = (keys: Iterable<string> = []): void => {
    for (const key of keys) due.add(key);
  };
  for (const [id, by] of starts) if (!by.size) starts.delete(id);
  for (const key of due) {
    // Added again it comes again.
    due.delete(key);
    const node = facts.get(key);
    if (!node) continue;
    const others = undoing.get(key);
    const isLeft = (one: Source): boolean =>
      ("from" in one ? facts.has(one.from) : starts.has(one.automation)) &&
      (!others || others.some((other) => facts.get(other)?.sources.some((its) => isUndone(one, its))));
    const sources = node.sources.filter(isLeft);
    if (sources.length === node.sources.length) continue;
    node.sources = sources;
    look(undone.get(key));
    if (sources.length) continue;
    facts.delete(key);
    look(made.get(`fact ${key}`));
    for (const id of started.get(key) ?? []) {
      const by = starts.get(id);
      by?.delete(key);
      if (by?.size !== 0) continue;
      starts.delete(id);
      look(made.get(`automation ${id}`));
    }
  }
}

/** Who makes what has such a source, in one word. */
export const makerOf = (source: Source): string =>
  "from" in source ? `fact ${source.from}` : `automation ${source.automation}`;

/** What undoes each fact that needs it, by their keys. */
function undoingAmong(facts: Followed["facts"]): Map<string, string[]> {
  const all = [...facts].map(([key, { fact }]) => ({ key, fact, place: placeOf(fact) }));
  const byType = Map.groupBy(all, ({ fact }) => fact.type);
  const byPlace = Map.groupBy(all, ({ fact, place }) => JSON.stringify([fact.type, place]));
  return new Map(
    all
      .filter(({ fact }) => needsOpposite(fact))
      .map(({ key, fact, place }): [string, string[]] => {
        const near = oppositesOf(fact.type).flatMap((type) =>
          place === null
            ? (byType.get(type) ?? [])
            : [place, null].flatMap((at) => byPlace.get(JSON.stringify([type, at])) ?? []),
        );
        return [key, near.filter((other) => areOpposite(fact, other.fact)).map((other) => other.key)];
      }),
  );
}

function reversed(links: Iterable<[string, Iterable<string>]>): Map<string, string[]> {
  const back = [...links].flatMap(([from, to]) => [...to].map((one): [string, string] => [one, from]));
  return new Map([...Map.groupBy(back, ([to]) => to)].map(([to, from]) => [to, from.map(([, one]) => one)]));
}

/** Whether what one makes may have been undone by another when it comes to it. */
const isUndone = (one: Source, its: Source): boolean =>
  "from" in one ||
  "from" in its ||
  one.automation !== its.automation ||
  !one.said ||
  its.at < one.at ||
  (one.again && its.again);
