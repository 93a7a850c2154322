import type { CardUse } from "../../definition/types";
import { namedBy, type Role } from "../checking/references";
import { actions, triggers } from "../index";
import { wordKey } from "../kinds";
import type { Effect } from "./effect";
import { type MadeFact, movedIn } from "./opposites";
import type { Holder } from "./products";

/*
 * What becomes of what: whoever gives something undoes who takes it, and the other way round.
 */

/** What is given or taken: a thing of a kind, or how far somebody has come in it, or what stands in it. */
export interface Affected extends Pick<Effect, "does" | "of" | "value"> {
  kind: string;
  /** The id by which it is compared, or `"$trigger"`. */
  id: string;
}

const named = (use: CardUse, role: Role, shape: Parameters<typeof namedBy>[0]["shape"]) => [
  ...namedBy({ use, path: [], role, shape }),
];

/** What an action gives or takes, as far as its options tell. */
export function affectedBy(type: string, params: Record<string, unknown>): Affected[] {
  const card = actions.get(type);
  const effect = card?.effect?.(params);
  if (!card || !effect) return [];
  const { option, ...said } = effect;
  return named({ ...params, type }, effect.does, card.params.shape)
    .filter(({ path }) => option === undefined || path[0] === option)
    .map(({ kind, value: id }) => ({ ...said, kind, id: wordKey(kind, id) }));
}

/** The ids of a kind that a trigger names, by what they are compared by. */
export const namedByTrigger = (type: string, params: Record<string, unknown>, kind: string): string[] =>
  named({ ...params, type }, "starts", triggers.get(type)?.params.shape ?? {}).flatMap((one) =>
    one.kind === kind ? [wordKey(kind, one.value)] : [],
  );

/** Whether one undoes what another does. */
export const undoes = (one: Affected, other: Affected): boolean =>
  one.kind === other.kind &&
  one.of === other.of &&
  (one.does !== other.does || (one.of === "value" && JSON.stringify(one.value) !== JSON.stringify(other.value)));

/** What a fact gives or takes, where it is known what that is. */
export function affectedIn(fact: MadeFact): Affected | null {
  const moved = movedIn(fact);
  return moved && { does: moved.puts ? "gives" : "takes", kind: moved.kind, id: moved.id };
}

/** By what holds courses, the fact that somebody has it now, and its courses with it. */
export const HELD_SINCE: Readonly<Record<Holder, string>> = {
  bundle: "bundle.enrolled",
  subscription: "subscription.enrolled",
  seat: "seat.added",
};
