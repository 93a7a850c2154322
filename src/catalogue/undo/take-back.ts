import { entry, setEntry } from "../../base/record";
import { type Returned, returnFields } from "../account/attributes";
import { changeSources, endingAt, endOf, enrolmentOf, isActive, tellAsItIs, withdraw } from "../enrolment/change";
import { endCourses, takeCourses } from "../enrolment/holding";
import type { Enrolment, Source, Turn } from "../facts/facts";
import { type Giver, type Givers, givenWithout, type Was } from "../facts/givers";
import { giveGroup, leaveGroup, leaveSpace, removeSeat } from "../groups/change";
import { leaveSegment } from "../segments/change";
import { removeTags } from "../tags/change";
import { tagKey } from "../tags/key";
import type { Thing } from "./things";
import { standing, type Touched, touch, withAll } from "./told";

/*
 * Takes back what runs gave, and nobody else did since. What others gave again is theirs from then on.
 */

type Runs = ReadonlySet<string>;

const isOf = (given: Giver | undefined, runs: Runs): given is Giver =>
  given?.by === "run" && given.id !== null && runs.has(given.id);

/** What is held as mere ids, by what its givers stand under, and how it goes. */
const NAMED: readonly [keyof Givers, Thing["kind"], (turn: Turn, id: string) => unknown][] = [
  ["tags", "tag", (turn, id) => removeTags(turn, [id])],
  ["seats", "seat", removeSeat],
  ["spaces", "space", leaveSpace],
  ["segments", "segment", leaveSegment],
];

/** @returns what it had to do with: what to tell of that is known once all has followed */
export function takeBack(turn: Turn, runs: Runs): Touched[] {
  const touched: Touched[] = [];
  const before = standing(turn.learner);
  for (const [held, kind, take] of NAMED) takeNamed(turn, runs, touched, held, kind, take);
  takeFields(turn, runs, touched);
  // What holds courses goes first, and they along with it.
  const isCourse = ({ type }: Enrolment): boolean => type === "course";
  const { enrolments } = turn.learner;
  for (const { type, product } of [...enrolments.filter((one) => !isCourse(one)), ...enrolments.filter(isCourse)]) {
    // What was taken back before may have taken some of it along.
    for (const { source } of enrolmentOf(turn.learner, type, product)?.sources ?? []) {
      const one = enrolmentOf(turn.learner, type, product);
      const stands = one?.sources.find((other) => other.source === source);
      if (one && stands) takeSource(turn, runs, touched, one, stands);
    }
  }
  takeGroups(turn, runs, touched);
  return withAll(touched, before);
}

function takeNamed(
  turn: Turn,
  runs: Runs,
  touched: Touched[],
  held: keyof Givers,
  kind: Thing["kind"],
  take: (turn: Turn, id: string) => unknown,
): void {
  const givers = turn.learner.givers[held];
  for (const [key, given] of Object.entries(givers)) {
    // Tags are told of as they are written.
    const id = (held === "tags" && turn.learner.tags.find((tag) => tagKey(tag) === key)) || key;
    const left = givenWithout(given, runs);
    const followsRules = held === "segments" && turn.school.segments.get(id)?.managed === true;
    if (isOf(given, runs)) touch(touched, turn.learner, kind, id, !left && followsRules ? "follows_rules" : "others");
    if (!left && !followsRules) take(turn, id);
    else if (left && left !== given) setEntry(givers, key, left);
  }
}

/**
 * How something stands without the runs: what they alone changed is as it was before, as far as that is known.
 * @param first what was before a run of which no more is known; left out: it is taken to have been so before
 */
function without(now: Was, runs: Runs, first?: Was): Was {
  const { given } = now;
  if (!given) return now;
  const left = givenWithout(given, runs);
  if (!left) return given.was ? without(given.was, runs, first) : (first ?? now);
  if (!left.was) return { ...now, given: left };
  const { was, ...giver } = left;
  const before = without(was, runs, first);
  // That nothing was given there says itself: releases before read an end of nobody's as none.
  return { ...now, given: before === NOT_ENROLLED ? giver : { ...giver, was: before } };
}

/** An enrolment that a run gave was none before: nobody gave it. */
const NOT_ENROLLED: Was = {};

function takeFields(turn: Turn, runs: Runs, touched: Touched[]): void {
  const { fields, givers } = turn.learner;
  const returned: Returned[] = [];
  for (const [field, given] of Object.entries(givers.fields)) {
    const value = entry(fields, field);
    const then = without({ ...(value === undefined ? {} : { value }), given }, runs);
    const left = givenWithout(given, runs);
    if (!left && given.was) {
      touch(touched, turn.learner, "field", field, null);
      returned.push({ field, value: then.value, given: then.given });
      continue;
    }
    setEntry(givers.fields, field, then.given ?? given);
    if (isOf(given, runs)) touch(touched, turn.learner, "field", field, left ? "others" : "before_unknown");
  }
  returnFields(turn, returned);
}

function takeSource(turn: Turn, runs: Runs, touched: Touched[], one: Enrolment, source: Source): void {
  const { type, product } = one;
  const { given } = source;
  const isTheirs = isOf(given, runs);
  const left = givenWithout(given, runs);
  const then = without({ ...(source.endsAt === null ? {} : { value: source.endsAt }), given }, runs, NOT_ENROLLED);
  // What they gave and suspended themselves, to who had nothing before, nobody else has changed.
  const isTheirChange = !then.given && source.suspendedIn !== undefined && runs.has(source.suspendedIn);
  const isChanged = isTheirs && !left && !isActive(source) && !isTheirChange;
  if (isTheirs) touch(touched, turn.learner, type, product, isChanged ? "changed" : "others");
  if (isChanged) return;
  const end = endOf(one);
  const kept: Source = { ...source, given: then.given ?? given };
  const become = (now: Source): Enrolment =>
    changeSources(turn.learner, one, (other) => (other === source ? now : other));
  if (then.given && (!isTheirs || left)) {
    if (kept.given !== given) become(kept);
    return;
  }
  const endsAt = typeof then.value === "number" ? then.value : null;
  if (!then.given || (endsAt !== null && endsAt <= turn.now)) {
    withdraw(turn, type, product, (other) => other === source);
    const stays = enrolmentOf(turn.learner, type, product);
    if (stays?.sources.some(isActive)) endWith(turn, stays, end);
    else if (type !== "course") takeCourses(turn, type, product);
    return;
  }
  const now = become(endingAt(kept, endsAt, then.by));
  if (endOf(now) !== end) tellAsItIs(turn, now, "renewed");
  endWith(turn, now, end);
}

/** Has what is held by something end with it. @param before when that ended until now */
function endWith(turn: Turn, holding: Enrolment, before: number | null): void {
  const { type, product } = holding;
  if (type !== "course" && endOf(holding) !== before) endCourses(turn, type, product, holding);
}

function takeGroups(turn: Turn, runs: Runs, touched: Touched[]): void {
  for (const { group, sources } of [...turn.learner.groups]) {
    for (const one of sources) {
      const left = givenWithout(one.given, runs);
      if (isOf(one.given, runs)) touch(touched, turn.learner, "group", group, "others");
      if (!left) leaveGroup(turn, group, (source) => source === one.source);
      else if (left !== one.given) giveGroup(turn, group, one.source, left);
    }
  }
}
