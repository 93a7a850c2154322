import { entry, setEntry } from "../../base/record";
import { type Returned, returnFields } from "../account/attributes";
import { changeSources, endingAt, endOf, enrolmentOf, isActive, tellAsItIs, withdraw } from "../enrolment/change";
import { coursesIn, giveCourses, takeCourses } from "../enrolment/holding";
import type { Enrolment, Source, Turn } from "../facts";
import { type Giver, type Givers, givenWithout, type Was } from "../givers";
import { giveGroup, leaveGroup, leaveSpace, removeSeat } from "../groups/change";
import { leaveSegment } from "../segments/change";
import { removeTags } from "../tags/change";
import { formatInstant } from "../time";
import type { Staying, TakenBack, Thing, Why } from "./things";

/*
 * Takes back what runs gave, and nobody else did since. What others gave again is theirs from then on.
 */

type Runs = ReadonlySet<string>;

const isOf = (given: Giver | undefined, runs: Runs): given is Giver =>
  given?.by === "run" && given.id !== null && runs.has(given.id);

/** What is held as mere ids, and how it goes. */
const NAMED: readonly [keyof Givers, Thing["kind"], (turn: Turn, id: string) => unknown][] = [
  ["tags", "tag", (turn, id) => removeTags(turn, [id])],
  ["seats", "seat", removeSeat],
  ["spaces", "space", leaveSpace],
  ["segments", "segment", leaveSegment],
];

export function takeBack(turn: Turn, runs: Runs): TakenBack {
  const done: TakenBack = { takes: [], stays: [] };
  for (const [held, kind, take] of NAMED) takeNamed(turn, runs, done, held, kind, take);
  takeFields(turn, runs, done);
  for (const { type, product } of [...turn.learner.enrolments]) {
    // What was taken back before may have taken some of it along.
    for (const { source } of enrolmentOf(turn.learner, type, product)?.sources ?? []) {
      const one = enrolmentOf(turn.learner, type, product);
      const stands = one?.sources.find((other) => other.source === source);
      if (one && stands) takeSource(turn, runs, done, one, stands);
    }
  }
  takeGroups(turn, runs, done);
  return done;
}

const staying = (done: TakenBack, kind: Thing["kind"], id: string, why: Why): void => {
  const one: Staying = { kind, id, why };
  done.stays.push(one);
};

function takeNamed(
  turn: Turn,
  runs: Runs,
  done: TakenBack,
  held: keyof Givers,
  kind: Thing["kind"],
  take: (turn: Turn, id: string) => unknown,
): void {
  const givers = turn.learner.givers[held];
  for (const [id, given] of Object.entries(givers)) {
    const left = givenWithout(given, runs);
    const isTheirs = isOf(given, runs);
    if (left) {
      if (left !== given) setEntry(givers, id, left);
      if (isTheirs) staying(done, kind, id, "others");
    } else if (held === "segments" && turn.school.segments.get(id)?.managed) staying(done, kind, id, "follows_rules");
    else {
      take(turn, id);
      done.takes.push({ kind, id });
    }
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
  return { ...now, given: left.was ? { ...left, was: without(left.was, runs, first) } : left };
}

/** An enrolment that a run gave was none before: nobody gave it. */
const NOT_ENROLLED: Was = {};

function takeFields(turn: Turn, runs: Runs, done: TakenBack): void {
  const { fields, givers } = turn.learner;
  const returned: Returned[] = [];
  for (const [field, given] of Object.entries(givers.fields)) {
    const value = entry(fields, field);
    const then = without({ ...(value === undefined ? {} : { value }), given }, runs);
    const left = givenWithout(given, runs);
    if (!left && given.was) {
      returned.push({ field, value: then.value, given: then.given });
      done.takes.push({ kind: "field", id: field, to: then.value ?? null });
      continue;
    }
    setEntry(givers.fields, field, then.given ?? given);
    if (isOf(given, runs)) staying(done, "field", field, left ? "others" : "before_unknown");
  }
  returnFields(turn, returned);
}

function takeSource(turn: Turn, runs: Runs, done: TakenBack, one: Enrolment, source: Source): void {
  const { type, product } = one;
  const { given } = source;
  const isTheirs = isOf(given, runs);
  const left = givenWithout(given, runs);
  if (isTheirs && !left && !isActive(source)) return staying(done, type, product, "changed");
  const then = without({ ...(source.endsAt === null ? {} : { value: source.endsAt }), given }, runs, NOT_ENROLLED);
  if (!then.given) {
    withdraw(turn, type, product, (other) => other === source);
    const stays = enrolmentOf(turn.learner, type, product);
    if (stays?.sources.some(isActive)) return staying(done, type, product, "others");
    if (type !== "course") takeCourses(turn, type, product);
    done.takes.push({ kind: type, id: product });
    return;
  }
  const end = endOf(one);
  const kept: Source = { ...source, given: then.given };
  const become = (now: Source): Enrolment =>
    changeSources(turn.learner, one, (other) => (other === source ? now : other));
  if (!isTheirs || left) {
    if (kept.given !== source.given) become(kept);
    if (isTheirs) staying(done, type, product, "others");
    return;
  }
  const endsAt = typeof then.value === "number" ? then.value : null;
  const now = become(endingAt(kept, endsAt, then.by));
  if (endOf(now) !== end) {
    tellAsItIs(turn, now, "renewed");
    if (type !== "course")
      giveCourses(turn, type, product, coursesIn(turn.school, type, product), { endsAt: endOf(now), isSent: true });
  }
  done.takes.push({ kind: type, id: product, to: endsAt === null ? null : formatInstant(endsAt) });
}

function takeGroups(turn: Turn, runs: Runs, done: TakenBack): void {
  for (const { group, sources } of [...turn.learner.groups]) {
    for (const one of sources) {
      const isTheirs = isOf(one.given, runs);
      const left = givenWithout(one.given, runs);
      if (left) {
        if (left !== one.given) giveGroup(turn, group, one.source, left);
        if (isTheirs) staying(done, "group", group, "others");
      } else if (leaveGroup(turn, group, (source) => source === one.source) === "held")
        staying(done, "group", group, "others");
      else done.takes.push({ kind: "group", id: group });
    }
  }
}
