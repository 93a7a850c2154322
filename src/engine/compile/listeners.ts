import type { Automation, Program, World } from "../types";

/*
 * Who listens: known of a school's automations, so that a fact visits those that could take it and no others.
 */

/** Automations in the order of their school. */
type Ids = readonly string[];

interface Listening {
  /** All that listen to a type of fact. */
  all: Ids;
  /** Those that take it whatever it is about. */
  open: Ids;
  /** By the name of the data that narrows them: those that take a value, by its key. */
  narrowed: ReadonlyMap<string, { keyOf(value: string): string; by: ReadonlyMap<string, Ids> }>;
}

interface Index {
  /** Of each automation, its place in the order of its school. */
  places: ReadonlyMap<string, number>;
  /** By types of facts. */
  types: ReadonlyMap<string, Listening>;
}

const NOBODY: Index = { places: new Map(), types: new Map() };

const known = new WeakMap<readonly Automation[], Index>();

function indexFor(automations: readonly Automation[]): Index {
  const index = known.get(automations) ?? grown(NOBODY, [], automations, automations);
  known.set(automations, index);
  return index;
}

/**
 * Makes what is known of changed automations from what is known of those before: of thousands few have changed. What
 * only goes on or off listens as before.
 */
export function followListeners(before: readonly Automation[], after: readonly Automation[]): void {
  const index = known.get(before);
  if (!index || known.has(after)) return;
  const were = new Map(before.map(({ id, program }) => [id, program]));
  const came = after.filter(({ id, program }) => were.get(id) !== program);
  for (const { id, program } of after) if (were.get(id) === program) were.delete(id);
  known.set(after, came.length || were.size ? grown(index, [...were], came, after) : index);
}

/**
 * An index without some and with others. The one before stays as it is: an earlier world may still be asked.
 * @param school all automations in their order
 */
function grown(
  before: Index,
  gone: readonly (readonly [id: string, program: Program])[],
  came: readonly Automation[],
  school: readonly Automation[],
): Index {
  const types = new Map(before.types);
  const open = new Map<string, Open>();
  const openFor = (type: string): Open => {
    const found = open.get(type) ?? openOf(types.get(type));
    open.set(type, found);
    return found;
  };
  for (const [id, program] of gone) forEachList(program, openFor, (list) => list.delete(id));
  for (const { id, program } of came) forEachList(program, openFor, (list) => list.add(id));
  const places = new Map(school.map(({ id }, place) => [id, place]));
  for (const [type, listening] of open) types.set(type, closed(listening, places));
  return { places, types };
}

/** What listens to a type while it is changed: the lists that are, and those that are not. */
interface Open {
  all: Set<string>;
  open: Set<string>;
  narrowed: Map<string, { keyOf(value: string): string; by: Map<string, Ids>; changed: Map<string, Set<string>> }>;
}

const openOf = (listening: Listening | undefined): Open => ({
  all: new Set(listening?.all),
  open: new Set(listening?.open),
  narrowed: new Map(
    [...(listening?.narrowed ?? [])].map(([data, { keyOf, by }]) => [
      data,
      { keyOf, by: new Map(by), changed: new Map() },
    ]),
  ),
});

function closed({ all, open, narrowed }: Open, places: Index["places"]): Listening {
  for (const { by, changed } of narrowed.values()) {
    for (const [key, ids] of changed) {
      if (ids.size) by.set(key, inOrder(ids, places));
      else by.delete(key);
    }
  }
  return { all: inOrder(all, places), open: inOrder(open, places), narrowed };
}

/** Goes through the lists that a program is in. */
function forEachList(program: Program, openFor: (type: string) => Open, change: (list: Set<string>) => void): void {
  for (const { on, subject } of program.when) {
    for (const type of on) {
      const listening = openFor(type);
      change(listening.all);
      if (!subject) {
        change(listening.open);
        continue;
      }
      const narrowed = listening.narrowed.get(subject.data) ?? {
        keyOf: subject.keyOf,
        by: new Map(),
        changed: new Map(),
      };
      listening.narrowed.set(subject.data, narrowed);
      for (const value of subject.values) {
        const key = subject.keyOf(value);
        const list = narrowed.changed.get(key) ?? new Set(narrowed.by.get(key));
        narrowed.changed.set(key, list);
        change(list);
      }
    }
  }
}

/** The automations that could take a fact, in the order of their school. */
export function listenersTo(
  { automations, byId }: Pick<World, "automations" | "byId">,
  type: string,
  data: Record<string, unknown>,
): readonly Automation[] {
  const { places, types } = indexFor(automations);
  const listening = types.get(type);
  if (!listening) return [];
  return idsFor(listening, data, places).flatMap((id) => byId.get(id) ?? []);
}

function idsFor({ all, open, narrowed }: Listening, data: Record<string, unknown>, places: Index["places"]): Ids {
  const lists = open.length ? [open] : [];
  for (const [name, { keyOf, by }] of narrowed) {
    const value = data[name];
    // What says nothing of its subject may be meant by any.
    if (typeof value !== "string") return all;
    const list = by.get(keyOf(value));
    if (list) lists.push(list);
  }
  return lists.length < 2 ? (lists[0] ?? []) : inOrder(new Set(lists.flat()), places);
}

const inOrder = (ids: Iterable<string>, places: Index["places"]): Ids =>
  [...ids].sort((one, other) => (places.get(one) ?? 0) - (places.get(other) ?? 0));
