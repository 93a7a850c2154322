import { formatInstant } from "../catalogue/dates/time";
import { type Doing, type Outgoing, skipped } from "../catalogue/define";
import { isLead } from "../catalogue/facts/facts";
import type { Hand, Next, StepOperation, StepStatus, Wait, WaitEnd } from "../catalogue/steps/define";
import { followMembership } from "./belonging/membership";
import { makeId, share, traceOfRun } from "./identity";
import type { Delivery, Operation, Program, Run, StepLog } from "./types";
import { causesOf, linkOf, touch, turnOf, union, viewOf, type Work } from "./work";

const LIVE = new Set(["queued", "running", "waiting", "held"]);
export const isLive = (run: Pick<Run, "status">): boolean => LIVE.has(run.status);

/** The program a run goes by. */
export function programOf(work: Work, run: Run): Program | undefined {
  const automation = work.world.byId.get(run.automation);
  return automation?.program.version === run.version
    ? automation.program
    : work.world.program(run.automation, run.version);
}

/** What the operation that a run stands at says of its wait; undefined where it is none that waits. */
export function waitOf(work: Work, run: Run): Wait | undefined {
  const operation = programOf(work, run)?.operations[run.place];
  return operation?.kind === "step" ? operation.wait : undefined;
}

type Done = Exclude<Operation, { kind: "jump" }>;

function log(work: Work, run: Run, operation: Done, status: StepStatus, detail?: Record<string, unknown>): void {
  run.steps.push({
    step_id: operation.id,
    type: operation.type,
    status,
    at: work.now,
    ...(run.round ? { round: run.round } : {}),
    ...(detail && Object.keys(detail).length ? { detail } : {}),
  });
}

/** What a run says of a step, the last time it came to it; of one in a `repeat`, in a round. */
export const stepEntry = (run: Pick<Run, "steps"> | undefined, step: string, round?: number): StepLog | undefined =>
  run?.steps.findLast((one) => one.step_id === step && (!round || one.round === round));

/** Notes in a step of a run what the LMS said no to, in the round of a `repeat`; false where there is no such step. */
export function noteInStep(
  run: Pick<Run, "steps">,
  step: string,
  said: Record<string, unknown>,
  round?: number,
): boolean {
  const entry = stepEntry(run, step, round);
  if (!entry) return false;
  const before = Array.isArray(entry.detail?.lms) ? entry.detail.lms : [];
  entry.detail = { ...entry.detail, lms: [...before, said] };
  return true;
}

/** Where a run notes that its automation's goal was reached: no step is called so. */
export const GOAL_STEP = "$goal";

/** Notes in a run that what its automation is to bring about has come, by which fact. */
export function noteGoal(run: Pick<Run, "steps">, fact: string, at: number): void {
  run.steps.push({ step_id: GOAL_STEP, type: "goal", status: "done", at, detail: { fact } });
}

/** Why what failed is begun or sent again no more, and what was not sent yet does not leave: its run was undone. */
export const UNDONE = "undone";

/** Where a run notes that it was undone: no step is called so. */
export const UNDO_STEP = "$undo";

/** Notes in a run that has ended that it was undone, and by whom; null: nobody knows. */
export function noteUndo(run: Pick<Run, "steps">, by: string | null, at: number): void {
  run.steps.push({ step_id: UNDO_STEP, type: "undo", status: "done", at, detail: { by } });
}

const waitingLog = (run: Run): StepLog | undefined =>
  run.steps.findLast((step) => step.step_id === run.waiting?.step && step.status === "waiting");

/** Ends a run. Nothing of it happens after. */
export function endRun(
  work: Work,
  run: Run,
  status: "completed" | "exited" | "cancelled" | "failed",
  reason: string | null = null,
): void {
  const waiting = waitingLog(run);
  if (waiting) waiting.status = "exited";
  Object.assign(run, { status, reason, endedAt: work.now, waiting: null, heard: [] });
  work.state.runs = work.state.runs.filter((one) => one !== run);
  touch(work, run);
}

/** So many steps of a run happen one right after the other: what is left of it takes its turn behind others. */
export const MAX_STEPS = 1_000;

/** Puts a run into the queue, behind those that are in it. */
export function enqueue(work: Work, run: Run): void {
  run.status = "queued";
  run.reason = null;
  run.queued = ++work.state.order;
  touch(work, run);
}

/** Lets a run go on until it waits or ends, or has done as much as may be at once. */
export function execute(work: Work, run: Run): void {
  const program = programOf(work, run);
  // World.program is loaded for every live run before the turn begins.
  if (!program) throw new Error(`version ${run.version} of ${run.automation} is not loaded`);
  run.status = "running";
  touch(work, run);
  let left = MAX_STEPS;
  for (let operation = program.operations[run.place]; operation; operation = program.operations[run.place]) {
    if (operation.kind === "jump") {
      run.place = operation.to;
      continue;
    }
    if (run.waited && program.exitIf?.test(viewOf(work, run))) return endRun(work, run, "exited", "exit_if");
    if (left-- === 0) return enqueue(work, run);
    work.effects.steps++;
    if (attempt(work, run, operation) === "stop") return;
  }
  endRun(work, run, "completed");
}

/** A step that cannot be carried out fails by itself: the run ends there, or goes on where it may. */
function attempt(work: Work, run: Run, operation: Done): Next {
  try {
    return operation.kind === "perform" ? perform(work, run, operation) : operation.carry(handOf(work, run, operation));
  } catch (error) {
    log(work, run, operation, "failed", { reason: error instanceof Error ? error.message : String(error) });
    if (operation.kind === "perform" && !operation.stopsOnError) {
      run.place++;
      return "on";
    }
    endRun(work, run, "failed", "step_failed");
    return "stop";
  }
}

function perform(work: Work, run: Run, operation: Extract<Operation, { kind: "perform" }>): Next {
  const sendings: Outgoing[] = [];
  const turn = turnOf(work, causesOf(run), work.now);
  const { facts, changes } = work.effects;
  const [from, changesFrom] = [facts.length, changes.length];
  const doing: Doing = {
    ...turn,
    ...viewOf(work, run),
    run: { id: run.id, automation: run.automation, lineage: run.lineage },
    step: { id: operation.id, key: stepKey(run, operation.id) },
    send: (sending) => void sendings.push(sending),
  };
  const outcome =
    isLead(work.state.learner.id) && !operation.forLeads ? skipped("lead") : operation.action.perform(doing);
  followMembership(work, turn, from);
  const step = {
    run: run.id,
    automation: run.automation,
    step: operation.id,
    round: run.round,
    synchronous: run.synchronous,
  };
  for (const change of changes.slice(changesFrom)) change.step = step;
  for (const [index, sending] of sendings.entries()) post(work, run, operation.id, sending, index + 1);
  log(work, run, operation, outcome.status, outcome.detail);
  run.place++;
  return "on";
}

/** What a kind of step gets in hand. */
function handOf(work: Work, run: Run, operation: StepOperation): Hand {
  return {
    view: viewOf(work, run),
    round: run.round,
    share: () => share(`${run.automation}\n${work.state.learner.id}\n${stepKey(run, operation.id)}`),
    wasAnswered: () => {
      const heard = run.heard.find((one) => one.step === operation.id);
      if (!heard) return false;
      if (heard.at === work.now) takeChain(run, heard, false);
      run.heard = [];
      return true;
    },
    log: (status, detail) => log(work, run, operation, status, detail),
    goOn: (place = run.place + 1) => {
      run.place = place;
      return "on";
    },
    beginRound: (round) => {
      run.round = round;
      const entry = run.steps.findLast((one) => one.step_id === operation.id);
      if (entry) entry.detail = { rounds: round };
      run.place++;
      return "on";
    },
    leaveRounds: (place) => {
      run.round = 0;
      run.place = place;
      return "on";
    },
    pause: (wakeAt, value) => {
      run.status = "waiting";
      run.waiting = { step: operation.id, since: work.now, wakeAt, ...(value === undefined ? {} : { value }) };
      return "stop";
    },
    exit: (reason) => {
      endRun(work, run, "exited", reason);
      return "stop";
    },
  };
}

/** A run takes on the chain of the fact that woke it; over a wait in which the clock moved it leaves its own behind. */
export function takeChain(
  run: Run,
  fact: { chain: readonly string[]; lineage: readonly string[] },
  moved: boolean,
): void {
  run.chain = moved ? union(fact.chain, [linkOf(run)]) : union(run.chain, fact.chain);
  run.lineage = union(run.lineage, fact.lineage);
}

/**
 * Decides how a wait ends, which may be long before the run goes on. Facts that were heard until now count no more;
 * later ones are for the next wait_for.
 */
export function decideWait(run: Run, way: WaitEnd): void {
  if (!run.waiting) return;
  run.waiting.way = way;
  run.waiting.wakeAt = null;
  if (way !== "elapsed") run.heard = [];
}

/**
 * Reckons the end of the wait that a run stands at anew, having begun at `since`; what it says in the log follows. A
 * moment that is missing or past ends the run where the wait says so; else it is now.
 */
export function reckonWait(work: Work, run: Run, since: number): void {
  const { waiting } = run;
  const wait = waitOf(work, run);
  if (!waiting || !wait) return;
  const wake = wait.wake(viewOf(work, run), since);
  if (wake.kind !== "at" && wake.exits) {
    const said = run.steps.findLast((step) => step.step_id === waiting.step);
    if (said && wake.said) said.detail = { reason: wake.said };
    return endRun(work, run, "exited", wake.kind);
  }
  waiting.wakeAt = wake.kind === "at" ? wake.at : work.now;
  const entry = run.steps.findLast((step) => step.step_id === waiting.step);
  if (entry) entry.detail = { until: formatInstant(waiting.wakeAt) };
}

/** A wait ends by its time. */
export const timeIsUp = (work: Work, run: Run): void => decideWait(run, waitOf(work, run)?.timesUp ?? "elapsed");

/** Ends the wait of a run that may go on; it is executed next. */
export function endWait(work: Work, run: Run, way: WaitEnd): void {
  const { waiting } = run;
  const wait = waitOf(work, run);
  if (!waiting || !wait) return;
  const entry = waitingLog(run);
  if (entry) {
    entry.status = "done";
    if (wait.told) entry.detail = wait.told(way);
  }
  if (work.now > waiting.since && way !== "event") run.chain = [];
  run.waited = true;
  run.waiting = null;
  run.place = wait.after(way, run.place);
}

/** What tells a step, in each round of a `repeat`, from others of its run. */
const stepKey = ({ round }: Run, step: string): string => (round ? `${step}-r${round}` : step);

/** Posts a rendered message, numbered in its key where a step sends several. */
function post(work: Work, run: Run, step: string, sending: Outgoing, n: number): void {
  const { state, effects } = work;
  const delivery: Delivery = {
    id: makeId("dlv", work.now, ++state.order, work.owner),
    run: run.id,
    automation: run.automation,
    step,
    ...(run.round ? { round: run.round } : {}),
    channel: sending.channel,
    status: sending.suppressed ? "suppressed" : "queued",
    ...(sending.suppressed ? { reason: sending.suppressed } : {}),
    to: sending.to,
    content: sending.content,
    attempts: [],
    key: `${run.id}-${stepKey(run, step)}${sending.numbered ? `-${n}` : ""}`,
    createdAt: work.now,
    trace: traceOfRun(work.owner, run),
  };
  effects.deliveries.push(delivery);
}
