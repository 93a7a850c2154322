import type { Packed, Pursuit } from "../../src/calls/shape";
import { kinds } from "../../src/catalogue/kinds";
import type { Played } from "../../src/engine/play";
import { noteGoal } from "../../src/engine/runs";
import type { Effects, Happening, Heeded, Run, World } from "../../src/engine/types";
import { endedRun, writeEndedAnew } from "../packed/ended";
import type { Store } from "../store/store";

/*
 * Whether what an automation is to bring about came after its run began: in the run's time, or within so many days of its
 * beginning. It is kept beside the engine's state: goals change as people change their minds, and nothing is judged by
 * them.
 */

/** A goal counts for so long after a run began, longer where the run is live for longer. */
export const GOAL_DAYS = 30;
const GOAL_MS = GOAL_DAYS * 86_400_000;

/** A run whose goal was reached, and by which fact. */
export interface Reached {
  run: string;
  fact: string;
}

interface Following {
  world: World;
  /** @returns runs that have reached their goals, once each, and remembers those that began */
  settle(effects: readonly Effects[]): Reached[];
}

/** What a trigger reads of the fact that started a run: `"$trigger"` stands for one of its ids. */
const NAMED = new Set([...kinds.keys(), "product", "product_type", "kind"]);

const aboutOf = ({ trigger }: Run): Pursuit["about"] => ({
  ...{ type: trigger.type, at: trigger.at, order: trigger.order },
  data: Object.fromEntries(Object.entries(trigger.data).filter(([name]) => NAMED.has(name))),
});

/** Listens to the facts of a turn for goals that are pursued; null where the school has none. */
export function followGoals(packed: Packed, world: World): Following | null {
  const { goals } = world;
  if (!goals) return null;
  const pursued = new Map(Object.entries(packed.goals ?? {}));
  const reached: Reached[] = [];
  const heard: Happening[] = [];
  const meets = (automation: string, { about, run }: Pursuit, { happening, learner, school }: Omit<Heeded, "now">) => {
    if (happening.quiet || !goals.get(automation)?.matches(happening, learner, school, about)) return false;
    reached.push({ run, fact: happening.type });
    return true;
  };
  const counts = ({ run, since }: Pursuit, now: number): boolean =>
    now <= since + GOAL_MS || packed.state?.runs.some(({ id }) => id === run) === true;
  const heed = (heeded: Heeded): void => {
    heard.push(heeded.happening);
    for (const [automation, pursuit] of pursued)
      if (!counts(pursuit, heeded.now) || meets(automation, pursuit, heeded)) pursued.delete(automation);
  };
  const settle = (effects: readonly Effects[]): Reached[] => {
    const { state } = packed;
    if (!state) return [];
    for (const { begun, runs } of effects) {
      for (const run of begun.flatMap((id) => runs.get(id) ?? [])) {
        if (!goals.has(run.automation)) continue;
        const pursuit = { run: run.id, since: run.startedAt, about: aboutOf(run) };
        const later = heard.filter(({ order }) => order > run.trigger.order);
        const of = { learner: state.learner, school: world.school };
        if (later.some((happening) => meets(run.automation, pursuit, { happening, ...of })))
          pursued.delete(run.automation);
        else pursued.set(run.automation, pursuit);
      }
    }
    for (const [automation, pursuit] of pursued)
      if (!goals.has(automation) || !counts(pursuit, state.clock)) pursued.delete(automation);
    if (pursued.size) packed.goals = Object.fromEntries(pursued);
    else delete packed.goals;
    return reached;
  };
  return { world: { ...world, heed }, settle };
}

/**
 * Notes in a run that it reached its goal, where it has ended.
 * @returns of a live run, what then happens to the user
 */
export function noteReached(
  store: Pick<Store, "ended">,
  packed: Packed,
  { run: id, fact }: Reached,
  now: number,
): Played | null {
  if (packed.state?.runs.some((run) => run.id === id)) return { kind: "goal_reached", run: id, fact };
  const run = endedRun(store, packed, id);
  if (run) writeEndedAnew(packed, run, (again) => noteGoal(again, fact, now));
  return null;
}
