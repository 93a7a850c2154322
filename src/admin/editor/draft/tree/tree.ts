import type { LanesOf } from "../../../../definition/lanes";
import { type Draft, isRecord, type Path, type Step } from "../../../../definition/types";
import { allSteps, walk } from "../../../../definition/walk";

/** The value at a path; undefined where the path leads nowhere. */
export function valueAt(root: unknown, path: Path): unknown {
  let here = root;
  for (const key of path) {
    if (typeof key === "number") here = Array.isArray(here) ? here[key] : undefined;
    else here = isRecord(here) && Object.hasOwn(here, key) ? here[key] : undefined;
  }
  return here;
}

/** A copy of `root` with the value at `path` put there; an undefined value takes its key, or its place in a list, away. */
export function withValue<T>(root: T, path: Path, value: unknown): T {
  const [key, ...rest] = path;
  // The casts rest on `root` being copied key by key: its shape is what the caller's path and value make it.
  if (key === undefined) return value as T;
  if (Array.isArray(root)) {
    const index = Number(key);
    const item = rest.length === 0 ? value : withValue(root[index], rest, value);
    return (item === undefined ? root.toSpliced(index, 1) : root.with(index, item)) as T;
  }
  const record: Record<string, unknown> = isRecord(root) ? root : {};
  const inner =
    rest.length === 0 ? value : withValue(record[key] ?? (typeof rest[0] === "number" ? [] : {}), rest, value);
  const entries = Object.entries(record).filter(([name]) => name !== key || inner !== undefined);
  const put = inner === undefined || Object.hasOwn(record, key) ? [] : [[key, inner] as const];
  return Object.fromEntries([
    ...entries.map(([name, old]) => [name, name === key ? inner : old] as const),
    ...put,
  ]) as T;
}

// A list of steps by its path: the definition's schema holds steps there.
const listAt = (definition: Draft, list: Path): Step[] => {
  const found = valueAt(definition, list);
  return Array.isArray(found) ? (found as Step[]) : [];
};

/** Where the step with this id stands. */
export function pathOf(definition: Draft, id: string, lanesOf: LanesOf): Path | undefined {
  for (const { step, path } of walk(definition.then, lanesOf)) if (step.id === id) return path;
  return undefined;
}

export function stepOf(definition: Draft, id: string, lanesOf: LanesOf): Step | undefined {
  for (const { step } of walk(definition.then, lanesOf)) if (step.id === id) return step;
  return undefined;
}

/** The list a step stands in, and its place there. */
export function placeInTree(path: Path): { list: Path; index: number } {
  return { list: path.slice(0, -1), index: Number(path.at(-1) ?? 0) };
}

/** The step that a nested list belongs to; undefined for the outermost list. */
export function ownerOf(
  definition: Draft,
  list: Path,
  lanesOf: LanesOf,
): { step: Step; path: Path; lane: number } | undefined {
  for (const { step, path } of walk(definition.then, lanesOf)) {
    const lane = lanesOf(step).findIndex((one) => [...path, ...one.path].join("/") === list.join("/"));
    if (lane >= 0) return { step, path, lane };
  }
  return undefined;
}

export const insertAt = (definition: Draft, list: Path, index: number, steps: readonly Step[]): Draft =>
  withValue(definition, list, listAt(definition, list).toSpliced(index, 0, ...steps));

export function removeAt(definition: Draft, id: string, lanesOf: LanesOf): Draft {
  const path = pathOf(definition, id, lanesOf);
  return path ? withValue(definition, path, undefined) : definition;
}

/**
 * The step put before `index` of a list, both as they are before it is taken from its old place.
 * The definition itself when it would stay where it is, or would come to stand inside itself.
 */
export function move(definition: Draft, id: string, list: Path, index: number, lanesOf: LanesOf): Draft {
  const path = pathOf(definition, id, lanesOf);
  const step = stepOf(definition, id, lanesOf);
  if (!path || !step || startsWith(list, path)) return definition;
  const from = placeInTree(path);
  const sameList = from.list.join("/") === list.join("/");
  if (sameList && (index === from.index || index === from.index + 1)) return definition;
  // Put in first and out after: a mark stands for the step, so that neither change shifts the other's path.
  const mark: Step = { type: MARK, id: MARK };
  const marked = insertAt(definition, list, index, [mark]);
  const without = removeAt(marked, id, lanesOf);
  const place = pathOf(without, MARK, lanesOf);
  return place ? withValue(without, place, step) : definition;
}

const MARK = "-";

const startsWith = (path: Path, start: Path): boolean => start.every((key, i) => path[i] === key);

export type Direction = "up" | "down" | "left" | "right";

/**
 * One step of the keyboard. Up and down go along the list and out of it at its ends; right goes into the way beside,
 * or into the branch above; left goes back, or out of the branch.
 */
export function shift(definition: Draft, id: string, direction: Direction, lanesOf: LanesOf): Draft {
  const path = pathOf(definition, id, lanesOf);
  if (!path) return definition;
  const { list, index } = placeInTree(path);
  const length = listAt(definition, list).length;
  const owner = ownerOf(definition, list, lanesOf);
  const out = (after: boolean): Draft => {
    if (!owner) return definition;
    const place = placeInTree(owner.path);
    return move(definition, id, place.list, place.index + (after ? 1 : 0), lanesOf);
  };
  if (direction === "up") return index > 0 ? move(definition, id, list, index - 1, lanesOf) : out(false);
  if (direction === "down") return index < length - 1 ? move(definition, id, list, index + 2, lanesOf) : out(true);
  const beside = owner && lanesOf(owner.step)[owner.lane + (direction === "right" ? 1 : -1)];
  if (owner && beside)
    return move(definition, id, [...owner.path, ...beside.path], Math.min(index, beside.steps.length), lanesOf);
  if (direction === "left") return out(true);
  const above = listAt(definition, list)[index - 1];
  const lane = above && lanesOf(above)[0];
  return lane ? move(definition, id, [...list, index - 1, ...lane.path], lane.steps.length, lanesOf) : definition;
}

/** The highest n of the ids `s<n>`. */
export function highestId(steps: readonly Step[], lanesOf: LanesOf): number {
  let highest = 0;
  for (const { step } of walk(steps, lanesOf)) {
    const n = /^s(\d{1,9})$/.exec(step.id ?? "")?.[1];
    if (n) highest = Math.max(highest, Number(n));
  }
  return highest;
}

/** Copies with an id of their own on every step, counted on from `counter`. */
export function fresh(steps: readonly Step[], counter: number, lanesOf: LanesOf): { steps: Step[]; counter: number } {
  let n = counter;
  const renew = (list: readonly Step[]): Step[] =>
    list.map((step) => {
      n += 1;
      let copy: Step = { ...structuredClone(step), id: `s${n}` };
      for (const lane of lanesOf(step)) copy = withValue(copy, lane.path, renew(lane.steps));
      return copy;
    });
  return { steps: renew(steps), counter: n };
}

/** The definition with an id on every step; those that are there stay. */
export function withIds(definition: Draft, lanesOf: LanesOf): Draft {
  let n = highestId(definition.then, lanesOf);
  const give = (list: readonly Step[]): Step[] =>
    list.map((step) => {
      let out = step;
      if (step.id === undefined) {
        n += 1;
        out = { ...step, id: `s${n}` };
      }
      for (const lane of lanesOf(step)) out = withValue(out, lane.path, give(lane.steps));
      return out;
    });
  return withValue(definition, ["then"], give(definition.then));
}

/** How deep steps nest: 0 without a branch. */
export const depthOf = (steps: readonly Step[], lanesOf: LanesOf): number =>
  Math.max(0, ...steps.flatMap((step) => lanesOf(step).map((lane) => 1 + depthOf(lane.steps, lanesOf))));

export const countOf = (steps: readonly Step[], lanesOf: LanesOf): number => allSteps(steps, lanesOf).length;

/** RFC 6901, from the keys. */
export const pointerOf = (path: Path): string =>
  path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

/** The keys of a JSON pointer; whole numbers become places in lists. */
export const keysOf = (pointer: string): Path =>
  pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"))
    .map((key) => (/^(0|[1-9]\d*)$/.test(key) ? Number(key) : key));
