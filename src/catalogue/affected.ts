import type { CardUse } from "../definition/types";
import type { Effect } from "./effect";
import type { Fact } from "./facts";
import { actions, triggers } from "./index";
import { wordKey } from "./kinds";
import type { Holder } from "./products";
import { namedBy, type Role } from "./references";
import { membershipIn, SEGMENT_JOINED, SEGMENT_LEFT } from "./segments/change";

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

/** What follows by itself from who belongs to a segment. */
export interface ByItself extends Affected {
  on: Pick<Fact, "type" | "data">;
}

const byMembership = (segment: string, kind: string, id: string): ByItself[] => [
  { on: { type: SEGMENT_JOINED, data: { segment } }, does: "gives", kind, id },
  { on: { type: SEGMENT_LEFT, data: { segment } }, does: "takes", kind, id },
];

/** What a sync gives who joins its segment and takes from who leaves it. */
export const affectedBySync = (sync: {
  segment: string;
  course: string;
  group: string | null;
  enrol?: boolean;
}): ByItself[] => [
  ...(sync.enrol === false ? [] : byMembership(sync.segment, "course", sync.course)),
  ...(sync.group === null ? [] : byMembership(sync.segment, "group", sync.group)),
];

/** By what holds courses, the fact that somebody has it now, and its courses with it. */
export const HELD_SINCE: Readonly<Record<Holder, string>> = {
  bundle: "bundle.enrolled",
  subscription: "subscription.enrolled",
  seat: "seat.added",
};

/** What something gives with the courses that it holds. What it takes again is only what it gave itself. */
export const affectedByHolder = (holder: Holder, id: string, courses: readonly string[]): ByItself[] =>
  courses.map((course) => ({
    on: { type: HELD_SINCE[holder], data: { [holder]: id } },
    ...({ does: "gives", kind: "course", id: course } as const),
  }));

/** Whether facts of a type are of those that syncs and rules go by. */
export const isOfMembership = (type: string): boolean => membershipIn({ type, data: {} }) !== null;

/** What the rules of a segment say: who belongs to it. */
export const affectedByRules = (segment: string): ByItself[] => byMembership(segment, "segment", segment);
