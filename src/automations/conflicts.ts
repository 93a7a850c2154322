import {
  type Affected,
  affectedBy,
  affectedByHolder,
  affectedByRules,
  affectedBySync,
  HELD_SINCE,
  isOfMembership,
  namedByTrigger,
  undoes,
} from "../catalogue/affected";
import type { BoundTrigger } from "../catalogue/define";
import { allHeld, type Holding } from "../catalogue/enrolment/holding";
import type { Judging, SchoolView } from "../catalogue/facts";
import { TRIGGER } from "../catalogue/fields";
import { kinds } from "../catalogue/kinds";
import { HOLDERS, type Holder } from "../catalogue/products";
import type { Warning } from "../definition/answers";
import type { Program, World } from "../engine/types";
import { asked, hears, mayMeet } from "./meeting";

/*
 * Who undoes on a fact what another does on the same fact: an automation, a sync, the rules of a segment, what holds
 * courses. Only what happens before any wait is looked at: to give something now and take it in a month is no conflict.
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

export interface ConflictContext {
  id: string;
  program: Program;
  affecting: Affecting;
  syncs: World["syncs"];
  segments: World["segments"];
  school: Holding & Judging & Pick<SchoolView, "courseId">;
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
  const what = id === TRIGGER ? `the ${noun} it is about` : `the ${noun} ${JSON.stringify(id)}`;
  return {
    code: "conflict",
    message: `On the same fact ${who} ${done(other, own)} ${what}, ${ownDone(own, other)}.`,
    ...(automation === undefined ? {} : { automations: [automation] }),
  };
}

/** Warnings of who undoes at once, on the same fact, what an automation does. */
export function conflictsOf(context: ConflictContext): Warning[] {
  const own = affectedAtOnce(context.program);
  if (!own.length) return [];
  return [...ofAutomations(own, context), ...ofSegments(own, context), ...ofHolders(own, context)].slice(0, MOST_TOLD);
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
  { id, program, affecting, school }: ConflictContext,
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
          (its.id === one.id || its.id === TRIGGER || one.id === TRIGGER) &&
          mayMeet(program, other.program, one.kind, asked(one, its), school),
      );
      if (!against) continue;
      told.add(other.id);
      yield warning(one, against, "another automation", other.id);
    }
  }
}

/** What syncs and rules do by themselves when somebody joins a segment or leaves it. */
function* ofSegments(own: readonly Affected[], { program, syncs, segments }: ConflictContext): Generator<Warning> {
  if (!program.when.some(({ on }) => on.some(isOfMembership))) return;
  for (const sync of syncs) {
    if (!sync.active) continue;
    for (const its of affectedBySync(sync)) {
      const one = own.find((mine) => mine.id === its.id && undoes(its, mine));
      if (one && hears(program, its.on))
        yield warning(
          one,
          its,
          `the sync of the segment ${JSON.stringify(sync.segment)} with the course ${JSON.stringify(sync.course)}`,
        );
    }
  }
  for (const one of own) {
    const segment = one.kind === "segment" ? segments.get(one.id) : undefined;
    if (!segment?.managed || !segment.rules.length) continue;
    const its = affectedByRules(segment.id).find((each) => undoes(each, one) && hears(program, each.on));
    if (its) yield warning(one, its, "a rule of the segment");
  }
}

const HOLDING: Readonly<Record<Holder, string>> = {
  bundle: "the bundle",
  subscription: "the subscription",
  seat: "the seat offering",
};

/** What bundles, subscriptions and seats give with themselves, and no action takes. */
function* ofHolders(own: readonly Affected[], { program, school }: ConflictContext): Generator<Warning> {
  const ofCourses = new Map(
    own.flatMap((one) => (one.kind === "course" && one.does === "takes" ? [[one.id, one]] : [])),
  );
  if (!ofCourses.size) return;
  for (const holder of HOLDERS) {
    if (!program.when.some(({ on }) => on.includes(HELD_SINCE[holder]))) continue;
    for (const [id, courses] of allHeld(school, holder))
      for (const its of affectedByHolder(holder, id, courses.map(school.courseId))) {
        const one = ofCourses.get(its.id);
        if (one && undoes(its, one) && hears(program, its.on))
          yield warning(one, its, `${HOLDING[holder]} ${JSON.stringify(id)}`);
      }
  }
}
