import { USER_UPDATED } from "../../catalogue/account/facts";
import { COURSE_ENROLLED } from "../../catalogue/enrolment/change";
import { allHeld, type Holding } from "../../catalogue/enrolment/holding";
import { HELD_SINCE } from "../../catalogue/facts/affected";
import type { Judging, SchoolView } from "../../catalogue/facts/facts";
import { type MadeFact, mayBe } from "../../catalogue/facts/opposites";
import { HOLDERS, type Holder } from "../../catalogue/facts/products";
import { fieldSays, saidByClause, saidByFact } from "../../catalogue/facts/said";
import { GROUP_JOINED } from "../../catalogue/groups/change";
import { movedBy } from "../../catalogue/segments/reads";
import type { Sure } from "../../catalogue/steps/define";
import { followingAutoGroups, followingSyncs, type MayHave, turnsOf } from "../../engine/belonging/by-itself";
import { segmentsMoved } from "../../engine/belonging/rules";
import type { Program, World } from "../../engine/types";
import { neverSo, sureOf } from "./meeting";

/*
 * What follows by itself, at once, from what starts an automation: whom rules let in and out, and what syncs, auto groups
 * and bundles give and take then. What cannot be so for whom the automation starts for is left out.
 */

export interface Around extends Pick<World, "segments" | "syncs" | "autoGroups"> {
  school: Holding & Judging & Pick<SchoolView, "courseId">;
}

/** Who brings a fact about. */
export type By =
  | { by: "sync"; segment: string; course: string }
  | { by: "auto_group"; course: string }
  | { by: Holder; id: string };

/** A fact, and who brings it about. */
export interface Following {
  fact: MadeFact;
  who: By;
}

/** So much is looked at: a warning is worth no more. */
const MOST_FACTS = 500;

/** @param groups those that are asked about: of what follows a field, others are not told of */
export function followingFrom(program: Program, around: Around, groups: readonly string[]): Following[] {
  const { segments, syncs, autoGroups, school } = around;
  const found: Following[] = [];
  const seen = new Set<string>();
  const queue: { fact: MadeFact; sure: readonly Sure[] }[] = [];
  const maySay = (says: Sure | null, sure: readonly Sure[]): boolean => says === null || !neverSo(says, sure, school);
  // Who joins or leaves by rules is gone on from alone: no step undoes it.
  const add = (fact: MadeFact, sure: readonly Sure[], who: By | null): void => {
    const key = JSON.stringify([fact, who]);
    if (seen.has(key) || queue.length >= MOST_FACTS || !maySay(saidByFact(fact), sure)) return;
    seen.add(key);
    queue.push({ fact, sure });
    if (who !== null) found.push({ fact, who });
  };
  const asked = sureOf(program);
  for (const fact of startsOf(program)) {
    const says = saidByFact(fact);
    add(fact, says ? [...asked, says] : asked, null);
  }
  for (let at = 0; at < queue.length; at++) {
    const { fact, sure } = queue[at] ?? { fact: { type: "", data: {} }, sure: [] };
    const read = movedBy(fact.type);
    for (const segment of read === undefined ? [] : segmentsMoved(segments, new Set([read])))
      for (const made of turnsOf(segment, fact, mayHave(sure, school))) add(made, sure, null);
    for (const { fact: made, sync } of followingSyncs(syncs, fact))
      add(made, sure, { by: "sync", segment: sync.segment, course: sync.course });
    for (const { fact: made, auto } of followingAutoGroups(autoGroups, fact))
      for (const group of within(made, groups))
        if (maySay(valueIn(auto.field, group, fact, made), sure))
          add({ type: made.type, data: { group } }, sure, { by: "auto_group", course: auto.course });
    for (const { fact: made, who } of byHolders(fact, school)) add(made, sure, who);
  }
  return found;
}

/** The facts that an automation begins by, as far as its options tell. */
const startsOf = ({ when }: Program): MadeFact[] =>
  when.flatMap(({ on, subject, example }) =>
    on.flatMap((type) =>
      subject === null
        ? [{ type, data: example }]
        : subject.values.map((value) => ({ type, data: { ...example, [subject.data]: value } })),
    ),
  );

/** Whether a rule may hold, or not, of those of whom something is sure. */
const mayHave =
  (sure: readonly Sure[], school: Judging): MayHave =>
  ({ match, clauses }, has) => {
    const may = (each: (typeof clauses)[number]): boolean => {
      const says = each.asks ? saidByClause(each.asks, school.fields) : null;
      return says === null || !neverSo({ ...says, holds: says.holds === has }, sure, school);
    };
    // All of them, where all have to hold, or none may.
    return (match === "all") === has ? clauses.every(may) : clauses.some(may);
  };

/** The groups of some that a fact of an auto group may be about. */
const within = (fact: MadeFact, groups: readonly string[]): readonly string[] =>
  typeof fact.data.group === "string" ? [fact.data.group] : groups.filter((one) => mayBe(fact, "group", one));

/** What stands in the field of whom a fact puts into a group that follows it, or takes out. */
function valueIn(field: string, group: string, cause: MadeFact, made: MadeFact): Sure {
  const says = fieldSays(field, "is", group.slice(made.within?.prefix.length));
  return { ...says, holds: cause.type !== USER_UPDATED || made.type === GROUP_JOINED };
}

/** What bundles, subscriptions and seats give with themselves. What they take again is only what they gave. */
function byHolders({ type, data }: MadeFact, school: Around["school"]): Following[] {
  const holder = HOLDERS.find((one) => HELD_SINCE[one] === type);
  if (!holder) return [];
  const id = data[holder];
  const all = allHeld(school, holder);
  const held = typeof id === "string" ? [[id, all.get(id) ?? []] as const] : [...all];
  return held.flatMap(([one, courses]) =>
    courses.map((course) => ({
      fact: { type: COURSE_ENROLLED, data: { course: school.courseId(course) } },
      who: { by: holder, id: one },
    })),
  );
}
