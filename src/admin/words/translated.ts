import type { Catalogue, CatalogueEntry, OptionSchema } from "../../definition/catalogue";
import type { LaneSpec } from "../../definition/lanes";

/*
 * The catalogue in another language: what people read of it, and nothing else. Values, types and patterns are the
 * contract's and stay.
 */

/** A text in the other language; the text itself where it has none. */
export type InWords = (text: string) => string;

/** These keys of a thing in the other language, where they are texts. */
function changed<T extends object>(thing: T, keys: readonly (keyof T)[], inWords: InWords): T {
  const copy = { ...thing };
  for (const key of keys) {
    const text = copy[key];
    // What a text is read as is a text.
    if (typeof text === "string") copy[key] = inWords(text) as T[typeof key];
  }
  return copy;
}

const each = <T>(all: Readonly<Record<string, T>>, change: (one: T) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(all).map(([key, one]) => [key, change(one)]));

/** An option's title and description, and those of the options in it. */
function translatedOptions(schema: OptionSchema, inWords: InWords): OptionSchema {
  const inside = (one: OptionSchema): OptionSchema => translatedOptions(one, inWords);
  const { items, properties, additionalProperties, anyOf, oneOf, exactly_one: choice } = schema;
  return {
    ...changed(schema, ["title", "description"], inWords),
    ...(items ? { items: inside(items) } : {}),
    ...(properties ? { properties: each(properties, inside) } : {}),
    ...(typeof additionalProperties === "object" ? { additionalProperties: inside(additionalProperties) } : {}),
    ...(anyOf ? { anyOf: anyOf.map(inside) } : {}),
    ...(oneOf ? { oneOf: oneOf.map(inside) } : {}),
    ...(choice ? { exactly_one: { ...choice, message: inWords(choice.message) } } : {}),
  };
}

/** What people look for it by: in English, and in the other language too. The dictionary has the list as one text. */
function alsoIn(also: readonly string[], inWords: InWords): readonly string[] {
  const whole = also.join(", ");
  const other = inWords(whole);
  const known = new Set(also.map((one) => one.toLowerCase()));
  return other === whole ? also : [...also, ...other.split(", ").filter((one) => !known.has(one.toLowerCase()))];
}

const lane = (one: LaneSpec, inWords: InWords): LaneSpec => changed(one, ["name", "lead"], inWords);

function entry(one: CatalogueEntry, inWords: InWords): CatalogueEntry {
  const { also, counted, lanes } = one;
  return {
    ...changed(one, ["label", "description", "says"], inWords),
    ...(also ? { also: alsoIn(also, inWords) } : {}),
    params: translatedOptions(one.params, inWords),
    ...(counted ? { counted: [inWords(counted[0]), inWords(counted[1])] as const } : {}),
    ...(lanes ? { lanes: lanes.map((way) => lane(way, inWords)) } : {}),
  };
}

/** The catalogue as its readers are told of it. */
export function translated(catalogue: Catalogue, inWords: InWords): Catalogue {
  const entries = (all: readonly CatalogueEntry[]): CatalogueEntry[] => all.map((one) => entry(one, inWords));
  return {
    events: entries(catalogue.events),
    triggers: entries(catalogue.triggers),
    listeners: entries(catalogue.listeners),
    conditions: entries(catalogue.conditions),
    actions: entries(catalogue.actions),
    steps: entries(catalogue.steps),
    variables: catalogue.variables.map((one) => changed(one, ["label"], inWords)),
    facts: catalogue.facts.map((one) => changed(one, ["label", "says"], inWords)),
    categories: catalogue.categories.map((one) => changed(one, ["label"], inWords)),
    kinds: catalogue.kinds.map((one) => changed(one, ["label"], inWords)),
  };
}
