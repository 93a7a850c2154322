/*
 * Records keyed by ids that users choose. `record["__proto__"] = x` would set the prototype and lose the entry,
 * so keys are read as own properties and written as definitions.
 */

export const entry = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;

export const setEntry = <T>(record: Record<string, T>, key: string, value: T): void => {
  Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true });
};

/** Puts something else in the place of an item of a list. */
export function replace<T>(list: T[], was: T, now: T): T {
  const index = list.indexOf(was);
  if (index >= 0) list[index] = now;
  return now;
}

export const removeEntry = <T>(record: Record<string, T>, key: string): void => {
  if (Object.hasOwn(record, key)) delete record[key];
};
