/**
 * Remembers what `make` made of the keys used last, within `entries` and, where given, `characters` of keys in all.
 * What throws is not remembered.
 */
export function remembering<V>(
  make: (key: string) => V,
  limits: { entries: number; characters?: number },
): (key: string) => V {
  const { entries, characters = Number.POSITIVE_INFINITY } = limits;
  // A Map keeps the order of insertion: its first key is the one unused for longest.
  const made = new Map<string, { value: V }>();
  let held = 0;
  return (key) => {
    const known = made.get(key);
    if (known) {
      made.delete(key);
      made.set(key, known);
      return known.value;
    }
    const value = make(key);
    made.set(key, { value });
    held += key.length;
    for (const oldest of made.keys()) {
      if (made.size <= entries && held <= characters) break;
      made.delete(oldest);
      held -= oldest.length;
    }
    return value;
  };
}
