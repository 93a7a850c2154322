/*
 * What a file remembers from one request to the next: within bounds, and forgotten where a test asks for it. Nothing
 * here asks the clock, so that the pure folders may use it: whoever knows the time hands it in.
 */

const forgets: (() => void)[] = [];

/** To be called once for what a file keeps beside its caches, with what makes it new again. */
export const onForget = (forget: () => void): void => void forgets.push(forget);

/** Makes the isolate as if it had just begun: for tests, which share one. */
export function forgetEverything(): void {
  for (const forget of forgets) forget();
}

interface Limits {
  entries: number;
  /** Of the keys, in all. */
  characters?: number;
}

/** Values by key; beyond the limits those go first that were set longest ago. Made once, where a file is loaded. */
export class Cache<V> {
  // A Map keeps the order of insertion: its first key is the oldest.
  readonly #kept = new Map<string, { value: V; until: number }>();
  readonly #limits: Required<Limits>;
  #characters = 0;

  constructor({ entries, characters = Number.POSITIVE_INFINITY }: Limits) {
    this.#limits = { entries, characters };
    onForget(() => this.clear());
  }

  /** What was set, where it was not set for a time that is over at `now`. */
  get(key: string, now = 0): V | undefined {
    const found = this.#kept.get(key);
    return found !== undefined && found.until > now ? found.value : undefined;
  }

  /** Keeps a value as the newest; `until`: up to when, by the same clock that `get` is asked by. */
  set(key: string, value: V, until = Number.POSITIVE_INFINITY): V {
    this.delete(key);
    this.#kept.set(key, { value, until });
    this.#characters += key.length;
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.#limits.entries && this.#characters <= this.#limits.characters) break;
      this.delete(oldest);
    }
    return value;
  }

  delete(key: string): void {
    if (this.#kept.delete(key)) this.#characters -= key.length;
  }

  /** Forgets what `isMeant` says, of all that is kept. */
  deleteWhere(isMeant: (value: V) => boolean): void {
    for (const [key, { value }] of this.#kept) if (isMeant(value)) this.delete(key);
  }

  clear(): void {
    this.#kept.clear();
    this.#characters = 0;
  }
}

/** Remembers what `make` made of the keys used last, within limits. What throws is not remembered. */
export function remembering<V>(make: (key: string) => V, limits: Limits): (key: string) => V {
  const made = new Cache<{ value: V }>(limits);
  return (key) => made.set(key, made.get(key) ?? { value: make(key) }).value;
}
