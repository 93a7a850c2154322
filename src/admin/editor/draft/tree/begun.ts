import type { Catalogue, CatalogueEntry, OptionSchema } from "../../../../definition/catalogue";
import type { CardUse } from "../../../../definition/types";
import { allowsTrigger, blank, pickerOfOption } from "../form/form";

/** What a school sells: of these, what follows is nearly always about the one that started it. */
const PRODUCTS = new Set(["course", "bundle", "subscription", "product"]);
const TRIGGER = "$trigger";

const isList = ({ type }: OptionSchema): boolean => [type].flat().includes("array");

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === "" || (Array.isArray(value) && value.length === 0);

/**
 * A new condition, or a card that ends a run: about the course that started it, where all that may start it is about a
 * course, since "any" is seldom meant there. The same of the other products.
 */
export function begun(
  entry: CatalogueEntry,
  when: readonly CardUse[],
  { triggers }: Pick<Catalogue, "triggers">,
): CardUse {
  const card = blank(entry.type, entry.params);
  const asksFor = (picker: string) => (one: CardUse) =>
    Object.values(triggers.find(({ type }) => type === one.type)?.params.properties ?? {}).some(
      (schema) => pickerOfOption(schema) === picker,
    );
  for (const [key, schema] of Object.entries(entry.params.properties ?? {})) {
    const picker = pickerOfOption(schema);
    if (picker === undefined || !PRODUCTS.has(picker) || !allowsTrigger(schema) || !isEmpty(card[key])) continue;
    if (when.length > 0 && when.every(asksFor(picker))) card[key] = isList(schema) ? [TRIGGER] : TRIGGER;
  }
  return card;
}
