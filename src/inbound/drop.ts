import type { Fault } from "../base/errors/errors";
import { isRecord } from "../definition/types";

/* Takes single values out of a message, by their places: what holds them is copied, all else is shared. */

/** Places as a tree; one without branches is a place itself. */
type Places = Map<string, Places>;

function treeOf(paths: readonly string[]): Places {
  const tree: Places = new Map();
  for (const path of paths) {
    let at = tree;
    for (const key of path.split("/").slice(1)) {
      const name = key.replaceAll("~1", "/").replaceAll("~0", "~");
      const next: Places = at.get(name) ?? new Map();
      at.set(name, next);
      at = next;
    }
  }
  return tree;
}

function without(value: unknown, places: Places): unknown {
  // The places in a list of what stays are as they were.
  if (Array.isArray(value)) return value.map((item: unknown, index) => left(item, places.get(String(index)), null));
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).flatMap(([name, one]) => {
    const value = left(one, places.get(name), undefined);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(kept);
}

const left = <T>(value: unknown, places: Places | undefined, nothing: T): unknown => {
  if (!places) return value;
  return places.size === 0 ? nothing : without(value, places);
};

/** A message without the values at the places of these faults; nothing is left where one is of the message as a whole. */
export const dropping = (message: unknown, faults: readonly Fault[]): unknown =>
  faults.length ? left(message, treeOf(faults.map(({ path }) => path)), undefined) : message;
