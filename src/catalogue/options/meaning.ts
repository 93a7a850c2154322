import type { z } from "zod";
import { canonical } from "../../base/json";
import { isRecord } from "../../definition/types";
import { type DeclaredFields, isMeantFault, type Meaningful, type Meant, type MeantFault } from "../account/meant";
import { conditions, triggers } from "../index";
import type { StepKind } from "../steps/define";
import { optionsWith } from "./meta";

/*
 * What is written in triggers, conditions and steps is kept as it is meant, by what a school's fields are declared as. What stood
 * there before is left as it is: fields may have become others since.
 */

export interface Meaning {
  fields: DeclaredFields;
  /** The options that stood there before, as `standingIn` names them. */
  standing: ReadonlySet<string>;
}

/** A trigger, a condition, an action or a kind of step. */
export interface WithMeaning extends Meaningful<Record<string, unknown>> {
  params: z.ZodType;
}

/** Options as they are compared with those that stood there: without the steps inside, which are looked at themselves. */
function nameOf(params: Record<string, unknown>): string {
  const { id: _, type: __, on_error: ___, ...rest } = params;
  return canonical(
    JSON.parse(JSON.stringify(rest, (key, value) => (key === "steps" || key === "else" ? undefined : value))),
  );
}

/** The names of whatever may be options, however deep it lies. */
export function standingIn(...written: unknown[]): Set<string> {
  const found = new Set<string>();
  const look = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(look);
    if (!isRecord(value)) return;
    if ("field" in value || "fields" in value || "on" in value) found.add(nameOf(value));
    Object.values(value).forEach(look);
  };
  written.forEach(look);
  return found;
}

function meantOptions(card: WithMeaning, params: Record<string, unknown>, meaning: Meaning | undefined): Meant {
  if (!card.meant || !meaning || meaning.standing.has(nameOf(params))) return params;
  return card.meant(params, meaning.fields);
}

/** What is wrong with options that have passed their schema; null: nothing. */
export function meantFault(
  card: WithMeaning,
  params: Record<string, unknown>,
  meaning: Meaning | undefined,
): MeantFault | null {
  const meant = meantOptions(card, params, meaning);
  return isMeantFault(meant) ? meant : null;
}

/** A condition tree that has no faults, as it is meant. */
export function conditionMeant(condition: unknown, meaning: Meaning | undefined): unknown {
  if (!meaning || !isRecord(condition)) return condition;
  const { type, ...rest } = condition;
  const card = typeof type === "string" ? conditions.get(type) : undefined;
  if (card) return card.meant ? { type, ...meantOptions(card, rest, meaning) } : condition;
  return Object.fromEntries(
    Object.entries(condition).map(([join, parts]) => [
      join,
      Array.isArray(parts) ? parts.map((part) => conditionMeant(part, meaning)) : conditionMeant(parts, meaning),
    ]),
  );
}

/** A trigger that has no faults, as it is meant. */
export function triggerMeant(trigger: unknown, meaning: Meaning | undefined): unknown {
  if (!isRecord(trigger)) return trigger;
  const { type, ...rest } = trigger;
  const card = typeof type === "string" ? triggers.get(type) : undefined;
  return card?.meant ? { type, ...meantOptions(card, rest, meaning) } : trigger;
}

/** Triggers that have no faults, as they are meant. */
export const triggersMeant = (list: unknown, meaning: Meaning | undefined): unknown =>
  meaning && Array.isArray(list) ? list.map((one) => triggerMeant(one, meaning)) : list;

/** The options of an action, which have no faults, as they are meant. */
export function actionMeant(
  card: WithMeaning,
  given: Record<string, unknown>,
  meaning: Meaning | undefined,
): Record<string, unknown> {
  if (!card.meant || !meaning) return given;
  const { on_error, ...params } = given;
  return { ...meantOptions(card, params, meaning), ...(on_error === undefined ? {} : { on_error }) };
}

/** The options of a kind of step, which have no faults, as they are meant; the steps inside are left as they are. */
export function stepMeant(
  kind: StepKind,
  options: Record<string, unknown>,
  meaning: Meaning | undefined,
): Record<string, unknown> {
  if (!meaning) return options;
  const within = (widget: string, meant: typeof conditionMeant) =>
    optionsWith(kind.params.shape, widget).flatMap((name) =>
      options[name] === undefined ? [] : [[name, meant(options[name], meaning)] as const],
    );
  const inside = [...within("condition", conditionMeant), ...within("trigger", triggerMeant)];
  return { ...meantOptions(kind, options, meaning), ...Object.fromEntries(inside) };
}
