import type { CardUse, Condition, Definition } from "../definition/types";
import { isRecord } from "../definition/types";
import { allSteps, leavesOf } from "../definition/walk";
import { TRIGGER } from "./fields";
import { actions, conditions, triggers } from "./index";
import { optionsWith, pickerOf } from "./meta";
import { lanesOf, STEPS } from "./steps";

/*
 * What a definition names that a school may take away: its segments and its declared fields.
 */

export type ReferenceKind = "segment" | "field";

const FIELD = "fields.";
const LISTS: Readonly<Record<string, ReferenceKind>> = { segment: "segment", field: "field" };

/** Every card of a checked definition, with the options that its kind has. */
function* cardsOf(definition: Definition): Generator<{ use: CardUse; shape: Readonly<Record<string, unknown>> }> {
  const steps = allSteps(definition.then, lanesOf);
  const inside = (widget: string): unknown[] =>
    steps.flatMap((step) =>
      optionsWith(STEPS.get(step.type)?.params.shape ?? {}, widget).flatMap((name) => step[name] ?? []),
    );
  // A checked definition has triggers and conditions in these places.
  const heard = inside("trigger") as CardUse[];
  const asked = inside("condition") as Condition[];
  for (const use of [...definition.when, ...definition.exit_when, ...heard])
    yield { use, shape: triggers.get(use.type)?.params.shape ?? {} };
  for (const use of [definition.only_if, definition.exit_if, ...asked].flatMap(leavesOf))
    yield { use, shape: conditions.get(use.type)?.params.shape ?? {} };
  for (const use of steps) yield { use, shape: (actions.get(use.type) ?? STEPS.get(use.type))?.params.shape ?? {} };
}

const texts = (value: unknown): string[] => [value].flat().filter((one) => typeof one === "string");

/** The fields that one option names: by its picker, as `fields.<key>`, or in comparisons. */
function fieldsIn(picker: string | undefined, value: unknown): string[] {
  if (picker === "field") return texts(value);
  const compared = Array.isArray(value)
    ? value.flatMap((one) => (isRecord(one) && "op" in one ? texts(one.field) : []))
    : [];
  return [...compared, ...texts(value).flatMap((one) => (one.startsWith(FIELD) ? [one.slice(FIELD.length)] : []))];
}

/** What a definition names of a kind, each once. */
export const referencesIn = (definition: Definition, kind: ReferenceKind): Set<string> =>
  new Set(placesOf(definition, kind).keys());

/** The same, each with the first card and option that names it. */
export function placesOf(definition: Definition, kind: ReferenceKind): Map<string, { use: CardUse; option: string }> {
  const found = new Map<string, { use: CardUse; option: string }>();
  for (const { use, shape } of cardsOf(definition)) {
    for (const [name, field] of Object.entries(shape)) {
      const picker = pickerOf(field as Parameters<typeof pickerOf>[0]);
      const named =
        kind === "field" ? fieldsIn(picker, use[name]) : LISTS[picker ?? ""] === kind ? texts(use[name]) : [];
      for (const one of named) if (one !== TRIGGER && !found.has(one)) found.set(one, { use, option: name });
    }
  }
  return found;
}
