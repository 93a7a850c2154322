import { entry, removeEntry, setEntry } from "../../base/record";

/*
 * Who gave what a user holds. A thing that goes takes its giver with it; one that is given again keeps it, unless the
 * giving changed something: an end, a value, a further source. For a run that is to be undone it is noted that others
 * gave the same again, and what was before. Both keys are optional: what was written without them says so by itself.
 */

/** From where a change comes. Time gives nothing: it takes what has an end. */
export interface Origin {
  readonly by:
    | "event"
    | "run"
    | "rule"
    | "sync"
    | "auto_group"
    | "bundle"
    | "import"
    | "hand"
    | "learner"
    | "reconcile"
    | "merge"
    | "undo"
    | "time";
  /**
   * Of the event, run, rule, sync, auto group, what holds courses (`bundle`: a subscription or seat too) or job; by hand: the email or the key of who did it. `learner`: the
   * user in person, by the enrolment method where one was used; `reconcile`: somebody who made the LMS and us equal; `undo`: the run
   * or automation that is undone. Null where there is none: what is PUT has no event, a rule that holds no more is none.
   */
  readonly id: string | null;
}

/** Who gave something last, and when: ms, by the school's clock. */
export interface Giver extends Origin {
  readonly at: number;
  /**
   * Of what a run gave: that others gave it again, and it stays when the run is undone. The runs that did, as long as no
   * one else did and they are few; true: anybody.
   */
  readonly again?: true | readonly string[];
  /** Of a run that changed what was there: what that was. A run's giver without it: nobody knows, or nothing was. */
  readonly was?: Was;
}

/**
 * What stood there: a field's value, an enrolment's end (ms); none: nothing did. Of an enrolment without giver: there was
 * no such source.
 */
export interface Was {
  readonly value?: string | number | boolean | string[];
  readonly given?: Giver;
  /** The automations behind an enrolment's end. */
  readonly by?: readonly string[];
}

/** The givers of what is held as mere ids and values: by tag key, field, seat, space and segment. */
export interface Givers {
  tags: Readonly<Record<string, Giver>>;
  fields: Readonly<Record<string, Giver>>;
  seats: Readonly<Record<string, Giver>>;
  spaces: Readonly<Record<string, Giver>>;
  segments: Readonly<Record<string, Giver>>;
}
export type GivenKind = keyof Givers;

export const newGivers = (): Givers => ({ tags: {}, fields: {}, seats: {}, spaces: {}, segments: {} });

/** Of a turn, what tells who gives to whom. */
interface Giving {
  learner: { givers: Givers };
  giver: Giver;
}

/** So many runs that gave something again are known by their ids. */
const MOST_AGAIN = 20;
/** So many changes by runs, one over the other, can be taken back. */
const MOST_BEFORE = 4;

/**
 * The giver of what is given again. Many things share a giver: it is never changed itself.
 * @param giver with those who gave it again to who is merged
 */
export function givenAgain(given: Giver, { by, id, again = [] }: Origin & Pick<Giver, "again">): Giver {
  if (given.by !== "run" || given.again === true) return given;
  if (by !== "run" || id === null || again === true) return { ...given, again: true };
  const runs = given.again ?? [];
  const more = [id, ...again].filter((one) => one !== given.id && !runs.includes(one));
  if (!more.length) return given;
  return { ...given, again: runs.length + more.length <= MOST_AGAIN ? [...runs, ...more] : true };
}

/** The giver of what was changed: a run's knows what was before. */
export function givenOver(giver: Giver, was: Was): Giver {
  if (giver.by !== "run") return giver;
  const { given } = was;
  const isOwn = given?.by === "run" && given.id === giver.id && !given.again;
  if (isOwn) return given.was ? { ...giver, was: given.was } : giver;
  return { ...giver, was: given ? { ...was, given: lessBefore(given, MOST_BEFORE - 1) } : was };
}

function lessBefore({ was, ...given }: Giver, most: number): Giver {
  if (!was) return given;
  // What was before that is not known any more: it is taken to be somebody's.
  if (most === 0) return { ...given, again: true };
  return { ...given, was: was.given ? { ...was, given: lessBefore(was.given, most - 1) } : was };
}

/** The ends that runs gave two who are one by the same source, the later over the earlier: each is undone by itself. */
export function givenToBoth(one: Was, other: Was): Was {
  const ends = [...endsIn(one), ...endsIn(other)].sort((first, second) => whenEnds(first) - whenEnds(second));
  let both: Was = {};
  for (const over of ends) {
    const { given } = both;
    if (!given || !over.given) both = over;
    else if (both.value === over.value) both = { ...both, given: givenAgain(given, over.given) };
    else both = { ...over, given: givenOver(over.given, both) };
  }
  return both;
}

const whenEnds = ({ value }: Was): number => (typeof value === "number" ? value : Number.MAX_VALUE);

/** An end, and those that it was before, each by itself. */
function endsIn({ given, ...end }: Was): Was[] {
  if (!given) return [];
  const { was, ...giver } = given;
  return [{ ...end, given: giver }, ...(was ? endsIn(was) : [])];
}

/** The giver of what stays when runs are undone; null: nobody else gave it. */
export function givenWithout(given: Giver, runs: ReadonlySet<string>): Giver | null {
  if (given.by !== "run") return given;
  const { again, ...rest } = given;
  const isTheirs = given.id !== null && runs.has(given.id);
  if (!again) return isTheirs ? null : given;
  if (again === true) return given;
  const others = again.filter((id) => !runs.has(id));
  if (!isTheirs)
    return others.length === again.length ? given : { ...rest, ...(others.length ? { again: others } : {}) };
  const [next, ...more] = others;
  return next === undefined ? null : { ...rest, id: next, ...(more.length ? { again: more } : {}) };
}

/** Notes who gave something that was not held. */
export const noteGiver = ({ learner, giver }: Giving, kind: GivenKind, what: string): void =>
  setEntry(learner.givers[kind], what, giver);

/** Notes that what is held was given again. */
export function noteAgain({ learner, giver }: Giving, kind: GivenKind, what: string): void {
  const given = entry(learner.givers[kind], what);
  if (given) setEntry(learner.givers[kind], what, givenAgain(given, giver));
}

/** Notes who gave a field another value. @param before the value until now; undefined: it had none */
export function noteOver({ learner, giver }: Giving, field: string, before: Was["value"] | undefined): void {
  const given = entry(learner.givers.fields, field);
  const was: Was = { ...(before === undefined ? {} : { value: before }), ...(given ? { given } : {}) };
  setEntry(learner.givers.fields, field, givenOver(giver, was));
}

/** Forgets who gave what is held no more. */
export const forgetGiver = ({ learner }: Giving, kind: GivenKind, what: string): void =>
  removeEntry(learner.givers[kind], what);

export const giverOf = (givers: Readonly<Record<string, Giver>>, what: string): Giver | undefined =>
  entry(givers, what);

const BY_PREFIX: Record<string, Origin["by"]> = {
  sync: "sync",
  auto: "auto_group",
  bundle: "bundle",
  subscription: "bundle",
  seat: "bundle",
};
const BY_NAME: Record<string, Origin["by"]> = { event: "event", run: "run", import: "import" };

/** The giver that the name of a source tells of: `event`, `run`, `sync:<id>` … Null where it tells of none. */
export function originOfSource(source: string): Origin | null {
  const [prefix = "", ...rest] = source.split(":");
  const by = rest.length ? entry(BY_PREFIX, prefix) : entry(BY_NAME, source);
  return by === undefined ? null : { by, id: rest.length ? rest.join(":") : null };
}
