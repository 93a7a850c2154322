import { type Doing, type Sending, skipped } from "../catalogue/define";
import { isLead } from "../catalogue/facts";
import { addDuration } from "../catalogue/time";
import { makeId, share } from "./identity";
import { followMembership } from "./membership";
import type { Delivery, Operation, Program, Run, StepLog, StepStatus } from "./types";
import { followed, wakeOf } from "./waits";
import { causesOf, linkOf, touch, turnOf, union, viewOf, type Work } from "./work";

/** A run goes on to the next operation, or stops here: ended, or waiting. */
type Next = "on" | "stop";

const LIVE = new Set(["queued", "running", "waiting", "held"]);
export const isLive = (run: Pick<Run, "status">): boolean => LIVE.has(run.status);

/** The program a run goes by. */
export function programOf(work: Work, run: Run): Program | undefined {
  const automation = work.world.byId.get(run.automation);
  return automation?.program.version === run.version
    ? automation.program
    : work.world.program(run.automation, run.version);
}

export const operationType = (operation: Exclude<Operation, { kind: "jump" }>): string =>
  operation.kind === "perform" ? operation.action.type : operation.kind;

function log(
  work: Work,
  run: Run,
  operation: Exclude<Operation, { kind: "jump" }>,
  status: StepStatus,
  detail?: Record<string, unknown>,
): void {
  run.steps.push({
    step_id: operation.id,
    type: operationType(operation),
    status,
    at: work.now,
    ...(detail && Object.keys(detail).length ? { detail } : {}),
  });
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

/** Lets a run go on until it waits or ends. */
export function execute(work: Work, run: Run): void {
  const program = programOf(work, run);
  // World.program is loaded for every live run before the turn begins.
  if (!program) throw new Error(`version ${run.version} of ${run.automation} is not loaded`);
  run.status = "running";
  touch(work, run);
  for (let operation = program.operations[run.place]; operation; operation = program.operations[run.place]) {
    if (operation.kind === "jump") {
      run.place = operation.to;
      continue;
    }
    if (run.waited && program.exitIf?.test(viewOf(work, run))) return endRun(work, run, "exited", "exit_if");
    work.effects.steps++;
    if (attempt(work, run, operation) === "stop") return;
  }
  endRun(work, run, "completed");
}

/** A step that cannot be carried out fails by itself: the run ends there, or goes on where it may. */
function attempt(work: Work, run: Run, operation: Exclude<Operation, { kind: "jump" }>): Next {
  try {
    return dispatch(work, run, operation);
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

type Carry = { [K in Operation["kind"]]: (work: Work, run: Run, operation: Extract<Operation, { kind: K }>) => Next };

const CARRY: Carry = {
  jump: () => "on",

  perform: (work, run, operation) => {
    const sendings: Sending[] = [];
    const turn = turnOf(work, causesOf(run), work.now);
    const from = work.effects.facts.length;
    const doing: Doing = {
      ...turn,
      ...viewOf(work, run),
      run: { id: run.id, automation: run.automation, lineage: run.lineage },
      step: { id: operation.id },
      send: (sending) => void sendings.push(sending),
    };
    const outcome =
      isLead(work.state.learner.id) && !operation.forLeads ? skipped("lead") : operation.action.perform(doing);
    followMembership(turn, work.world, work.effects.facts, from);
    if (operation.tellsLms && outcome.status === "done") {
      const { type, params } = operation.action;
      sendings.push({
        channel: "lms",
        to: [work.state.learner.id],
        content: { type: `action.${type}`, data: { ...params, ...outcome.detail } },
      });
    }
    for (const [index, sending] of sendings.entries()) post(work, run, operation.id, sending, index + 1);
    log(work, run, operation, outcome.status, outcome.detail);
    run.place++;
    return "on";
  },

  wait: (work, run, operation) => {
    const wake = wakeOf(work, operation.wait, work.now);
    if (wake.kind !== "at") {
      log(work, run, operation, wake.exits ? "exited" : "done", { reason: wake.kind });
      run.place++;
      if (!wake.exits) return "on";
      endRun(work, run, "exited", wake.kind);
      return "stop";
    }
    const detail = { until: new Date(wake.at).toISOString() };
    if (wake.at <= work.now) {
      log(work, run, operation, "done", detail);
      run.place++;
      return "on";
    }
    log(work, run, operation, "waiting", detail);
    pause(run, operation.id, work.now, wake.at);
    const value = followed(work.state.learner, operation.wait);
    if (run.waiting && value !== undefined) run.waiting.value = value;
    return "stop";
  },

  wait_for: (work, run, operation) => {
    const heard = run.heard.find((one) => one.step === operation.id);
    if (heard) {
      if (heard.at === work.now) takeChain(run, heard, false);
      run.heard = [];
      log(work, run, operation, "done", { answered: true });
      run.place++;
      return "on";
    }
    const until = addDuration(work.now, operation.timeout, work.world.school.settings.timezone);
    log(work, run, operation, "waiting", { until: new Date(until).toISOString() });
    return pause(run, operation.id, work.now, until);
  },

  branch: (work, run, operation) => {
    const holds = operation.condition.test(viewOf(work, run));
    log(work, run, operation, "done", { branch: holds ? "yes" : "no" });
    run.place = holds ? run.place + 1 : operation.otherwise;
    return "on";
  },

  split: (work, run, operation) => {
    let rest = share(`${run.automation}\n${work.state.learner.id}\n${operation.id}`);
    let path = operation.paths.findIndex(({ percent }) => {
      rest -= percent;
      return rest < 0;
    });
    // Percentages that sum to a hair under 100 leave a gap at the top: the last path has it.
    if (path < 0) path = operation.paths.findLastIndex(({ percent }) => percent > 0);
    log(work, run, operation, "done", { path });
    run.place = operation.paths[path]?.to ?? run.place + 1;
    return "on";
  },

  exit: (work, run, operation) => {
    log(work, run, operation, "done");
    endRun(work, run, "exited", "exit");
    return "stop";
  },
};

function dispatch<K extends Operation["kind"]>(work: Work, run: Run, operation: Extract<Operation, { kind: K }>): Next {
  // The table has, for each kind, the function that takes operations of that kind.
  const carry = CARRY[operation.kind] as (work: Work, run: Run, operation: Extract<Operation, { kind: K }>) => Next;
  return carry(work, run, operation);
}

function pause(run: Run, step: string, since: number, wakeAt: number): Next {
  run.status = "waiting";
  run.waiting = { step, since, wakeAt };
  return "stop";
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
 * Decides how a wait ends, which may be long before the run goes on. What a wait_for heard until now counts no more;
 * what comes from here on is for the next.
 */
export function decideWait(run: Run, way: "event" | "timeout" | "elapsed"): void {
  if (!run.waiting) return;
  run.waiting.way = way;
  run.waiting.wakeAt = null;
  if (way !== "elapsed") run.heard = [];
}

/** A wait ends by its time. */
export const timeIsUp = (work: Work, run: Run): void =>
  decideWait(run, programOf(work, run)?.operations[run.place]?.kind === "wait_for" ? "timeout" : "elapsed");

/** Ends the wait of a run that may go on; it is executed next. */
export function endWait(work: Work, run: Run, way: "event" | "timeout" | "elapsed"): void {
  const { waiting } = run;
  const operation = programOf(work, run)?.operations[run.place];
  if (!waiting || !operation || (operation.kind !== "wait" && operation.kind !== "wait_for")) return;
  const entry = waitingLog(run);
  if (entry) {
    entry.status = "done";
    if (operation.kind === "wait_for") entry.detail = { answered: way === "event" };
  }
  if (work.now > waiting.since && way !== "event") run.chain = [];
  run.waited = true;
  run.waiting = null;
  run.place = operation.kind === "wait_for" && way !== "event" ? operation.otherwise : run.place + 1;
}

/** Posts a rendered message, numbered in its key where a step sends several. */
function post(work: Work, run: Run, step: string, sending: Sending, n: number): void {
  const { state, effects } = work;
  const delivery: Delivery = {
    id: makeId("dlv", work.now, ++state.order, work.owner),
    run: run.id,
    automation: run.automation,
    step,
    channel: sending.channel,
    status: sending.suppressed ? "suppressed" : "queued",
    ...(sending.suppressed ? { reason: sending.suppressed } : {}),
    to: sending.to,
    content: sending.content,
    attempts: [],
    key: `${run.id}-${step}${sending.numbered ? `-${n}` : ""}`,
    createdAt: work.now,
  };
  effects.deliveries.push(delivery);
}
