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

interface Limits<V> {
  entries: number;
  /** Of the keys, in all. */
  characters?: number;
  /** What the values take in all: at most so much, as `of` estimates each. */
  bytes?: { most: number; of(value: V): number };
}

interface Kept<V> {
  value: V;
  until: number;
  bytes: number;
}

/**
 * Values by key; beyond the limits those go first that were asked for longest ago. Made once, where a file is loaded. Of
 * the bytes no value counts for more than half: one that is as large as all others neither drives all of them out nor is
 * driven out by the next, and what was set last stays.
 */
export class Cache<V> {
  // A Map keeps the order of insertion: its first key is the oldest.
  readonly #kept = new Map<string, Kept<V>>();
  readonly #limits: Limits<V>;
  #characters = 0;
  #bytes = 0;

  constructor(limits: Limits<V>) {
    this.#limits = limits;
    onForget(() => this.clear());
  }

  /** What was set, where it was not set for a time that is over at `now`. */
  get(key: string, now = 0): V | undefined {
    const found = this.#kept.get(key);
    if (found === undefined || found.until <= now) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, found);
    return found.value;
  }

  /** Keeps a value as the newest; `until`: up to when, by the same clock that `get` is asked by. */
  set(key: string, value: V, until = Number.POSITIVE_INFINITY): V {
    this.delete(key);
    const { bytes } = this.#limits;
    const counted = bytes ? Math.min(bytes.of(value), bytes.most / 2) : 0;
    this.#kept.set(key, { value, until, bytes: counted });
    this.#characters += key.length;
    this.#bytes += counted;
    for (const oldest of this.#kept.keys()) {
      if (this.#isWithin()) break;
      this.delete(oldest);
    }
    return value;
  }

  #isWithin(): boolean {
    const { entries, characters = Number.POSITIVE_INFINITY, bytes } = this.#limits;
    return this.#kept.size <= entries && this.#characters <= characters && this.#bytes <= (bytes?.most ?? this.#bytes);
  }

  delete(key: string): void {
    const found = this.#kept.get(key);
    if (!found) return;
    this.#kept.delete(key);
    this.#characters -= key.length;
    this.#bytes -= found.bytes;
  }

  /** Forgets what `isMeant` says, of all that is kept. */
  deleteWhere(isMeant: (value: V) => boolean): void {
    for (const [key, { value }] of this.#kept) if (isMeant(value)) this.delete(key);
  }

  clear(): void {
    this.#kept.clear();
    this.#characters = 0;
    this.#bytes = 0;
  }
}

/** Remembers what `make` made of the keys used last, within limits. What throws is not remembered. */
export function remembering<V>(
  make: (key: string) => V,
  limits: Pick<Limits<V>, "entries" | "characters">,
): (key: string) => V {
  const made = new Cache<{ value: V }>(limits);
  return (key) => (made.get(key) ?? made.set(key, { value: make(key) })).value;
}

/** The same without an order of use: where it is full all of it goes. For what is asked for thousands of times a turn. */
export function recalling<V extends string | number>(make: (key: string) => V, entries: number): (key: string) => V {
  const made = new Map<string, V>();
  onForget(() => made.clear());
  return (key) => {
    let value = made.get(key);
    if (value === undefined) {
      if (made.size >= entries) made.clear();
      value = make(key);
      made.set(key, value);
    }
    return value;
  };
}

/** Makes something when it is first asked for, and keeps it. */
export function once<V>(make: () => V): () => V {
  let made: { value: V } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
