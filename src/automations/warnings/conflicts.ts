import type { BoundTrigger } from "../../catalogue/define";
import { type Affected, affectedBy, affectedIn, namedByTrigger, undoes } from "../../catalogue/facts/affected";
import type { Judging } from "../../catalogue/facts/facts";
import { type MadeFact, movedIn } from "../../catalogue/facts/opposites";
import { heldSays, saidByFact } from "../../catalogue/facts/said";
import { kinds } from "../../catalogue/kinds";
import { TRIGGER } from "../../catalogue/options/fields";
import type { Sure } from "../../catalogue/steps/define";
import type { Warning } from "../../definition/answers";
import type { Program } from "../../engine/types";
import { type Around, type By, followingFrom } from "./by-itself";
import { asked, mayMeet, neverSo, sureOf } from "./meeting";

/*
 * Who undoes on a fact what another does on the same fact: an automation, a sync, what holds courses. Only what happens
 * before any wait is looked at: to give something now and take it in a month is no conflict. Into and out of a segment that
 * has rules nobody gets but by these: a step that would fails, which is warned of by itself.
 */

/** An automation as far as conflicts are concerned. */
export interface Acting {
  id: string;
  active: boolean;
  program: Program;
}

/** What is given or taken at once, by kinds, then ids: by whom. */
type Index = ReadonlyMap<string, ReadonlyMap<string, readonly Acting[]>>;

/** Who among a school's automations that are on gives or takes what. */
export interface Affecting {
  of(kind: string): Iterable<readonly [id: string, who: readonly Acting[]]>;
  one(kind: string, id: string): readonly Acting[];
}

export interface ConflictContext extends Around {
  id: string;
  program: Program;
  affecting: Affecting;
}

const affected = new WeakMap<Program, readonly Affected[]>();

/** What a program gives or takes before any wait, each once; what `"$trigger"` means, as far as its triggers name it. */
function affectedAtOnce(program: Program): readonly Affected[] {
  const found = affected.get(program);
  if (found) return found;
  const all = program.operations.flatMap((one) =>
    one.kind === "perform" && one.comes === "at_once" ? affectedBy(one.type, one.action.params) : [],
  );
  const known = new Map(all.flatMap((one) => meant(one, program.when)).map((one) => [JSON.stringify(one), one]));
  const made = [...known.values()];
  affected.set(program, made);
  return made;
}

function meant(one: Affected, when: readonly BoundTrigger[]): Affected[] {
  if (one.id !== TRIGGER) return [one];
  const named = when.map(({ type, params }) => namedByTrigger(type, params, one.kind));
  return named.some((ids) => ids.length === 0) ? [one] : named.flat().map((id) => ({ ...one, id }));
}

const indexes = new WeakMap<readonly Acting[], Index>();

function indexOf(automations: readonly Acting[]): Index {
  const found = indexes.get(automations);
  if (found) return found;
  const index = new Map<string, Map<string, Acting[]>>();
  for (const one of automations) {
    if (!one.active) continue;
    for (const { kind, id } of affectedAtOnce(one.program)) {
      const ids = index.get(kind) ?? new Map<string, Acting[]>();
      index.set(kind, ids);
      const who = ids.get(id) ?? [];
      ids.set(id, who);
      if (who.at(-1) !== one) who.push(one);
    }
  }
  indexes.set(automations, index);
  return index;
}

/** Known of a list of automations for as long as there is the list. */
export const affectingAmong = (automations: readonly Acting[]): Affecting => ({
  of: (kind) => indexOf(automations).get(kind) ?? [],
  one: (kind, id) => indexOf(automations).get(kind)?.get(id) ?? [],
});

// ---- Told ----

/** So many are told of an automation, and so many others are looked at. */
const MOST_TOLD = 20;
const MOST_LOOKS = 2_000;

const done = ({ does, of }: Affected, own: Affected): string =>
  does === own.does ? "puts something else into" : `${does}${of === "progress" ? " progress in" : ""}`;
const ownDone = ({ does }: Affected, other: Affected): string =>
  does === other.does ? "which this one fills" : `which this one ${does}`;

function warning(own: Affected, other: Affected, who: string, automation?: string): Warning {
  const id = own.id === TRIGGER ? other.id : own.id;
  const noun = kinds.get(own.kind)?.noun ?? own.kind;
  const what = id === TRIGGER ? `the ${noun} it is about` : `the ${noun} ${quoted(id)}`;
  return {
    code: "conflict",
    message: `On the same fact ${who} ${done(other, own)} ${what}, ${ownDone(own, other)}.`,
    ...(automation === undefined ? {} : { automations: [automation] }),
  };
}

/** Warnings of who undoes at once, on the same fact, what an automation does. */
export function conflictsOf(context: ConflictContext): Warning[] {
  const own = affectedAtOnce(context.program).filter((one) => !isInVain(one, context));
  if (!own.length) return [];
  return [...ofAutomations(own, context), ...ofFollowing(own, context)].slice(0, MOST_TOLD);
}

const isInVain = ({ kind, id }: Affected, { segments }: Pick<ConflictContext, "segments">): boolean =>
  kind === "segment" && segments.get(id)?.managed === true;

/** What an automation asks for that says whether somebody has what a step gives or takes. */
const isSure = (program: Program, says: Sure | null, school: Judging): boolean =>
  says !== null && neverSo({ ...says, holds: !says.holds }, sureOf(program), school);

/**
 * Whether a step does nothing, as it is so already for whom the automation starts for. Of two that are both asynchronous
 * either may be judged before the other acts.
 */
function isIdle(one: Affected, program: Program, beside: Program, school: Judging): boolean {
  const { does, kind, of, id } = one;
  if (of !== undefined || id === TRIGGER || (!program.synchronous && !beside.synchronous)) return false;
  // An enrolment, or a group, that is there already is held for one more reason then.
  if (does === "gives" && kind !== "tag") return false;
  const isItsOwn = affectedAtOnce(program).some((its) => undoes(its, one) && (its.id === id || its.id === TRIGGER));
  return !isItsOwn && isSure(program, heldSays(kind, id, does === "gives"), school);
}

/** Whether an automation asks for nothing that the fact denies, unless the other makes it so again. */
function mayStart(program: Program, fact: MadeFact, beside: Program, school: Judging): boolean {
  const says = saidByFact(fact);
  if (says === null || !neverSo(says, sureOf(program), school)) return true;
  const kind = movedIn(fact)?.kind;
  return affectedAtOnce(beside).some((its) => its.kind === kind);
}

/** Who may give or take the same as one does. */
function* candidates({ kind, id }: Affected, affecting: Affecting): Generator<Acting> {
  if (id !== TRIGGER) {
    yield* affecting.one(kind, id);
    yield* affecting.one(kind, TRIGGER);
  } else for (const [, who] of affecting.of(kind)) yield* who;
}

function* ofAutomations(
  own: readonly Affected[],
  { id, program, affecting, school, segments }: ConflictContext,
): Generator<Warning> {
  const told = new Set([id]);
  let looks = 0;
  for (const one of own) {
    for (const other of candidates(one, affecting)) {
      if (++looks > MOST_LOOKS) return;
      if (told.has(other.id)) continue;
      const against = affectedAtOnce(other.program).find(
        (its) =>
          undoes(its, one) &&
          !isInVain(its, { segments }) &&
          (its.id === one.id || its.id === TRIGGER || one.id === TRIGGER) &&
          !isIdle(one, program, other.program, school) &&
          !isIdle(its, other.program, program, school) &&
          mayMeet(
            program,
            other.program,
            { kind: one.kind, id: asked(one, its) },
            school,
            (fact) => mayStart(program, fact, other.program, school) && mayStart(other.program, fact, program, school),
          ),
      );
      if (!against) continue;
      told.add(other.id);
      yield warning(one, against, "another automation", other.id);
    }
  }
}

const quoted = (id: string): string => JSON.stringify(id);

const WHO: { [B in By["by"]]: (who: Extract<By, { by: B }>) => string } = {
  sync: ({ segment, course }) => `the sync of the segment ${quoted(segment)} with the course ${quoted(course)}`,
  auto_group: ({ course }) => `the auto group of the course ${quoted(course)}`,
  bundle: ({ id }) => `the bundle ${quoted(id)}`,
  subscription: ({ id }) => `the subscription ${quoted(id)}`,
  seat: ({ id }) => `the seat offering ${quoted(id)}`,
};

// The table has, for each of them, the function that names it.
const nameOf = (who: By): string => (WHO[who.by] as (who: By) => string)(who);

/** What can be given by itself, and by a step. */
const BY_ITSELF: readonly string[] = ["course", "group"];

/** What syncs, auto groups and what holds courses do by themselves on the fact that starts an automation. */
function* ofFollowing(own: readonly Affected[], { program, ...around }: ConflictContext): Generator<Warning> {
  const mine = own.filter(({ kind, of }) => of === undefined && BY_ITSELF.includes(kind));
  if (!mine.length) return;
  const groups = mine.flatMap(({ kind, id }) => (kind === "group" ? [id] : []));
  const told = new Set<string>();
  for (const { fact, who } of followingFrom(program, around, groups)) {
    const its = affectedIn(fact);
    for (const one of mine) {
      if (!its || !undoes(its, one) || its.id !== one.id) continue;
      const said = warning(one, its, nameOf(who));
      if (!told.has(said.message)) yield said;
      told.add(said.message);
    }
  }
}
