import { ENROLLED } from "../catalogue/by-hand";
import type { SchoolView } from "../catalogue/facts";
import { subjectOf } from "../catalogue/kinds";
import { addDuration } from "../catalogue/time";
import type { Program, UserState } from "./types";
import { meant, type Recorded } from "./why";

/** A fact that would have started the automation. */
export interface Firing {
  fact: { type: string; data: Record<string, unknown> };
  eventId: string | null;
  at: number;
}

/**
 * How often an automation would have started for a user, over what is recorded. `only_if` is judged on the user as
 * they are now; re-entry and cooldown are counted along the way, as if each run had ended at once.
 * @param since ms: facts heard of before are left out
 */
export function firingsOf(
  program: Program,
  recorded: readonly Recorded[],
  state: UserState,
  school: SchoolView,
  since: number,
): Firing[] {
  const firings: Firing[] = [];
  const last = new Map<string, number>();
  for (const { eventId, at: recordedAt, facts } of recorded) {
    for (const fact of facts) {
      // A fact that time brought about counts at the moment it was due, one of an event at the moment we heard of it.
      const at = eventId === null ? fact.at : recordedAt;
      const { type, data } = fact;
      if (at < since || fact.hidden || fact.quiet || type === ENROLLED || !meant(program, fact, state, school))
        continue;
      const view = {
        learner: state.learner,
        school,
        now: at,
        fact: { type, data, at: fact.at, order: 0 },
        starts: firings.length,
      };
      if (program.onlyIf && !program.onlyIf.test(view)) continue;
      const key = program.reentryPer === "trigger" ? subjectOf(fact) : "";
      const before = last.get(key);
      if (before !== undefined && program.reentry === "once") continue;
      const { timezone } = school.settings;
      if (before !== undefined && program.cooldown !== null && addDuration(before, program.cooldown, timezone) > at)
        continue;
      last.set(key, at);
      firings.push({ fact: { type, data }, eventId, at });
    }
  }
  return firings;
}
