import type { Watch } from "../../catalogue/define";
import { programOf } from "../runs";
import type { Automation, Program } from "../types";
import type { Work } from "../work";

/** Who wants to hear of a moment: an automation since it is active, a live run since it began. */
export interface Watcher {
  id: string;
  since: number;
  /** Of the fact that tells it. */
  type: string;
  watch: Watch;
}

type Watched = Pick<Watcher, "type" | "watch">;

const watchedIn = (triggers: readonly { type: string; watches?: Watch | null | undefined }[]): Watched[] =>
  triggers.flatMap(({ type, watches }) => (watches ? [{ type, watch: watches }] : []));

const byProgram = new WeakMap<Program, readonly Watched[]>();

/** What runs of a program watch, found once: of most there is nothing, however many runs there are. */
function watchedBy(program: Program): readonly Watched[] {
  let found = byProgram.get(program);
  if (!found) {
    const { exitWhen, awaiting } = program;
    found = watchedIn([...exitWhen, ...awaiting.flatMap(({ wait }) => wait?.event ?? [])]);
    byProgram.set(program, found);
  }
  return found;
}

export function runsWatching(work: Work): Watcher[] {
  const found: Watcher[] = [];
  for (const run of work.state.runs) {
    const program = programOf(work, run);
    if (program) for (const one of watchedBy(program)) found.push({ ...one, id: run.id, since: run.startedAt });
  }
  return found;
}

const byAutomations = new WeakMap<readonly Automation[], readonly Watcher[]>();

/** Found once of a school's automations: of most there is nothing to watch. */
export function automationsWatching(automations: readonly Automation[]): readonly Watcher[] {
  let found = byAutomations.get(automations);
  if (!found) {
    found = automations.flatMap(({ id, active, activeSince, watchSince = activeSince, program }) =>
      active ? watchedIn(program.when).map((one) => ({ ...one, id, since: watchSince })) : [],
    );
    byAutomations.set(automations, found);
  }
  return found;
}

const scopesOf = new WeakMap<readonly Watcher[], readonly Watch["scope"][]>();

/** Of what automations watch how long somebody is away from it, or when it ends. */
export function watchedScopes(automations: readonly Automation[]): readonly Watch["scope"][] {
  const watching = automationsWatching(automations);
  let found = scopesOf.get(watching);
  if (!found) {
    found = [...new Set(watching.map(({ watch }) => watch.scope))].sort();
    scopesOf.set(watching, found);
  }
  return found;
}

export const watchers = (work: Work): Watcher[] => [
  ...automationsWatching(work.world.automations),
  ...runsWatching(work),
];
