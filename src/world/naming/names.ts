import { Cache } from "../../base/cache";
import type { Env } from "../../base/env";
import { textsOf } from "../../base/json";
import type { UsedName } from "../../calls/shape";
import type { SchoolView, Spellings } from "../../catalogue/facts/facts";
import type { Named, ProductKind, ProductNames } from "../../catalogue/facts/products";
import type { MailLinks } from "../../catalogue/messages/mail";
import type { SuppressionReason } from "../../catalogue/messages/suppression";
import { readSuppressions } from "../../db/suppressions";
import type { World } from "../../engine/types";
import { linksOf } from "../links";
import type { School } from "../snapshot";
import { readSpellings, spellingAtHand } from "./spelling";

/*
 * What products are called. A school may have 20,000 and a message names one or two, so only those are read that were
 * asked for: what is played asks as it goes, what it asked for in vain is read, and it is played again. The isolate keeps
 * what it has read for as long as the school's names stand (`namesStamp`): on a warm path nothing is read.
 */

/** What the isolate has read and may keep. */
const NAMES_BYTES = 4 * 1024 * 1024;
/** An entry's own, beside its text. */
const ENTRY_BYTES = 300;

/** By school, epoch, `namesStamp`, kind and id; null: it has none. */
const kept = new Cache<Named | null>({
  entries: 50_000,
  bytes: {
    most: NAMES_BYTES,
    of: (named) => ENTRY_BYTES + 2 * ((named?.name?.length ?? 0) + (named?.url?.length ?? 0)),
  },
});

type Whose = Pick<School, "id" | "epoch" | "namesStamp">;

const keyOf = ({ id, epoch, namesStamp }: Whose, key: string): string => JSON.stringify([id, epoch, namesStamp, key]);

/** The names, and the spellings of tags, that something played asks for. */
export class AskedNames implements ProductNames {
  /** What was asked for and is not known, to be read. */
  readonly #missing = new Map<string, readonly [ProductKind, string]>();
  /** What was read for this alone: it is there however little the isolate keeps. */
  readonly #read: Map<string, Named | null>;
  #used = new Map<string, UsedName>();
  /** The same of spellings, by the keys of tags. */
  readonly #unspelled = new Set<string>();
  readonly #spelled: Map<string, string | null>;
  /** The same of addresses that may be suppressed: whoever has one keeps the answer, so nothing else does. */
  readonly #unasked = new Set<string>();
  readonly #suppressed: Map<string, SuppressionReason | null>;

  /** @param before what the same was played with before */
  constructor(
    private readonly school: Whose,
    before?: AskedNames,
  ) {
    this.#read = before ? before.#read : new Map();
    this.#spelled = before ? before.#spelled : new Map();
    this.#suppressed = before ? before.#suppressed : new Map();
  }

  of(kind: ProductKind, id: string): Named | undefined {
    const key = JSON.stringify([kind, id]);
    const found = this.#read.get(key) ?? kept.get(keyOf(this.school, key));
    if (found === undefined && !this.#read.has(key)) this.#missing.set(key, [kind, id]);
    if (!found) return undefined;
    this.#used.set(key, [kind, id, found.name, found.url]);
    return found;
  }

  /** How the school spells the tag of a key; undefined: it has not spelled it so far. */
  readonly spellings: Spellings = {
    get: (key) => {
      const found = this.#spelled.get(key) ?? spellingAtHand(this.school, key);
      if (found === undefined && !this.#spelled.has(key)) this.#unspelled.add(key);
      return found;
    },
  };

  /** Why the address of a key is suppressed; null: it is not. */
  suppressionOf(key: string): SuppressionReason | null {
    const found = this.#suppressed.get(key);
    if (found === undefined) this.#unasked.add(key);
    return found ?? null;
  }

  /** Whether all that was asked for was known. */
  get isWhole(): boolean {
    return this.#missing.size === 0 && this.#unspelled.size === 0 && this.#unasked.size === 0;
  }

  /** The names used since this was last asked. */
  takeUsed(): UsedName[] {
    const used = [...this.#used.values()];
    this.#used = new Map();
    return used;
  }

  /** Reads what was asked for in vain. */
  async read(env: Env): Promise<void> {
    const found = await readNames(env, this.school.id, [...this.#missing.values()]);
    for (const key of this.#missing.keys()) {
      const named = found.get(key) ?? null;
      this.#read.set(key, named);
      kept.set(keyOf(this.school, key), named);
    }
    const spelled = await readSpellings(env, this.school, [...this.#unspelled]);
    for (const key of this.#unspelled) this.#spelled.set(key, spelled.get(key) ?? null);
    const suppressed = await readSuppressions(env, this.school.id, [...this.#unasked]);
    for (const key of this.#unasked) this.#suppressed.set(key, suppressed.get(key) ?? null);
    this.#unasked.clear();
    this.#unspelled.clear();
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

/** A world that knows what products are called and how tags are spelled. */
export const naming = (world: World, names: AskedNames, links: MailLinks): World => ({
  ...world,
  school: asked(world.school, names, links),
});

const asked = (view: SchoolView, names: AskedNames, links: MailLinks): SchoolView => ({
  ...view,
  names,
  spellings: names.spellings,
  links,
});

/**
 * The same with what was used when what is told again happened: names as they were noted, tags as they were given.
 * @param spellings by the keys of tags
 */
export function namingAs(world: World, used: readonly UsedName[] | undefined, spellings: Spellings): World {
  const names = new Map((used ?? []).map(([kind, id, name, url]) => [JSON.stringify([kind, id]), { name, url }]));
  const of = (kind: ProductKind, id: string) => names.get(JSON.stringify([kind, id]));
  return { ...world, school: { ...world.school, names: { of }, spellings } };
}

/** Does something with a school that knows its names and spellings; again, until it asks for none in vain. */
export async function withNames<T>(
  env: Env,
  school: Whose,
  view: SchoolView,
  act: (view: SchoolView) => T,
): Promise<T> {
  const names = new AskedNames(school);
  const links = linksOf(env, school);
  for (;;) {
    const result = act(asked(view, names, links));
    if (names.isWhole) return result;
    await names.read(env);
  }
}
