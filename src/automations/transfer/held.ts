import { type Fault, Problem } from "../../base/errors/errors";
import type { WithGoal } from "../../catalogue/checking/references";
import { HELD } from "../../db/deleting/held";
import { withGoal } from "../../world/upgrades";
import type { AutomationRow } from "../document";
import { faultsOfHeld, type HeldNames } from "../held-references";
import {
  type AutomationItem,
  type Definitions,
  type OtherDefinitions,
  partsOf,
  type StoredDefinitions,
} from "./export";
import {
  aboutOfGroup,
  aboutOfSync,
  DEFINITION_KINDS,
  type DefinitionKind,
  type ImportPlan,
  keyOfItem,
  SUBJECTS,
} from "./plan";
import type { ActiveAfter, Pruned } from "./prune";

/*
 * What an import may not do beside what is held, to be deleted: take its ids, or name it anew.
 */

const MOST_TOLD = 10;

const called = (kind: DefinitionKind, id: string): string => `the ${HELD[SUBJECTS[kind]].label} ${JSON.stringify(id)}`;

/** Those of some that are about the same as one that is held, as that is called. */
function sameAs<T extends { id: string }>(
  kind: DefinitionKind,
  given: readonly T[],
  held: readonly T[],
  about: (item: T) => string,
): string[] {
  const ids = new Map(held.map((item) => [about(item), item.id]));
  return given.flatMap((item) => {
    const id = ids.get(about(item));
    return id === undefined || id === item.id ? [] : called(kind, id);
  });
}

/** Throws 409 where something is given that is held, or in the place of what is, also from now on (`pruned`). */
export function requireNoneTaken(
  given: Definitions,
  { others, automations }: StoredDefinitions["held"],
  stored: OtherDefinitions,
  pruned: Pruned | null,
): void {
  const toGo = <T extends { id: string }>(kind: "segment_syncs" | "auto_groups", items: readonly T[]): T[] =>
    pruned ? items.filter(({ id }) => pruned[kind].includes(id)) : [];
  const syncs = [...others.segment_syncs, ...toGo("segment_syncs", stored.segment_syncs)];
  const groups = [...others.auto_groups, ...toGo("auto_groups", stored.auto_groups)];
  const taken = [
    ...DEFINITION_KINDS.flatMap((kind) => {
      const keys = new Set(kind === "automations" ? automations : others[kind].map(keyOfItem));
      return given[kind].flatMap((item) => (keys.has(keyOfItem(item)) ? called(kind, keyOfItem(item)) : []));
    }),
    ...sameAs("segment_syncs", given.segment_syncs, syncs, aboutOfSync),
    ...sameAs("auto_groups", given.auto_groups, groups, aboutOfGroup),
  ];
  if (!taken.length) return;
  const more = taken.length > MOST_TOLD ? `; and ${taken.length - MOST_TOLD} more` : "";
  throw new Problem(
    "conflict",
    `The place of what goes is taken until it is deleted: ${taken.slice(0, MOST_TOLD).join("; ")}${more}. Restore it, or delete it at once.`,
  );
}

const withGoalOf = (item: AutomationItem): WithGoal => {
  const { definition, goal } = partsOf(item);
  return { ...definition, goal };
};

/** Faults of automations that would name anew what is held. */
export function namingHeld(plan: ImportPlan, given: Definitions, held: HeldNames): Fault[] {
  if (!held.segment.size && !held.field.size) return [];
  const faultsOf = (before: AutomationItem | null, after: AutomationItem): Fault[] => {
    const stood = before !== null && (before.active || !after.active);
    const naming = { before: stood ? withGoalOf(before) : null, after: withGoalOf(after) };
    const place = given.automations.findIndex(({ id }) => id === after.id);
    return faultsOfHeld(naming, held).map((fault) => ({ ...fault, path: `/automations/${place}${fault.path}` }));
  };
  return [
    ...plan.automations.create.flatMap((after) => faultsOf(null, after)),
    ...plan.automations.change.flatMap(({ before, after }) => faultsOf(before, after)),
  ];
}

/** The automations that will be active once an import is done. */
export function* activeAfter(
  rows: ReadonlyMap<string, AutomationRow>,
  given: Definitions,
  pruned: Pruned,
): Generator<ActiveAfter> {
  const written = new Set([...pruned.automations, ...given.automations.map(({ id }) => id)]);
  for (const row of rows.values())
    if (row.active && !written.has(row.id))
      yield { name: row.name, text: `${row.definition} ${row.goal}`, definition: () => withGoal(row) };
  for (const item of given.automations) {
    if (!item.active) continue;
    const definition = withGoalOf(item);
    yield { name: item.name, text: JSON.stringify(definition), definition: () => definition };
  }
}
