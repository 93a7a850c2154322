import { type Word, wordsLike } from "../../automations/finding/pickers";
import { searchKey } from "../../base/text/text";
import { wordKey } from "../../catalogue/kinds";
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

/** What a filter means: an id, and where what was typed is part of several names those, to choose from. */
export interface SoughtWord {
  id: string;
  others: readonly Word[];
}

/** So many are offered to choose from. */
const OFFERED = 10;

/**
 * What is meant by what was typed in a filter of a list: what is called so, else the only one whose name holds it, of all
 * there are and not of what was offered. Writing asks `meantId`: there a new id is as good as a part of a name.
 */
export async function soughtWord(c: Ctx, kind: string, typed: string): Promise<SoughtWord> {
  const id = await meantId(c, kind, typed);
  if (id === "" || id !== typed) return { id, others: [] };
  const words = await wordsLike(c.env, c.var.visit.school, kind, typed);
  if (words.some(({ value }) => value === typed || wordKey(kind, value) === wordKey(kind, typed)))
    return { id, others: [] };
  const [only, ...more] = words;
  return only && more.length === 0 ? { id: only.value, others: [] } : { id, others: words.slice(0, OFFERED) };
}

/** How an id is shown where it may be typed over: by a name that leads back to it, else as it is. */
export function shownOf(words: readonly Word[], id: string): string {
  const label = words.find(({ value }) => value === id)?.label;
  return label !== undefined && meantOf(words, label) === id ? label : id;
}
