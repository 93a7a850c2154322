import type { CardUse } from "../../../definition/types";
import { type Span, triggerSentence, type Words } from "./sentence";

/** A fact as runs and timelines show one. */
export interface SaidFact {
  type: string;
  data: Record<string, unknown>;
}

/** Data whose option is called otherwise. */
const OPTION_OF: Readonly<Record<string, string>> = { changed: "fields" };

/**
 * What a fact says of a learner, in the words of the trigger that listens to it: {course: "js-101"} as the trigger's
 * `courses: ["js-101"]` ("is enrolled in js-101"). Where no trigger listens, its type.
 */
export function factSentence({ type, data }: SaidFact, words: Words): Span[] {
  const listener = words.listener(type);
  if (!listener) return [{ text: words.unheard(type) ?? type.replaceAll(/[._]/g, " "), as: "verb" }];
  const { entry } = listener;
  const options = new Map(Object.entries(listener.options));
  const known = new Set(Object.keys(entry.params.properties ?? {}));
  for (const [key, value] of Object.entries(data)) {
    if (known.has(`${key}s`)) options.set(`${key}s`, [value]);
    else if (known.has(key.replace(/y$/, "ies"))) options.set(key.replace(/y$/, "ies"), [value]);
    else if (known.has(OPTION_OF[key] ?? key)) options.set(OPTION_OF[key] ?? key, value);
  }
  const card: CardUse = { ...Object.fromEntries(options), type: entry.type };
  return triggerSentence(card, words);
}
