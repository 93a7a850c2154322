import { pointer } from "../base/errors/errors";
import { canonical } from "../base/json";
import { isRecord } from "../definition/types";

/*
 * What of a definition is another than it was, field by field.
 */

export interface FieldDifference {
  /** A JSON pointer; steps and other things with ids are named by them, not by where they stand. */
  path: string;
  /** Left out where there was none. */
  before?: unknown;
  /** Left out where there is none any more. */
  after?: unknown;
}

/** A value longer than this, as JSON, is shown by its beginning. */
const SHOWN_CHARACTERS = 4_000;

const shown = (value: unknown): unknown => {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : value;
};

/** The ids of a list of which everything has one, and no two the same; else null. */
function idsOf(list: readonly unknown[]): string[] | null {
  const ids = list.flatMap((one) => (isRecord(one) && typeof one.id === "string" ? [one.id] : []));
  return ids.length === list.length && new Set(ids).size === ids.length ? ids : null;
}

const byId = (list: readonly unknown[], ids: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(ids.map((id, index) => [id, list[index]]));

/** The differences between two values, in the order in which they stand. */
export function differencesOf(before: unknown, after: unknown, path: readonly string[] = []): FieldDifference[] {
  if (canonical(before) === canonical(after)) return [];
  if (Array.isArray(before) && Array.isArray(after)) {
    const [was, is] = [idsOf(before), idsOf(after)];
    if (was && is && was.length + is.length > 0) {
      const kept = (ids: readonly string[], others: readonly string[]) => ids.filter((id) => others.includes(id));
      const moved = canonical(kept(was, is)) !== canonical(kept(is, was));
      return [
        ...(moved ? [{ path: pointer(path), before: was, after: is }] : []),
        ...differencesOf(byId(before, was), byId(after, is), path),
      ];
    }
    // What is no list of things is one value: a tag more is a change of the tags.
    if (![...before, ...after].every(isRecord)) return [whole(path, before, after)];
    return differencesOf({ ...before }, { ...after }, path);
  }
  if (!isRecord(before) || !isRecord(after)) return [whole(path, before, after)];
  // Another kind of thing in its place has nothing in common with it.
  if (before.type !== after.type) return [whole(path, before, after)];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => {
    const place = [...path, key];
    if (!Object.hasOwn(before, key)) return [{ path: pointer(place), after: shown(after[key]) }];
    if (!Object.hasOwn(after, key)) return [{ path: pointer(place), before: shown(before[key]) }];
    return differencesOf(before[key], after[key], place);
  });
}

const whole = (path: readonly string[], before: unknown, after: unknown): FieldDifference => ({
  path: pointer(path),
  before: shown(before),
  after: shown(after),
});
