import { ENROLLED } from "../catalogue/by-hand";
import { subjectOf } from "../catalogue/kinds";
import { addDuration } from "../catalogue/time";
import { isSpent, withStart } from "./turns";
import type { Heeded, Program, Starts } from "./types";

/** A fact that would have started the automation. */
export interface Firing {
  fact: { type: string; data: Record<string, unknown> };
  eventId: string | null;
  at: number;
}

/**
 * How often an automation would have started for a user, while the user's past is told again: triggers and `only_if` are
 * judged on the user of the moment; re-entry, cooldown and limit are counted along the way, as if each run had ended at once.
 * @param since ms: facts heard of before are left out
 */
export function backtesting(program: Program, since: number) {
  const firings: Firing[] = [];
  const starts = new Map<string, Starts>();
  const hear = ({ happening, learner, school, now }: Heeded): void => {
    const { type, data, eventId, quiet } = happening;
    if (now < since || quiet || type === ENROLLED) return;
    if (!program.when.some((trigger) => trigger.matches(happening, learner, school))) return;
    if (program.onlyIf?.test({ learner, school, now, fact: happening, starts: firings.length }) === false) return;
    const key = program.reentryPer === "trigger" ? subjectOf(happening) : "";
    const before = starts.get(key);
    if (before !== undefined && program.reentry === "once") return;
    const { timezone } = school.settings;
    if (before !== undefined && program.cooldown !== null && addDuration(before.last, program.cooldown, timezone) > now)
      return;
    if (program.limit && before && isSpent(program.limit, before, now, timezone)) return;
    starts.set(key, withStart(program.limit, before, now));
    firings.push({ fact: { type, data }, eventId, at: now });
  };
  return { firings, hear };
}
