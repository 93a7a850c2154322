/** A list that counts how often an item of it is looked at. */
export function countingLooks<T>(list: readonly T[]): { list: readonly T[]; looks: () => number } {
  let looks = 0;
  const watched = new Proxy(list, {
    get(of, key, receiver) {
      if (typeof key === "string" && /^\d+$/.test(key)) looks++;
      return Reflect.get(of, key, receiver);
    },
  });
  return { list: watched, looks: () => looks };
}
