import type { LanesOf } from "./lanes";
import type { CardUse, Condition, Path, Step } from "./types";

/** Every step with the keys that lead to it from `then`, those inside others too, in reading order. */
export function* walk<S extends Step>(
  steps: readonly S[],
  lanesOf: LanesOf,
  path: Path = ["then"],
): Generator<{ step: S; path: Path }> {
  for (const [i, step] of steps.entries()) {
    yield { step, path: [...path, i] };
    for (const lane of lanesOf(step)) yield* walk(lane.steps, lanesOf, [...path, i, ...lane.path]);
  }
}

/** The same without the keys. */
export const allSteps = <S extends Step>(steps: readonly S[], lanesOf: LanesOf): S[] =>
  [...walk(steps, lanesOf)].map(({ step }) => step);

/** The steps that follow one of this id in reading order, out of the lanes it stands in; null where there is none. */
export function stepsAfter<S extends Step>(steps: readonly S[], id: string, lanesOf: LanesOf): S[] | null {
  for (const [i, step] of steps.entries()) {
    const rest = steps.slice(i + 1);
    if (step.id === id) return rest;
    for (const lane of lanesOf(step)) {
      const inside = stepsAfter(lane.steps, id, lanesOf);
      if (inside) return [...inside, ...rest];
    }
  }
  return null;
}

export const isGroup = (condition: Condition): condition is Exclude<Condition, CardUse> => !("type" in condition);

/** The parts of a group and how they are joined; undefined for a leaf. */
export function groupOf(condition: Condition): { join: "all" | "any" | "not"; parts: Condition[] } | undefined {
  if (!isGroup(condition)) return undefined;
  if ("all" in condition) return { join: "all", parts: condition.all };
  if ("any" in condition) return { join: "any", parts: condition.any };
  return { join: "not", parts: [condition.not] };
}

/** The conditions in a tree of them, each with the keys that lead to it. */
export function* walkLeaves(condition: Condition | null, path: Path): Generator<{ leaf: CardUse; path: Path }> {
  if (condition === null) return;
  const group = groupOf(condition);
  if (!group) {
    // What is no group is a leaf.
    yield { leaf: condition as CardUse, path };
    return;
  }
  const { join, parts } = group;
  for (const [i, part] of parts.entries())
    yield* walkLeaves(part, join === "not" ? [...path, join] : [...path, join, i]);
}
