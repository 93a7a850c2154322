/*
 * Records keyed by ids that users choose. `record["__proto__"] = x` would set the prototype and lose the entry,
 * so keys are read as own properties and written as definitions.
 */

export const entry = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;

/** A record that has no prototype: whatever its keys are, it is read and written as any other, `record["constructor"]` too. */
// An object without a prototype has no entries, so it is a record of whatever it will hold.
export const bareRecord = <T>(): Record<string, T> => Object.create(null) as Record<string, T>;

const moments = new WeakMap<object, object>();

/**
 * Stands for a record as it is now: the same until an entry is set or removed by what is here. Going through thousands of
 * entries, to find none changed, costs more than all else that an event does. Sound of records that are `Readonly` by
 * their types, for those change by no other way.
 */
export function momentOf(record: object): object {
  let moment = moments.get(record);
  if (!moment) {
    moment = {};
    moments.set(record, moment);
  }
  return moment;
}

export const setEntry = <T>(record: Readonly<Record<string, T>>, key: string, value: NoInfer<T>): void => {
  moments.delete(record);
  Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true });
};

/** The list with something else in the place of an item. */
export const replaced = <T>(list: readonly T[], was: T, now: T): readonly T[] =>
  list.map((one) => (one === was ? now : one));

export const removeEntry = (record: Readonly<Record<string, unknown>>, key: string): void => {
  moments.delete(record);
  Reflect.deleteProperty(record, key);
};

/** What is made of something that is never changed itself, as an item or a list of what is known of a learner: once. */
export function keptOf<Item extends object, Made>(make: (item: Item) => Made): (item: Item) => Made {
  const made = new WeakMap<Item, { made: Made }>();
  return (item) => {
    let known = made.get(item);
    if (!known) {
      known = { made: make(item) };
      made.set(item, known);
    }
    return known.made;
  };
}
