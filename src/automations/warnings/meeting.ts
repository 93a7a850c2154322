import { canonical } from "../../base/json";
import { conditions, triggers } from "../../catalogue";
import { comparedAs } from "../../catalogue/checking/references";
import type { BoundTrigger } from "../../catalogue/define";
import type { Affected } from "../../catalogue/facts/affected";
import type { Fact, Judging } from "../../catalogue/facts/facts";
import type { MadeFact } from "../../catalogue/facts/opposites";
import { mayTurn, partsOf, waysOf } from "../../catalogue/facts/said";
import { triggerValue, wordKey } from "../../catalogue/kinds";
import { TRIGGER } from "../../catalogue/options/fields";
import type { Sure } from "../../catalogue/steps/define";
import type { CardUse } from "../../definition/types";
import type { Program } from "../../engine/types";

/*
 * Whether two automations may act on the same fact, for the same user.
 */

type Made = Pick<Fact, "type" | "data">;

/** Facts that either of two triggers could take, as far as their options tell. */
function* shared(one: BoundTrigger, other: BoundTrigger, school: Judging): Generator<Made> {
  const type = one.on.find((name) => other.on.includes(name));
  if (type === undefined) return;
  if (one.type === other.type && triggers.get(one.type)?.neverBoth(one.params, other.params, school)) return;
  const examples = [one.example, other.example, { ...other.example, ...one.example }];
  for (const subject of subjects(one, other)) {
    for (const example of examples) {
      const data = { ...example, ...subject };
      if (one.accepts(data) && other.accepts(data)) yield { type, data };
    }
  }
}

/** What a fact may be about that both take; nothing said, where both take it whatever it is about. */
function subjects({ subject: one }: BoundTrigger, { subject: other }: BoundTrigger): Record<string, unknown>[] {
  const some = one ?? other;
  if (!some) return [{}];
  const { data, keyOf } = some;
  const keys = one && other?.data === one.data ? new Set(other.values.map(keyOf)) : null;
  return some.values.flatMap((value) => (keys === null || keys.has(keyOf(value)) ? [{ [data]: value }] : []));
}

/** Whether a fact is about an id of a kind; whatever it is about is meant where none is asked for. */
const isAbout = ({ data }: Made, kind: string, id: string | null): boolean => {
  const value = id === null ? undefined : triggerValue(kind, data);
  return id === null || value === undefined || wordKey(kind, value) === id;
};

/** Which id the fact itself must be of, where one of two names it and the other takes that of the fact. */
export const asked = (one: Affected, other: Affected): string | null =>
  one.id === other.id ? null : one.id === TRIGGER ? other.id : one.id;

/** @param starts whether either of the two may start on a fact */
export const mayMeet = (
  one: Program,
  other: Program,
  { kind, id }: { kind: string; id: string | null },
  school: Judging,
  starts: (fact: MadeFact) => boolean,
): boolean =>
  !excludes(one, other, school) &&
  one.when.some((own) =>
    other.when.some((theirs) => some(shared(own, theirs, school), (fact) => isAbout(fact, kind, id) && starts(fact))),
  );

function some<T>(list: Iterable<T>, is: (one: T) => boolean): boolean {
  for (const one of list) if (is(one)) return true;
  return false;
}

/** Whether the two are never for the same user: what one surely asks for the other surely refuses. */
export function excludes(one: Program, other: Program, school: Judging): boolean {
  const sure = sureOf(one);
  return sure.length > 0 && sureOf(other).some((its) => neverSo(its, sure, school));
}

/** What surely is so of whom an automation starts for, and none of some facts turns. */
export const lastingOf = (program: Program, facts: readonly MadeFact[]): readonly Sure[] =>
  sureOf(program).filter((one) => !facts.some((fact) => mayTurn(one, fact)));

const sures = new WeakMap<Program, readonly Sure[]>();

/** All that surely is so, or is not, of whom an automation starts for. */
export function sureOf(program: Program): readonly Sure[] {
  let found = sures.get(program);
  if (!found) {
    found = (program.onlyIf?.sure(true) ?? []).flatMap(partsOf);
    sures.set(program, found);
  }
  return found;
}

/** Whether something is never so where all that is sure is so. */
export const neverSo = (one: Sure, sure: readonly Sure[], school: Judging): boolean => {
  const denied = (way: Sure): boolean => sure.some((known) => denies(known, way, school));
  return denied(one) || waysOf(one).every(denied) || partsOf(one).some(denied);
};

const options = new WeakMap<CardUse, string>();

/** The options of a condition as one text, its ids as they are compared. */
function optionsOf(condition: CardUse): string {
  const known = options.get(condition);
  if (known !== undefined) return known;
  const { type: _, ...given } = comparedAs(condition);
  const made = canonical(given);
  options.set(condition, made);
  return made;
}

function denies(one: Sure, other: Sure, school: Judging): boolean {
  const [{ type, ...params }, { type: otherType, ...otherParams }] = [one.condition, other.condition];
  const card = conditions.get(type);
  const isOpposite =
    type === otherType
      ? one.holds !== other.holds
      : one.holds &&
        other.holds &&
        (card?.denies.includes(otherType) || conditions.get(otherType)?.denies.includes(type));
  if (isOpposite === true && optionsOf(one.condition) === optionsOf(other.condition)) return true;
  if (type !== otherType) return false;
  return card?.neverBoth({ params, holds: one.holds }, { params: otherParams, holds: other.holds }, school) ?? false;
}
