import { type LanesOf, lanesBy } from "../../definition/lanes";
import type { Catalogue, Entry, Kind } from "../model";
import { NOUNS } from "./sentences";

/** A piece of a sentence: plain, what is done ("verb"), or what it is done with ("value"). */
export interface Span {
  text: string;
  as?: "verb" | "value";
}

/** What sentences are made from: the catalogue, and names for the ids that people chose. */
export interface Words {
  entry(kind: Kind, type: string): Entry | undefined;
  /** The ways on which a step holds further steps, as its kind says. */
  lanesOf: LanesOf;
  /** The name of an id of a vocabulary ("course", "js-101"); the id itself when there is none. */
  nameOf(picker: string | undefined, id: string): string;
}

/** Names by vocabulary, then id: `{course: {"js-101": "JavaScript 101"}}`. */
export type Names = Readonly<Record<string, Readonly<Record<string, string>>>>;

const KINDS = [
  ["trigger", "triggers"],
  ["condition", "conditions"],
  ["action", "actions"],
  ["step", "steps"],
] as const;

export function wordsOf(catalogue: Pick<Catalogue, (typeof KINDS)[number][1] | "listeners">, names: Names = {}): Words {
  const entries = new Map<string, Entry>();
  for (const entry of catalogue.listeners ?? []) entries.set(`trigger:${entry.type}`, entry);
  for (const [kind, list] of KINDS) for (const entry of catalogue[list]) entries.set(`${kind}:${entry.type}`, entry);
  const known = new Map(Object.entries(names).map(([picker, ids]) => [picker, new Map(Object.entries(ids))]));
  return {
    entry: (kind, type) => entries.get(`${kind}:${type}`),
    lanesOf: lanesIn(catalogue.steps),
    nameOf: (picker, id) => (picker === undefined ? undefined : known.get(picker)?.get(id)) ?? id,
  };
}

/** The ways of steps, as the catalogue's kinds of step say. */
export function lanesIn(steps: readonly Entry[]): LanesOf {
  const kinds = new Map(steps.map((entry) => [entry.type, entry.lanes]));
  return lanesBy((type) => kinds.get(type));
}

export const plain = (spans: readonly Span[]): string => spans.map((span) => span.text).join("");

/** The spans with the first letter made large. */
export const capital = (spans: readonly Span[]): Span[] =>
  spans.map((span, i) => (i === 0 ? { ...span, text: span.text.charAt(0).toUpperCase() + span.text.slice(1) } : span));

export const nounOf = (picker: string | undefined): string =>
  picker === undefined ? "one" : Object.hasOwn(NOUNS, picker) ? (NOUNS[picker] ?? picker) : picker;

export const text = (value: string): Span => ({ text: value });
export const verb = (value: string): Span => ({ text: value, as: "verb" });
export const said = (value: string): Span => ({ text: value, as: "value" });
