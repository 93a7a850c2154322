import type { CardUse } from "../../definition/types";
import { fieldIs } from "../account/conditions";
import { USER_UPDATED } from "../account/facts";
import { inBundle, inCourse, notInBundle, notInCourse } from "../enrolment/conditions";
import { isGroupMember, isNotGroupMember } from "../groups/conditions";
import { wordKey } from "../kinds";
import { hasCompletedCourse } from "../progress/conditions";
import { type Clause, isAttributeField, LAST_SEEN, type OwnFields, RULE_LISTS } from "../segments/clause";
import { isNotSegmentMember, isSegmentMember } from "../segments/conditions";
import { isRelative } from "../segments/relative";
import type { Sure } from "../steps/define";
import { hasAnyTag, hasNoTag, hasTags } from "../tags/conditions";
import { type MadeFact, movedIn, moves } from "./opposites";

/*
 * What clauses of rules and facts say of a learner, as conditions that say the same; so that they can be held against
 * what an automation asks.
 */

/** Conditions that ask whether somebody has any, none or all of what an option lists. */
interface Having {
  option: string;
  any: string;
  none?: string;
  all?: string;
}

const HAVING: Readonly<Record<string, Having>> = {
  tag: { option: "tags", any: hasAnyTag.type, none: hasNoTag.type, all: hasTags.type },
  course: { option: "courses", any: inCourse.type, none: notInCourse.type },
  bundle: { option: "bundles", any: inBundle.type, none: notInBundle.type },
  segment: { option: "segments", any: isSegmentMember.type, none: isNotSegmentMember.type },
  group: { option: "groups", any: isGroupMember.type, none: isNotGroupMember.type },
  completed: { option: "courses", any: hasCompletedCourse.type },
};

const byType: ReadonlyMap<string, Having & { kind: string }> = new Map(
  Object.entries(HAVING).flatMap(([kind, one]) =>
    [one.any, one.none ?? [], one.all ?? []].flat().map((type) => [type, { ...one, kind }]),
  ),
);

const any = ({ any: type, option }: Having, ids: readonly unknown[], holds: boolean): Sure => ({
  condition: { type, [option]: ids },
  holds,
});

/** Whether somebody has any of what is listed, or who asks for all of it; null: it is asked of something else. */
function asked({ condition, holds }: Sure): { of: Having; ids: readonly unknown[]; has: boolean; all: boolean } | null {
  const of = byType.get(condition.type);
  const ids = of && condition[of.option];
  if (!of || !Array.isArray(ids)) return null;
  return { of, ids, has: holds === (condition.type !== of.none), all: condition.type === of.all };
}

/** What is sure along with it, in the words of who has any: of who has all or none, each by itself. */
export function partsOf(sure: Sure): Sure[] {
  const found = asked(sure);
  if (!found) return [sure];
  const { of, ids, has, all } = found;
  if (has === all || ids.length === 1) return [sure, ...ids.map((id) => any(of, [id], has))];
  return all ? [sure] : [sure, any(of, ids, has)];
}

/** Ways in which it may be so, of which one is enough: of who has any, or lacks some of all, each by itself. */
export function waysOf(sure: Sure): Sure[] {
  const found = asked(sure);
  if (!found || found.has === found.all) return [sure];
  const { of, ids, has } = found;
  return ids.map((id) => any(of, [id], has));
}

/** The condition that says what a clause of a rule does; null: none is known to. */
export function saidByClause({ field, op, value }: Clause, own: OwnFields): Sure | null {
  const isOwn = own.get(field) !== undefined;
  const having = isOwn ? undefined : HAVING[RULE_LISTS[field] ?? ""];
  if (having)
    return op === "is" || op === "in" || op === "is_not" ? any(having, [value].flat(), op !== "is_not") : null;
  const isField = isOwn || !(isAttributeField(field) || field in RULE_LISTS || field === LAST_SEEN);
  return isField && !isRelative(op, value) ? fieldSays(field, op, value) : null;
}

export const fieldSays = (field: string, op: Clause["op"], value?: unknown): Sure => {
  const condition: CardUse = { type: fieldIs.type, field, op, ...(value === undefined ? {} : { value }) };
  return { condition, holds: true };
};

/** The condition that holds where somebody has something of a kind, or has it not; null: none is known to. */
export function heldSays(kind: string, id: string, holds: boolean): Sure | null {
  const having = HAVING[kind];
  return having ? any(having, [id], holds) : null;
}

/** The condition that holds, or does not, since a fact; null: none is known to. */
export function saidByFact(fact: MadeFact): Sure | null {
  const moved = movedIn(fact);
  return moved && heldSays(moved.kind, moved.id, moved.puts);
}

/** Whether a fact may turn what a condition says; so it is of those of which nothing is known here. */
export function mayTurn({ condition }: Sure, fact: MadeFact): boolean {
  if (condition.type === fieldIs.type) {
    const { changed } = fact.data;
    return fact.type === USER_UPDATED && (!Array.isArray(changed) || changed.includes(`fields.${condition.field}`));
  }
  const of = byType.get(condition.type);
  if (!of || of === byType.get(hasCompletedCourse.type)) return true;
  if (!moves(fact.type, of.kind)) return false;
  const moved = movedIn(fact);
  const ids = condition[of.option];
  return moved?.kind !== of.kind || !Array.isArray(ids) || ids.some((id) => wordKey(of.kind, String(id)) === moved.id);
}
