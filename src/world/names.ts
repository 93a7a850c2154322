import { Cache } from "../base/cache";
import type { Env } from "../base/env";
import { textsOf } from "../base/json";
import type { UsedName } from "../calls/shape";
import type { SchoolView } from "../catalogue/facts";
import type { Named, ProductKind, ProductNames } from "../catalogue/products";
import type { World } from "../engine/types";
import type { School } from "./snapshot";

/*
 * What products are called. A school may have 20,000 and a message names one or two, so only those are read that were
 * asked for: what is played asks as it goes, what it asked for in vain is read, and it is played again. The isolate keeps
 * what it has read for as long as the school's names stand (`namesStamp`): on a warm path nothing is read.
 */

const MAX_NAMES = 5_000;

interface Kept {
  stamp: number;
  /** By JSON `[kind, id]`; null: it has none. */
  names: Map<string, Named | null>;
}

const kept = new Cache<Kept>({ entries: 500 });

type Whose = Pick<School, "id" | "epoch" | "namesStamp">;

function keptOf({ id, epoch, namesStamp }: Whose): Kept["names"] {
  const key = JSON.stringify([id, epoch]);
  const found = kept.get(key);
  if (found?.stamp === namesStamp && found.names.size <= MAX_NAMES) return found.names;
  return kept.set(key, { stamp: namesStamp, names: new Map() }).names;
}

/** The names that something played asks for. */
export class AskedNames implements ProductNames {
  /** What was asked for and is not known, to be read. */
  readonly #missing = new Map<string, readonly [ProductKind, string]>();
  /** What was read for this alone: it is there however little the isolate keeps. */
  readonly #read: Map<string, Named | null>;
  #used = new Map<string, UsedName>();

  /** @param before what the same was played with before */
  constructor(
    private readonly school: Whose,
    before?: AskedNames,
  ) {
    this.#read = before ? before.#read : new Map();
  }

  of(kind: ProductKind, id: string): Named | undefined {
    const key = JSON.stringify([kind, id]);
    const found = this.#read.get(key) ?? keptOf(this.school).get(key);
    if (found === undefined && !this.#read.has(key)) this.#missing.set(key, [kind, id]);
    if (!found) return undefined;
    this.#used.set(key, [kind, id, found.name, found.url]);
    return found;
  }

  /** Whether all that was asked for was known. */
  get isWhole(): boolean {
    return this.#missing.size === 0;
  }

  /** The names used since this was last asked. */
  takeUsed(): UsedName[] {
    const used = [...this.#used.values()];
    this.#used = new Map();
    return used;
  }

  /** Reads what was asked for in vain. */
  async read(env: Env): Promise<void> {
    const wanted = [...this.#missing.values()];
    const all = keptOf(this.school);
    const found = await readNames(env, this.school.id, wanted);
    for (const [key] of this.#missing) {
      const named = found.get(key) ?? null;
      this.#read.set(key, named);
      all.set(key, named);
    }
    this.#missing.clear();
    this.#used = new Map();
  }
}

const FIND = `select type, id, name, url from products
  where school = ?1 and (type, id) in (select value->>0, value->>1 from json_each(?2))`;

/** Names by JSON `[kind, id]`; what has none is not in it. */
async function readNames(
  env: Env,
  school: string,
  wanted: readonly (readonly [ProductKind, string])[],
): Promise<Map<string, Named>> {
  const names = new Map<string, Named>();
  for (const text of textsOf(wanted)) {
    const { results } = await env.DB.prepare(FIND).bind(school, text).all<Named & { type: string; id: string }>();
    for (const { type, id, name, url } of results) names.set(JSON.stringify([type, id]), { name, url });
  }
  return names;
}

/** A world that knows what products are called. */
export const naming = (world: World, names: ProductNames): World => ({
  ...world,
  school: { ...world.school, names },
});

/** The same with the names that were used when what is told again happened. */
export function namingAs(world: World, used: readonly UsedName[] | undefined): World {
  if (!used?.length) return world;
  const names = new Map(used.map(([kind, id, name, url]) => [JSON.stringify([kind, id]), { name, url }]));
  return naming(world, { of: (kind, id) => names.get(JSON.stringify([kind, id])) });
}

/** Does something with a school that knows what products are called; again, until it asks for no name in vain. */
export async function withNames<T>(
  env: Env,
  school: Whose,
  view: SchoolView,
  act: (view: SchoolView) => T,
): Promise<T> {
  const names = new AskedNames(school);
  for (;;) {
    const result = act({ ...view, names });
    if (names.isWhole) return result;
    await names.read(env);
  }
}
