import { inWords } from "../../language/say";
import { VALUES } from "./sentences";

/* Options and values that say nothing of themselves but their names in the contract. */

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
const spaced = (name: string): string => name.replaceAll("_", " ");

/** An option for people: by its title, else by its name: "Create payment" of `create_payment`. */
export function optionLabel(key: string, title?: string): string {
  if (title !== undefined) return inWords(title);
  const label = capital(spaced(key));
  const said = inWords(label);
  // Some stand in the dictionary as labels, some as the words that faults name them by.
  return said === label ? capital(inWords(spaced(key))) : said;
}

/** A value that may be chosen: "plan changed" of `plan_changed`. */
export const valueLabel = (value: string): string =>
  inWords(Object.hasOwn(VALUES, value) ? (VALUES[value] ?? value) : spaced(value));
