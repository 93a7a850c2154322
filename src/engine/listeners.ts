import type { Automation } from "./types";

/*
 * Who listens: made once of a school's automations, so that a fact visits those that could take it and no others.
 */

/** Places of automations in the order of their school. */
type Places = number[];

interface Listening {
  /** All that listen to a type of fact. */
  all: Places;
  /** Those that take it whatever it is about. */
  open: Places;
  /** By the name of the data that narrows them: those that take a value, by its key. */
  narrowed: Map<string, { keyOf(value: string): string; by: Map<string, Places> }>;
}

type Index = ReadonlyMap<string, Listening>;

const known = new WeakMap<readonly Automation[], Index>();

function indexFor(automations: readonly Automation[]): Index {
  const index = known.get(automations) ?? indexOf(automations);
  known.set(automations, index);
  return index;
}

function indexOf(automations: readonly Automation[]): Index {
  const index = new Map<string, Listening>();
  for (const [place, { program }] of automations.entries()) {
    for (const trigger of program.when) {
      for (const type of trigger.on) {
        const listening = index.get(type) ?? { all: [], open: [], narrowed: new Map() };
        index.set(type, listening);
        note(listening.all, place);
        const { subject } = trigger;
        if (!subject) {
          note(listening.open, place);
          continue;
        }
        const narrowed = listening.narrowed.get(subject.data) ?? { keyOf: subject.keyOf, by: new Map() };
        listening.narrowed.set(subject.data, narrowed);
        for (const value of subject.values) {
          const key = subject.keyOf(value);
          const places = narrowed.by.get(key) ?? [];
          narrowed.by.set(key, places);
          note(places, place);
        }
      }
    }
  }
  return index;
}

/** An automation is noted once, however many of its triggers say so: they come one after the other. */
function note(places: Places, place: number): void {
  if (places.at(-1) !== place) places.push(place);
}

/** The automations that could take a fact, in the order of their school. */
export function listenersTo(
  automations: readonly Automation[],
  type: string,
  data: Record<string, unknown>,
): readonly Automation[] {
  const listening = indexFor(automations).get(type);
  if (!listening) return [];
  return placesFor(listening, data).flatMap((place) => automations[place] ?? []);
}

function placesFor({ all, open, narrowed }: Listening, data: Record<string, unknown>): Places {
  let found = open;
  for (const [name, { keyOf, by }] of narrowed) {
    const value = data[name];
    // What says nothing of its subject may be meant by any.
    if (typeof value !== "string") return all;
    const places = by.get(keyOf(value));
    if (places) found = found.length ? [...found, ...places] : places;
  }
  return found === open ? open : [...new Set(found)].sort((one, other) => one - other);
}
