import { inWords, later, say } from "../../../language/say";
import { OPERATORS, operatorText, wordFor } from "./sentences";

/* Options and values that say nothing of themselves but their names in the contract. */

/** What names would say badly. */
const LABELS = {
  op: later("Comparison"),
  max_times: later("At most so many times"),
  registered_before_days: later("Registered at least (days ago)"),
  progress_below: later("Progress below (%)"),
  progress_at_least: later("Progress at least (%)"),
  at_least: later("At least"),
  below: later("Below"),
  percent: later("Percent"),
  days: later("Days"),
  on_error: later("When this step fails"),
  ga4: later("GA4"),
  url: later("URL"),
  to: later("To@recipient"),
  from_name: later("Sender's name"),
  reply_to: later("Reply to"),
  text: later("Plain text"),
  match: later("When all or any of them"),
  where: later("Where"),
  create_payment: later("Make a payment record"),
  issue_invoice: later("Issue an invoice"),
  regex: later("It is a pattern (regular expression)"),
  include_already_inactive: later("Also those who are away already"),
  map: later("Map@table"),
} as const;

const isLabelled = (key: string): key is keyof typeof LABELS => Object.hasOwn(LABELS, key);
const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
const spaced = (name: string): string => name.replaceAll("_", " ");

/** An option for people: by its title, else by its name: "Create payment" of `create_payment`. */
export function optionLabel(key: string, title?: string): string {
  if (title) return inWords(title);
  if (isLabelled(key)) return say(LABELS[key]);
  const label = capital(spaced(key));
  const said = inWords(label);
  // Some stand in the dictionary as labels, some as the words that faults name them by.
  return said === label ? capital(inWords(spaced(key))) : said;
}

/** A value that may be chosen: "plan changed" of `plan_changed`, "is at least" of the comparison `gte`. */
export const valueLabel = (value: string, key = ""): string =>
  key === "op" && Object.hasOwn(OPERATORS, value) ? operatorText(value) : (wordFor(value) ?? inWords(spaced(value)));
