import type { CardUse, Condition, Path } from "../../../definition/types";
import { groupOf, isGroup } from "../../../definition/walk";
import { later } from "../../../language/say";
import { valueAt, withValue } from "./tree/tree";

/** How the parts of a group are joined. */
export type Join = "all" | "any" | "none" | "not_all";

/** As people say it. */
export const JOINS = {
  all: later("all of these"),
  any: later("any of these"),
  none: later("none of these"),
  not_all: later("not all of these"),
} as const satisfies Record<Join, string>;

/** A condition as the panel shows it; paths lead from the root condition. */
export type ConditionView =
  | { kind: "leaf"; card: CardUse; negated: boolean; path: Path; cardPath: Path }
  | { kind: "group"; join: Join; parts: ConditionView[]; path: Path; listPath: Path };

const JOIN_OF: Readonly<Record<"all" | "any", readonly [plain: Join, negated: Join]>> = {
  all: ["all", "not_all"],
  any: ["any", "none"],
};

/** The condition with its `not`s folded into its leaves and groups; a doubled `not` is shown as none. */
export function view(condition: Condition, path: Path = [], cardPath: Path = path, negated = false): ConditionView {
  const group = groupOf(condition);
  if (!group) return { kind: "leaf", card: condition as CardUse, negated, path, cardPath }; // no group: a leaf
  const [only] = group.parts;
  if (group.join === "not")
    return only ? view(only, path, [...cardPath, "not"], !negated) : view({ all: [] }, path, cardPath, negated);
  const listPath = [...cardPath, group.join];
  return {
    kind: "group",
    join: JOIN_OF[group.join][negated ? 1 : 0],
    parts: group.parts.map((part, i) => view(part, [...listPath, i])),
    path,
    listPath,
  };
}

/** A group of these parts. */
export function grouped(join: Join, parts: Condition[]): Condition {
  const group = join === "all" || join === "not_all" ? { all: parts } : { any: parts };
  return join === "none" || join === "not_all" ? { not: group } : group;
}

const partsAt = (root: Condition, shown: ConditionView & { kind: "group" }): Condition[] => {
  const found = valueAt(root, shown.listPath);
  return Array.isArray(found) ? (found as Condition[]) : []; // a view's list path leads to its group's parts
};

const put = (root: Condition, path: Path, condition: Condition): Condition =>
  path.length === 0 ? condition : withValue(root, path, condition);

/** The root with a leaf, or a group, added to the group at `path`; a single leaf becomes a group of all. */
export function add(root: Condition | null, path: Path, condition: Condition): Condition {
  if (root === null) return condition;
  const shown = at(root, path);
  if (!shown) return root;
  if (shown.kind === "leaf") return put(root, shown.path, { all: [part(root, shown.path), condition] });
  return put(root, shown.path, grouped(shown.join, [...partsAt(root, shown), condition]));
}

const part = (root: Condition, path: Path): Condition => valueAt(root, path) as Condition; // callers hold paths of views

/** Without the part at `path`; a group left empty goes too, and an empty root is null. */
export function drop(root: Condition, path: Path): Condition | null {
  if (path.length === 0) return null;
  const list = path.slice(0, -1);
  const parts = valueAt(root, list);
  if (Array.isArray(parts) && parts.length > 1) return withValue(root, path, undefined);
  const owner = find(view(root), (shown) => shown.kind === "group" && shown.listPath.join("/") === list.join("/"));
  return owner ? drop(root, owner.path) : null;
}

/** The leaf at `path` said the other way round, or the group there joined otherwise. */
export function negate(root: Condition, path: Path): Condition {
  const shown = at(root, path);
  if (shown?.kind !== "leaf") return root;
  return put(root, shown.path, shown.negated ? shown.card : { not: shown.card });
}

export function rejoin(root: Condition, path: Path, join: Join): Condition {
  const shown = at(root, path);
  return shown?.kind === "group" ? put(root, shown.path, grouped(join, partsAt(root, shown))) : root;
}

/** The view at `path`, the root for none. */
export const at = (root: Condition, path: Path): ConditionView | undefined =>
  find(view(root), (shown) => shown.path.join("/") === path.join("/"));

function find(shown: ConditionView, test: (view: ConditionView) => boolean): ConditionView | undefined {
  if (test(shown)) return shown;
  if (shown.kind === "leaf") return undefined;
  for (const inner of shown.parts) {
    const found = find(inner, test);
    if (found) return found;
  }
  return undefined;
}

/** How deep `all`, `any` and `not` nest: 0 for a leaf. */
export const depth = (condition: Condition): number =>
  isGroup(condition) ? 1 + Math.max(0, ...(groupOf(condition)?.parts ?? []).map(depth)) : 0;
