import { removeEntry } from "../base/record";
import { forgetSegments } from "./belonging/rules";
import { callState } from "./inputs/course-ids";
import { endRun, enqueue, programOf, reckonWait, waitOf } from "./runs";
import { followDates } from "./time/followed";
import { hold, mayGoOn, PAUSED } from "./turns";
import type { Automation, Program, Run } from "./types";
import { touch, viewOf, type Work } from "./work";

/** Brings live runs in line with what became of their automations since the user was last touched. */
export function reconcile(work: Work): void {
  const { state, world } = work;
  if (state.stamp !== world.stamp && callState(state, world.school.courseId, work.effects.changed))
    work.effects.renamed = true;
  for (const run of [...state.runs]) {
    const automation = world.byId.get(run.automation);
    if (!automation) endRun(work, run, "exited", "deleted");
    else if (run.revision < automation.exitRevision) endRun(work, run, "exited", "automation_stopped");
    else if ((run.version < automation.moveVersion || isLost(work, run)) && !move(work, run, automation))
      endRun(work, run, "exited", "step_gone");
    else if (run.status === "held") letGo(work, run, automation);
  }
  if (state.stamp === world.stamp) return;
  state.stamp = world.stamp;
  forgetSegments(work);
  // Dates of courses are the school's: with these no fact comes.
  followDates(work);
  const consumers = new Set([...world.byId.keys(), ...state.runs.map((run) => run.id)]);
  for (const kept of [state.away, state.dates]) {
    for (const key of Object.keys(kept)) {
      const [consumer]: unknown[] = JSON.parse(key);
      if (typeof consumer === "string" && !consumers.has(consumer)) removeEntry(kept, key);
    }
  }
}

/** A held run goes on where it may, or ends where the pause ended so; else its reason is what holds it now. */
function letGo(work: Work, run: Run, automation: Automation): void {
  const { state, world } = work;
  const { pauseExitStamp = 0 } = world;
  if (run.reason === PAUSED && state.stamp < pauseExitStamp) endRun(work, run, "exited", PAUSED);
  else if (mayGoOn(work, automation.id)) enqueue(work, run);
  else if ((run.reason === PAUSED) !== automation.active) hold(work, run);
}

/** The database went back to before its version: the run goes on by the present one, as far as that has its step. */
const isLost = (work: Work, run: Run): boolean => programOf(work, run) === undefined;

/** Of a run whose version is lost, where it stands, as far as its log tells. */
function stoodAt(run: Run): { kind: "step"; id: string; type: string; inRounds: boolean } | undefined {
  const last = run.steps.at(-1);
  const stands = last?.status === "waiting" && (run.status === "waiting" || run.status === "held");
  return stands ? { kind: "step", id: last.step_id, type: last.type, inRounds: run.round > 0 } : undefined;
}

/** The fact that a step waits for, as text to compare. */
function awaited(program: Program | undefined, step: string): string {
  const operation = program?.operations[program.places.get(step) ?? -1];
  const event = operation?.kind === "step" ? operation.wait?.event : undefined;
  return event ? JSON.stringify([event.type, event.params]) : "";
}

/** Moves a run to the present version by the id of its step; false where that step is gone or another kind. */
function move(work: Work, run: Run, automation: Automation): boolean {
  const earlier = programOf(work, run);
  const before = earlier ? earlier.operations[run.place] : stoodAt(run);
  const begun = run.steps.length > 0;
  run.version = automation.program.version;
  touch(work, run);
  // A fact heard before still answers a wait only if that waits for the same thing in this version.
  run.heard = run.heard.filter(({ step }) => awaited(earlier, step) === awaited(automation.program, step));
  if (!begun) {
    run.place = run.round = 0;
    return true;
  }
  if (!before) return false;
  // A jump belongs to the step it leaves: such a run has nothing left but to go on below it.
  if (before.kind === "jump") return false;
  const place = automation.program.places.get(before.id);
  const after = place === undefined ? undefined : automation.program.operations[place];
  if (place === undefined || !after || after.kind === "jump" || after.type !== before.type) return false;
  run.place = place;
  // The round is kept while the step stays in rounds, or at their head.
  if (before.inRounds !== after.inRounds) run.round = after.inRounds ? 1 : 0;
  const { waiting } = run;
  if (!waiting || waiting.way || run.status !== "waiting") return true;
  const value = waitOf(work, run)?.followed(viewOf(work, run));
  if (value === undefined) delete waiting.value;
  else waiting.value = value;
  reckonWait(work, run, waiting.since);
  return true;
}
