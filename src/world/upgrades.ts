import * as z from "zod";
import { readJson } from "../base/json";
import { isStored, type Stored, type Upgrade, upgrade } from "../base/upgrades";
import type { WithGoal } from "../catalogue/checking/references";
import type { CardUse, Definition } from "../definition/types";

/*
 * Definitions as they are stored. An option more, or a card that takes its params otherwise, wants an upgrade for those
 * stored before.
 */

/** Whoever left an option out meant its default of then. */
function everyOption(stored: Stored): void {
  stored.synchronous ??= false;
  stored.only_if ??= null;
  stored.exit_when ??= [];
  stored.exit_if ??= null;
  stored.reentry ??= "always";
  stored.reentry_per ??= "user";
  stored.cooldown ??= null;
}

/** Starts had no limit. */
function limitOfStarts(stored: Stored): void {
  stored.limit ??= null;
}

/** Appended to, never edited: a version of an automation is kept for good. */
export const DEFINITION_UPGRADES: readonly Upgrade[] = [everyOption, limitOfStarts];

/** A definition that was checked, as text to store. */
export const definitionText = (definition: Definition): string =>
  JSON.stringify({ v: DEFINITION_UPGRADES.length, ...definition });

const storedDefinition = z.custom<Stored>((value) => isStored(value) && "when" in value);

/** A definition as we stored it: it was checked then. */
export function readDefinition(text: string): Definition {
  const stored = readJson(storedDefinition, text);
  upgrade(DEFINITION_UPGRADES, stored);
  const { v: _, ...definition } = stored;
  // Stored as a Definition of its time, and upgraded: test/upgrade holds those of every release to today's options.
  return definition as unknown as Definition;
}

const card = z.looseObject({ type: z.string() });

/** The goal of an automation, as it is stored beside its definition. */
export const readGoal = (text: string | null): CardUse | null => (text === null ? null : readJson(card, text));

/** Both, as they are stored. */
export const withGoal = ({ definition, goal }: { definition: string; goal: string | null }): WithGoal => ({
  ...readDefinition(definition),
  goal: readGoal(goal),
});
