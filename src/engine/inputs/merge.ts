import { setEntry } from "../../base/record";
import { isActive } from "../../catalogue/enrolment/change";
import type { Turn } from "../../catalogue/facts/facts";
import { giverOf } from "../../catalogue/facts/givers";
import { takeLearner } from "../../catalogue/merge";
import { turnAlong } from "../../catalogue/merge/along";
import { takeGroups, takeSources } from "../../catalogue/merge/enrolments";
import { joinSegment } from "../../catalogue/segments/change";
import { followMembership } from "../belonging/membership";
import { endRun } from "../runs";
import { bothOf, startsKey } from "../starts";
import { followDates } from "../time/followed";
import { drain } from "../turns";
import type { Run, UserState } from "../types";
import { touch, type Work } from "../work";
import { callState } from "./course-ids";

/*
 * Two users become one: the target takes what the other was, had and had under way. Nothing starts by it: its facts are
 * quiet.
 */

/** @param from what is written down as the input: it is not changed */
export function takeState(work: Work, turn: Turn, from: Readonly<UserState>): void {
  const given: UserState = structuredClone(from);
  callState(given, work.world.school.courseId, work.effects.changed);
  const firstFact = work.effects.facts.length;
  takeLearner(turn, given.learner);
  for (const id of given.learner.segments)
    if (work.world.segments.get(id)?.managed === false)
      joinSegment(turnAlong(turn, giverOf(given.learner.givers.segments, id)), id);
  followMembership(work, turn, firstFact, true);
  takeOfSyncs(work, turn, given);
  // What the other's runs have lived through already is no news to them: they come when it is over.
  drain(work, { runs: false });
  const doubled = new Set(given.runs.filter((run) => isDoubled(work, run)));
  takeMemory(work.state, given);
  takeRuns(work, given.runs, doubled);
  followDates(work);
}

/**
 * What a sync gave stays with its members, also while it gives nothing; who returns one day finds what was suspended.
 */
function takeOfSyncs({ world }: Work, turn: Turn, { learner }: UserState): void {
  const syncs = new Map(world.syncs.map((sync) => [`sync:${sync.id}`, sync]));
  const isMember = (source: string): boolean => turn.learner.segments.includes(syncs.get(source)?.segment ?? "");
  const isLeft = (source: string): boolean => syncs.get(source)?.onLeave === "suspend";
  takeSources(turn, learner, (one) => (isActive(one) ? isMember(one.source) : isLeft(one.source)));
  takeGroups(turn, learner, isMember);
}

/** What is remembered so that nothing happens twice. */
function takeMemory(state: UserState, given: UserState): void {
  for (const [key, starts] of Object.entries(given.starts))
    setEntry(state.starts, key, bothOf(state.starts[key], starts));
  // The stretch that began last is the one that both are in.
  for (const [key, since] of Object.entries(given.away))
    setEntry(state.away, key, Math.max(since, state.away[key] ?? since));
  state.dates = { ...given.dates, ...state.dates };
  const ids = new Set((state.ahead ?? []).map(({ id }) => id));
  const ahead = [...(state.ahead ?? []), ...(given.ahead ?? []).filter(({ id }) => !ids.has(id))];
  if (ahead.length) state.ahead = ahead;
  state.order = Math.max(state.order, given.order);
  state.clock = Math.max(state.clock, given.clock);
}

function takeRuns(work: Work, runs: readonly Run[], doubled: ReadonlySet<Run>): void {
  work.state.runs = [...work.state.runs, ...runs.filter((run) => !doubled.has(run))];
  for (const run of runs) touch(work, run);
  for (const run of doubled) endRun(work, run, "exited", "merged");
}

/** Whether a run is of an automation of which the user has one at most, and had it: the target's stays. */
function isDoubled({ state, world }: Work, run: Run): boolean {
  const program = world.byId.get(run.automation)?.program;
  const apart = program?.reentryPer === "trigger";
  if (program?.reentry === "once")
    return state.starts[apart ? startsKey(run.automation, run.subject) : run.automation] !== undefined;
  const isSame = (own: Run): boolean => own.automation === run.automation && (!apart || own.subject === run.subject);
  return program?.reentry === "one_at_a_time" && state.runs.some(isSame);
}
