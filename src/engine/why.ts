import { ENROLLED } from "../catalogue/by-hand";
import type { SchoolView } from "../catalogue/facts";
import type { Decision, JournalFact, Program, UserState } from "./types";

/** What one event, or one turn without an event, brought about, as it is kept. */
export interface Recorded {
  /** Counts the user's entries. */
  seq: number;
  eventId: string | null;
  /** When it was heard of, by the school's clock, ms. */
  at: number;
  facts: readonly JournalFact[];
}

/** Whether a recorded fact is one that the automation's triggers mean, whatever else would have stopped it. */
export const meant = (program: Program, fact: JournalFact, { learner }: UserState, school: SchoolView): boolean => {
  const { type, data, at, tags_then: tagsThen } = fact;
  return program.when.some((trigger) =>
    trigger.matches({ type, data, at, order: 0, ...(tagsThen ? { tagsThen } : {}) }, learner, school),
  );
};

export interface WhyReason extends Omit<Decision, "automation"> {
  /** Its place among all facts of the user: the entry, and the fact in it. */
  place: readonly [seq: number, index: number];
  fact: { type: string; data: Record<string, unknown> };
  eventId: string | null;
  at: number;
}

/**
 * What became of each recorded fact for one automation, newest first. Where nothing was decided the automation did not
 * listen: because it means other facts, or because it was not there or not active then.
 */
export function reasonsOf(
  automation: { id: string; program: Program },
  recorded: readonly Recorded[],
  state: UserState,
  school: SchoolView,
): WhyReason[] {
  const reasons = recorded.flatMap(({ seq, eventId, facts }) =>
    facts.flatMap((fact, index): WhyReason[] => {
      const { type, data, at } = fact;
      if (fact.hidden || (type === ENROLLED && data.automation !== automation.id)) return [];
      const decided = fact.decisions.find((one) => one.automation === automation.id);
      const { automation: _, ...decision } = decided ?? {
        automation: automation.id,
        stopped_by: meant(automation.program, fact, state, school) ? ("inactive" as const) : ("trigger" as const),
      };
      return [{ place: [seq, index], fact: { type, data }, eventId, at, ...decision }];
    }),
  );
  return reasons.reverse();
}
