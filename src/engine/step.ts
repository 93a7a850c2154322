import { ENROLLED } from "../catalogue/facts/by-hand";
import { newLearner } from "../catalogue/facts/facts";
import { LIMITS } from "../catalogue/facts/limits";
import { applyInput, type Input, type Refusal, refusalOf } from "./inputs/input";
import { callInput } from "./inputs/input-ids";
import { reconcile } from "./reconcile";
import { endRun, enqueue, timeIsUp } from "./runs";
import { nextDue, nextWake } from "./time/due";
import { drain, judge, nextQueued } from "./turns";
import type { Effects, MissedFact, Run, UserState, World } from "./types";
import { begin, beginTurn, noEffects, type Work } from "./work";

/*
 * The engine's one door. The same state, world, input and clock give the same state and effects; nothing but the state
 * handed in is changed.
 */

/**
 * What is handed in to be changed in place. Where a call throws it is left half changed, and no more to be used: whoever
 * hands it in has a copy, or reads it anew (what is asked of a user comes as a copy from its object; the object opens
 * its store again).
 */
export type InPlace<T> = T;

export const newState = (id: string, now: number, occurredAt = now): UserState => ({
  learner: newLearner(id, now, occurredAt),
  runs: [],
  starts: {},
  away: {},
  dates: {},
  order: 0,
  clock: now,
  stamp: 0,
});

export interface Stepped {
  /** What was due before the input was judged. */
  before: Effects;
  /** What the input brought about. */
  effects: Effects;
  nextWake: number | null;
  /** Why the input was not taken: nothing of it happened. */
  refused: Refusal | null;
}

/**
 * Judges one input. Before it queued runs go on and what is due happens; asynchronous runs that it starts stay queued.
 * @param isNew the user was not known before
 */
export function step(state: InPlace<UserState>, given: Input, world: World, now: number, isNew = false): Stepped {
  const input = callInput(given, world.school.courseId);
  const work = begin(state, world, now);
  const before = catchUp(work);
  work.effects = noEffects();
  const refused = refusalOf(input, state, world.school);
  if (!refused) {
    beginTurn(work);
    applyInput(work, input, isNew);
    drain(work, { runs: false });
  }
  return { before, effects: work.effects, nextWake: nextWake(work), refused };
}

/** Everything that should have happened by now. */
function catchUp(work: Work): Effects {
  work.state.clock = work.now;
  reconcile(work);
  drain(work, { runs: true });
  for (let due = nextDue(work, work.now); due; due = nextDue(work, work.now)) {
    beginTurn(work);
    due.happen();
    drain(work, { runs: true });
  }
  return work.effects;
}

/**
 * When something next happens by itself, up to a time; null: nothing does before. Runs that are queued go on at once.
 * @param state as it stands: what was due is done
 */
export function nextMoment(state: InPlace<UserState>, world: World, until: number): number | null {
  const work = begin(state, world, state.clock);
  if (nextQueued(work)) return state.clock;
  const due = nextDue(work, until);
  return due ? Math.max(due.at, state.clock) : null;
}

export interface Advanced {
  effects: Effects;
  nextWake: number | null;
  /** Where the clock got to: `until`, unless the limit of steps came first. */
  now: number;
}

export interface Passed extends Advanced {
  /** False where the limit of steps left something undone. */
  finished: boolean;
}

/**
 * Lets time pass up to a moment, in order of time.
 * @param jumps the clock jumps from one due thing to the next (a test school); else all of it happens at `until`
 * @param from the school's clock, where the user's may lag behind: nothing happens before it
 * @param maxSteps stops after so many steps, to be called again
 */
export function advance(
  state: InPlace<UserState>,
  world: World,
  until: number,
  options: { jumps: boolean; from?: number; maxSteps?: number },
): Passed {
  const work = begin(state, world, options.jumps ? (options.from ?? state.clock) : until);
  const maxSteps = options.maxSteps ?? Number.POSITIVE_INFINITY;
  state.clock = work.now;
  reconcile(work);
  drain(work, { runs: true, maxSteps });
  for (let due = nextDue(work, until); due && work.effects.steps < maxSteps; due = nextDue(work, until)) {
    if (options.jumps) work.now = Math.max(work.now, due.at);
    state.clock = work.now;
    beginTurn(work);
    due.happen();
    drain(work, { runs: true, maxSteps });
  }
  const finished = !nextQueued(work) && nextDue(work, until) === undefined;
  if (finished) {
    work.now = Math.max(work.now, until);
    state.clock = work.now;
  }
  return { effects: work.effects, nextWake: nextWake(work), now: work.now, finished };
}

export type Control = "cancel" | "skip";

export interface Controlled extends Advanced {
  /** False where the run is not there or not in a state for it; what was due has happened all the same. */
  done: boolean;
}

/** Stops or pushes a live run. */
export function control(
  state: InPlace<UserState>,
  world: World,
  now: number,
  runId: string,
  what: Control,
): Controlled {
  const work = begin(state, world, now);
  catchUp(work);
  const run = state.runs.find((one) => one.id === runId);
  const done = run !== undefined && (what === "cancel" || (run.waiting !== null && !run.waiting.way));
  if (done && what === "cancel") endRun(work, run, "cancelled");
  else if (done) {
    timeIsUp(work, run);
    enqueue(work, run);
  }
  drain(work, { runs: true });
  return { effects: work.effects, nextWake: nextWake(work), now: work.now, done };
}

/** Lets a run that failed go on from its failed step. */
export function retry(state: InPlace<UserState>, world: World, now: number, failed: Run): Controlled {
  const work = begin(state, world, now);
  catchUp(work);
  const done =
    failed.status === "failed" && !state.runs.some((one) => one.id === failed.id) && state.runs.length < LIMITS.runs;
  if (done) {
    const run: Run = { ...failed, status: "queued", endedAt: null, reason: null };
    state.runs = [...state.runs, run];
    enqueue(work, run);
  }
  drain(work, { runs: true });
  return { effects: work.effects, nextWake: nextWake(work), now: work.now, done };
}

/** Whether `enrol` would start the automation for the user now. @param missed from that fact */
export function wouldStart(
  state: UserState,
  world: World,
  now: number,
  automationId: string,
  missed?: MissedFact,
): boolean {
  const work = begin(state, world, now);
  const automation = world.byId.get(automationId);
  if (!automation) return false;
  const happening = {
    type: ENROLLED,
    data: { automation: automationId },
    at: now,
    order: state.order + 1,
    eventId: null,
    chain: [],
    lineage: [],
    quiet: false,
    hidden: false,
    ...(missed ? { missed } : {}),
  };
  return judge(work, automation, happening).stopped_by === undefined;
}
