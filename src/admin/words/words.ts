import type { Catalogue, CatalogueCategory, CatalogueEntry, PartKind } from "../../definition/catalogue";
import { type LanesOf, lanesBy } from "../../definition/lanes";
import { language, say, type Text, weave } from "../../language/say";

/** A piece of a sentence: plain, what is done ("verb"), or what it is done with ("value"). */
export interface Span {
  text: string;
  /** A name is as somebody wrote it, at the beginning of a sentence too. */
  as?: "verb" | "value" | "name";
}

/** What sentences are made from: the catalogue, and names for the ids that people chose. */
export interface Words {
  entry(kind: PartKind, type: string): CatalogueEntry | undefined;
  /** The ways on which a step holds further steps, as its kind says. */
  lanesOf: LanesOf;
  /** The trigger that listens to facts of a type, with the options that this type sets. */
  listener(type: string): { entry: CatalogueEntry; options: Record<string, unknown> } | undefined;
  /** A fact that no trigger listens to, in words. */
  unheard(type: string): string | undefined;
  category(name: string): CatalogueCategory;
  /** The name of an id of a kind ("course", "js-101"); the id itself when there is none. */
  nameOf(picker: string | undefined, id: string): string;
  /** What one thing of a kind is called ("seat offering"). */
  nounOf(picker: string | undefined): string;
}

/** Names by kind, then id: `{course: {"js-101": "JavaScript 101"}}`. */
export type Names = Readonly<Record<string, Readonly<Record<string, string>>>>;

const KINDS = [
  ["trigger", "triggers"],
  ["condition", "conditions"],
  ["action", "actions"],
  ["step", "steps"],
] as const;

type Said = Pick<Catalogue, (typeof KINDS)[number][1] | "listeners" | "facts" | "categories" | "kinds">;

export function wordsOf(catalogue: Said, names: Names = {}): Words {
  const entries = new Map<string, CatalogueEntry>();
  const triggers = [...catalogue.listeners, ...catalogue.triggers];
  for (const entry of triggers) entries.set(`trigger:${entry.type}`, entry);
  for (const [kind, list] of KINDS) for (const entry of catalogue[list]) entries.set(`${kind}:${entry.type}`, entry);
  const families = triggers.flatMap((entry) => (entry.family ? [{ entry, ...entry.family }] : []));
  const known = new Map(Object.entries(names).map(([picker, ids]) => [picker, new Map(Object.entries(ids))]));
  const byType = <T extends { type: string }>(list: readonly T[] = []) => new Map(list.map((one) => [one.type, one]));
  const categories = byType(catalogue.categories);
  const kinds = byType(catalogue.kinds);
  const facts = byType(catalogue.facts);
  return {
    entry: (kind, type) => entries.get(`${kind}:${type}`),
    lanesOf: lanesIn(catalogue.steps),
    listener: (type) => {
      const family = families.find(({ prefix }) => type.startsWith(prefix));
      if (family) return { entry: family.entry, options: { [family.option]: type.slice(family.prefix.length) } };
      const entry = entries.get(`trigger:${type}`);
      return entry && { entry, options: {} };
    },
    unheard: (type) => facts.get(type)?.says,
    category: (name) => categories.get(name) ?? { type: name, label: name, icon: name },
    nameOf: (picker, id) => (picker === undefined ? undefined : known.get(picker)?.get(id)) ?? id,
    nounOf: (picker) => (picker === undefined ? say("one@noun") : (kinds.get(picker)?.label ?? picker)),
  };
}

/** The ways of steps, as the catalogue's kinds of step say. */
export function lanesIn(steps: readonly CatalogueEntry[]): LanesOf {
  const kinds = new Map(steps.map((entry) => [entry.type, entry.lanes]));
  return lanesBy((type) => kinds.get(type));
}

export const plain = (spans: readonly Span[]): string => spans.map((span) => span.text).join("");

/** The spans with the first letter made large, unless it is a name's. */
export const capital = (spans: readonly Span[]): Span[] =>
  spans.map((span, i) =>
    i === 0 && span.as !== "name" ? { ...span, text: span.text.charAt(0).toUpperCase() + span.text.slice(1) } : span,
  );

/** A label within a sentence, its first letter small where the language has small ones there. */
export const within = (label: string): string =>
  language().code === "de" ? label : label.charAt(0).toLowerCase() + label.slice(1);

export const text = (value: string): Span => ({ text: value });
export const verb = (value: string): Span => ({ text: value, as: "verb" });
export const said = (value: string): Span => ({ text: value, as: "value" });
export const called = (name: string): Span => ({ text: name, as: "name" });

type Slots<T extends Text> = Parameters<typeof weave<T>>[1];

/** A sentence with spans in its slots. */
export function woven<T extends Text>(sentence: T, spans: Readonly<Record<keyof Slots<T>, readonly Span[]>>): Span[] {
  const given = Object.entries<readonly Span[]>(spans);
  // A number for each slot, in whose place its spans come.
  const places = Object.fromEntries(given.map(([slot], place) => [slot, place])) as unknown as Slots<T>;
  return weave(sentence, places).flatMap((piece) =>
    typeof piece === "number" ? (given[piece]?.[1] ?? []) : piece === "" ? [] : [text(String(piece))],
  );
}

/** Spans joined as people do: "a, b and c". */
export function joined(parts: readonly (readonly Span[])[], word: "and" | "or"): Span[] {
  const last = parts.at(-1) ?? [];
  if (parts.length < 2) return [...last];
  const list = parts.slice(0, -1).flatMap((part, i) => (i === 0 ? part : [text(", "), ...part]));
  return woven(word === "and" ? "{list} and {last}" : "{list} or {last}", { list, last });
}
