import { entry, removeEntry, setEntry } from "../../base/record";
import { type Learner, type Turn, turnBy } from "../../catalogue/facts/facts";
import { joinSegment, leaveSegment } from "../../catalogue/segments/change";
import type { Read } from "../../catalogue/segments/reads";
import type { CompiledSegment, World } from "../types";
import type { Work } from "../work";

/*
 * The rules of managed segments: whom they have in, and when they are judged. A segment is joined or left at most once a
 * turn; what would move a user once more is judged again right after it.
 */

type Rule = CompiledSegment["rules"][number];

const holds = ({ match, clauses }: Rule, learner: Learner, now: number): boolean =>
  match === "all"
    ? clauses.every((clause) => clause.holds(learner, now))
    : clauses.some((clause) => clause.holds(learner, now));

/**
 * The first rule of a managed segment that has the user in it. One that is held lets nobody join, and keeps in whom it
 * let in and whoever it would have.
 */
function ruleFor({ id, rules }: CompiledSegment, learner: Learner, now: number): Rule | undefined {
  const isMember = learner.segments.includes(id);
  const giver = isMember ? entry(learner.givers.segments, id) : undefined;
  return rules.find((rule) => {
    if (!rule.held) return holds(rule, learner, now);
    return isMember && ((giver?.by === "rule" && giver.id === rule.id) || holds(rule, learner, now));
  });
}

/** Whether the rules of a managed segment would have the user in it. @param now the school's clock, ms */
export const wouldBelong = (segment: CompiledSegment, learner: Learner, now: number): boolean =>
  ruleFor(segment, learner, now) !== undefined;

const readers = new WeakMap<World["segments"], ReadonlyMap<Read, readonly CompiledSegment[]>>();

/** Found once of a school's segments: of most kinds there is none. */
function readersOf(segments: World["segments"]): ReadonlyMap<Read, readonly CompiledSegment[]> {
  let found = readers.get(segments);
  if (!found) {
    const made = new Map<Read, CompiledSegment[]>();
    for (const segment of segments.values()) {
      if (!segment.managed) continue;
      const reads = new Set(segment.rules.flatMap(({ clauses }) => clauses.map((clause) => clause.reads)));
      // Of one without rules nobody is a member; who was, by rules of before, leaves as ever.
      for (const read of reads.size ? reads : (["attributes"] as const)) {
        const list = made.get(read) ?? [];
        list.push(segment);
        made.set(read, list);
      }
    }
    found = made;
    readers.set(segments, found);
  }
  return found;
}

/** The managed segments of which a rule reads something that moved. */
export function segmentsMoved(segments: World["segments"], moved: ReadonlySet<Read>): Iterable<CompiledSegment> {
  if (!moved.size) return [];
  const by = readersOf(segments);
  return new Set([...moved].flatMap((read) => by.get(read) ?? []));
}

/**
 * Brings a managed segment's membership in line with its rules, and notes when time alone may turn them.
 * @param call tells one call for membership from another, within a turn
 */
export function alignSegment(work: Work, turn: Turn, segment: CompiledSegment, call = work.effects.facts.length): void {
  if (!segment.managed) return;
  const { learner } = turn;
  const rule = ruleFor(segment, learner, work.now);
  const isMember = learner.segments.includes(segment.id);
  const before = work.turned.get(segment.id);
  if ((rule !== undefined) === isMember) note(work, segment.id, nextTurn(segment, learner, work.now));
  else if (before === undefined) {
    work.turned.set(segment.id, call);
    if (rule) joinSegment(turnBy(turn, "rule", rule.id), segment.id);
    else leaveSegment(turnBy(turn, "rule", null), segment.id);
    note(work, segment.id, nextTurn(segment, learner, work.now));
  } else if (before !== call && !work.settles) note(work, segment.id, work.now, turn.lineage);
  // What its own sync gave, or took, moves it back: it would go round in a circle for ever.
}

function note(work: Work, id: string, at: number | null, late?: readonly string[]): void {
  if (at === null) return judgeNoMore(work, id);
  work.state.again ??= {};
  setEntry(work.state.again, id, { at, ...(late ? { late: [...late] } : {}) });
}

export function judgeNoMore({ state }: Pick<Work, "state">, id: string): void {
  if (!state.again || !entry(state.again, id)) return;
  removeEntry(state.again, id);
  if (!Object.keys(state.again).length) delete state.again;
}

/** The next moment at which time alone may turn a segment's rules; null: none. */
function nextTurn({ rules }: CompiledSegment, learner: Learner, now: number): number | null {
  let next: number | null = null;
  for (const { clauses } of rules) {
    for (const { turnsAt } of clauses) {
      for (const at of turnsAt?.(learner) ?? []) if (at > now && (next === null || at < next)) next = at;
    }
  }
  return next;
}

/** Forgets what was to be judged of segments that are no more. */
export function forgetSegments({ state, world }: Work): void {
  for (const id of Object.keys(state.again ?? {})) {
    const segment = world.segments.get(id);
    if (!segment?.managed) judgeNoMore({ state }, id);
  }
}
