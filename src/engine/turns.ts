import { setEntry } from "../base/record";
import { addDuration } from "../catalogue/dates/time";
import { ENROLLED } from "../catalogue/facts/by-hand";
import type { OrderedFact } from "../catalogue/facts/facts";
import { LIMITS } from "../catalogue/facts/limits";
import { subjectOf } from "../catalogue/kinds";
import type { StartLimit } from "../definition/types";
import { listenersTo } from "./compile/listeners";
import { makeId, tracedBy } from "./identity";
import { decideWait, endRun, endWait, enqueue, execute, isLive, programOf, takeChain } from "./runs";
import { startsKey } from "./starts";
import { followDates } from "./time/followed";
import type { Automation, Decision, Happening, JournalFact, Run, Starts } from "./types";
import { isLinkOf, linkOf, touch, union, viewOf, type Work } from "./work";

/** A fact with so many runs behind it starts nothing. */
const MAX_CHAIN = 10;
/** What happened so long before an automation was active starts nothing. */
const DAY_MS = 86_400_000;
/** Through waits an automation comes back to itself at most so often. */
const HOUR_MS = 3_600_000;

/**
 * Lets everything that is queued happen: facts, each in its turn, then queued runs, each with the facts it makes.
 * @param options `maxSteps`: after so many of the work's no further run goes on
 */
export function drain(work: Work, options: { runs: boolean; maxSteps?: number }): void {
  const { runs, maxSteps = Number.POSITIVE_INFINITY } = options;
  for (;;) {
    for (let next = work.queue.shift(); next; next = work.queue.shift()) takeTurn(work, next.happening, next.journal);
    const run = runs && work.effects.steps < maxSteps ? nextQueued(work) : undefined;
    if (!run) return;
    goOn(work, run);
  }
}

export const nextQueued = (work: Work): Run | undefined => {
  let first: Run | undefined;
  for (const run of work.state.runs) {
    if (run.status === "queued" && (!first || (run.queued ?? 0) < (first.queued ?? 0))) first = run;
  }
  return first;
};

/** Whether runs of an automation may go on: it is active, and the school is not paused. */
export const mayGoOn = ({ world }: Pick<Work, "world">, automation: string): boolean =>
  !world.paused && world.byId.get(automation)?.active === true;

/** Executes a run whose turn has come; where it may not go on it is held. */
export function goOn(work: Work, run: Run): void {
  if (!mayGoOn(work, run.automation)) return hold(work, run);
  delete run.queued;
  if (run.waiting?.way) endWait(work, run, run.waiting.way);
  execute(work, run);
}

/** Why a run is held beside that its automation is inactive. */
export const PAUSED = "paused";

/** Keeps a run from going on: for its automation, or for the pause alone, which is its reason then. */
export function hold(work: Work, run: Run): void {
  run.status = "held";
  run.reason = work.world.byId.get(run.automation)?.active ? PAUSED : null;
  if (run.waiting) run.waiting.wakeAt = null;
  touch(work, run);
}

/** One fact: first the exits of live runs, then the waits that take it, then starts. */
function takeTurn(work: Work, happening: Happening, journal: JournalFact): void {
  const { state, world } = work;
  const later = (run: Run) => isLive(run) && happening.order > run.trigger.order;
  const concerns = (run: Run) => !happening.only || happening.only.includes(run.id);
  // What ends meanwhile leaves another list behind, and this one as it is.
  for (const run of state.runs) {
    if (!later(run)) continue;
    const program = programOf(work, run);
    if (!program) continue;
    const named =
      concerns(run) &&
      program.exitWhen.some((trigger) => trigger.matches(happening, state.learner, world.school, run.trigger));
    if (named) endRun(work, run, "exited", "exit_when");
    else if (program.exitIf?.test(viewOf(work, run))) endRun(work, run, "exited", "exit_if");
  }
  for (const run of state.runs) if (later(run) && concerns(run)) hear(work, run, happening);
  followDates(work);
  if (happening.hidden) return;
  world.heed?.({ happening, learner: state.learner, school: world.school, now: work.now });
  const listening =
    happening.type === ENROLLED
      ? (happening.only ?? []).flatMap((id) => world.byId.get(id) ?? [])
      : listenersTo(world, happening.type, happening.data);
  for (const synchronous of [true, false]) {
    for (const automation of listening) {
      if (automation.program.synchronous !== synchronous) continue;
      if (happening.only && !happening.only.includes(automation.id)) continue;
      const decision = consider(work, automation, happening);
      // What its triggers do not mean goes without saying.
      if (decision.stopped_by !== "trigger") journal.decisions.push(decision);
    }
  }
}

/**
 * Shows a fact to the `wait_for`s of a run: the one it waits at ends; else those further on remember that they were
 * answered.
 */
function hear(work: Work, run: Run, happening: Happening): void {
  const { state, world } = work;
  const { waiting } = run;
  const awaiting = programOf(work, run)?.awaiting;
  if (!awaiting?.length) return;
  const takers = awaiting.flatMap(({ id, wait }) =>
    wait?.event?.matches(happening, state.learner, world.school, run.trigger) ? [id] : [],
  );
  if (waiting && !waiting.way && takers.includes(waiting.step)) {
    takeChain(run, happening, work.now > waiting.since);
    decideWait(run, "event");
    if (mayGoOn(work, run.automation)) enqueue(work, run);
    else hold(work, run);
    return;
  }
  for (const step of takers) {
    if (run.heard.some((one) => one.step === step)) continue;
    work.effects.changed.add(run);
    run.heard.push({ step, at: work.now, chain: happening.chain, lineage: happening.lineage });
  }
}

/** Judges whether a fact starts an automation, and starts it: a synchronous one runs at once, unless the school is paused. */
function consider(work: Work, automation: Automation, happening: Happening): Decision {
  const decision = judge(work, automation, happening);
  if (decision.stopped_by) return decision;
  const run = start(work, automation, happening);
  if (work.world.paused) {
    hold(work, run);
    return { automation: automation.id, run: run.id, stopped_by: PAUSED };
  }
  if (automation.program.synchronous) execute(work, run);
  else enqueue(work, run);
  return { automation: automation.id, run: run.id };
}

/** The fact that an automation starts from: where one was missed, that. */
const meantBy = (happening: Happening): OrderedFact =>
  happening.missed ? { ...happening.missed, order: happening.order } : happening;

/** The first thing that keeps a fact from starting an automation; without `stopped_by`, nothing does. */
export function judge(work: Work, automation: Automation, happening: Happening): Decision {
  const { state, world, now } = work;
  const { id, program } = automation;
  const stopped = (stopped_by: NonNullable<Decision["stopped_by"]>, more: Partial<Decision> = {}): Decision => ({
    automation: id,
    stopped_by,
    ...more,
  });
  const isMeant =
    happening.type === ENROLLED || program.when.some((one) => one.matches(happening, state.learner, world.school));
  if (!isMeant) return stopped("trigger");
  if (!automation.active) return stopped("inactive");
  if (happening.quiet) return stopped("quiet");
  if (!happening.fires && happening.at < automation.activeSince - DAY_MS) return stopped("before_active");
  const starts = state.starts[id];
  const tooSoon = happening.lineage.includes(id) && starts !== undefined && now - starts.last < HOUR_MS;
  const isItsOwn = happening.chain.some((link) => isLinkOf(id, link));
  if (isItsOwn || happening.chain.length >= MAX_CHAIN || tooSoon) return stopped("loop_stopped");
  const fact = meantBy(happening);
  const view = { learner: state.learner, school: world.school, now, fact, starts: starts?.count ?? 0 };
  const no = program.onlyIf?.explain(view);
  // The value seen is a live part of the state, as often as not: what is stored of it is how it stood.
  if (no) return stopped("only_if", { ...no, seen: structuredClone(no.seen) });
  const apart = program.reentryPer === "trigger";
  const counted = apart ? state.starts[startsKey(id, subjectOf(fact))] : starts;
  if (program.reentry === "one_at_a_time" && liveRuns(work, automation, happening).length)
    return stopped("already_running");
  if (program.reentry === "once" && counted) return stopped("once");
  if (
    program.cooldown !== null &&
    counted &&
    addDuration(counted.last, program.cooldown, world.school.settings.timezone) > now
  ) {
    return stopped("cooldown");
  }
  if (program.limit && counted && isSpent(program.limit, counted, now, world.school.settings.timezone))
    return stopped("limit");
  const makesRoom = program.reentry === "restart" && liveRuns(work, automation, happening).length > 0;
  if (state.runs.length >= LIMITS.runs && !makesRoom) return stopped("limit");
  return { automation: id };
}

/** Whether there were as many starts as a limit lets be, ever or within its time up to now. */
export function isSpent({ times, per }: StartLimit, starts: Starts, now: number, zone: string): boolean {
  if (per === null) return starts.count >= times;
  // Before it was kept when they were, the last is known.
  const { recent = [starts.last] } = starts;
  const earliest = recent.at(-times);
  return earliest !== undefined && addDuration(earliest, per, zone) > now;
}

/** Starts with one more. */
export function withStart(limit: StartLimit | null, before: Starts | undefined, now: number): Starts {
  const { count = 0, recent = before ? [before.last] : [] } = before ?? {};
  return {
    count: count + 1,
    last: now,
    ...(limit && limit.per !== null ? { recent: [...recent, now].slice(-limit.times) } : {}),
  };
}

const liveRuns = (work: Work, automation: Automation, happening: Happening): Run[] => {
  const apart = automation.program.reentryPer === "trigger";
  const subject = apart ? subjectOf(meantBy(happening)) : "";
  return work.state.runs.filter((run) => run.automation === automation.id && (!apart || run.subject === subject));
};

function start(work: Work, automation: Automation, happening: Happening): Run {
  const { state, now } = work;
  const { id, program, revision } = automation;
  if (program.reentry === "restart") {
    for (const live of liveRuns(work, automation, happening)) endRun(work, live, "exited", "restarted");
  }
  const fact = meantBy(happening);
  const subject = subjectOf(fact);
  const run: Run = {
    id: makeId("run", now, ++state.order, work.owner),
    automation: id,
    version: program.version,
    revision,
    status: "running",
    synchronous: program.synchronous,
    trigger: { type: fact.type, data: fact.data, at: fact.at, order: fact.order },
    eventId: happening.missed?.eventId ?? happening.eventId,
    ...tracedBy(happening),
    subject,
    startedAt: now,
    endedAt: null,
    reason: null,
    place: 0,
    round: 0,
    waiting: null,
    waited: false,
    chain: [],
    lineage: union(happening.lineage, [id]),
    heard: [],
    steps: [],
  };
  run.chain = [...happening.chain, linkOf(run)];
  const count = (key: string) => {
    setEntry(state.starts, key, withStart(program.limit, state.starts[key], now));
  };
  count(id);
  if (program.reentryPer === "trigger") count(startsKey(id, subject));
  state.runs = [...state.runs, run];
  work.effects.begun.push(run.id);
  touch(work, run);
  return run;
}
