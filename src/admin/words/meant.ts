import { type Word, wordsLike } from "../../automations/pickers";
import { searchKey } from "../../base/text";
import type { Ctx } from "../visit";

/* Ids as people choose them: by what they are called. */

/** What is known of a kind ("course", "segment", "field" …), some of it where there is much. */
export const knownOf = (c: Ctx, kind: string): Promise<readonly Word[]> =>
  wordsLike(c.env, c.var.visit.school, kind, "");

/** The same, and what was chosen already by its id. */
export async function knownWith(c: Ctx, kind: string, chosen: string): Promise<readonly Word[]> {
  const known = await knownOf(c, kind);
  if (chosen === "" || known.some(({ value }) => value === chosen)) return known;
  const found = await wordsLike(c.env, c.var.visit.school, kind, chosen, 0);
  return [...found.filter(({ value }) => value === chosen), ...known];
}

const isCalled = ({ label }: Word, name: string): boolean =>
  label !== undefined && searchKey(label) === searchKey(name);

/** The one of some words that is meant: by its id, else by a name that no other has. What nobody knows is an id itself. */
export function meantOf(words: readonly Word[], typed: string): string {
  if (words.some(({ value }) => value === typed)) return typed;
  const called = words.filter((word) => isCalled(word, typed));
  return called.length === 1 && called[0] ? called[0].value : typed;
}

/** The id that was meant by what was typed, or chosen, in a field of a kind: mostly one that begins so. */
export async function meantId(c: Ctx, kind: string, typed: string): Promise<string> {
  if (typed === "") return "";
  const { school } = c.var.visit;
  const begun = await wordsLike(c.env, school, kind, typed, 0);
  const meant = meantOf(begun, typed);
  const isKnown = meant !== typed || begun.some(({ value }) => value === typed);
  return isKnown ? meant : meantOf(await wordsLike(c.env, school, kind, typed), typed);
}

/** How an id is shown where it may be typed over: by a name that leads back to it, else as it is. */
export function shownOf(words: readonly Word[], id: string): string {
  const label = words.find(({ value }) => value === id)?.label;
  return label !== undefined && meantOf(words, label) === id ? label : id;
}
