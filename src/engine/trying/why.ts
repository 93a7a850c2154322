import type { TriggerFact } from "../../catalogue/define";
import { ENROLLED } from "../../catalogue/facts/by-hand";
import type { Learner, SchoolView } from "../../catalogue/facts/facts";
import type { Decision, JournalFact, Program } from "../types";

/** What of an entry of the journal is told. */
export interface Told {
  /** Counts the user's entries. */
  seq: number;
  eventId: string | null;
  /** When it was heard of, by the school's clock, ms. */
  at: number;
  /** Which world it was judged in. */
  stamp?: number | undefined;
  facts: readonly JournalFact[];
}

export type Why = Omit<Decision, "automation">;

export interface WhyReason extends Why {
  /** Its place among all facts of the user: the entry, and the fact in it. */
  place: readonly [seq: number, index: number];
  fact: { type: string; data: Record<string, unknown>; at: number };
  eventId: string | null;
  at: number;
}

/** A fact of which nothing was written down for the automation. */
export type Undecided = Omit<WhyReason, keyof Why> & { stamp: number | undefined; undecided: true };

/** The facts of an entry, the newest first, with what was decided of each for an automation: what got past its triggers. */
export const reasonsIn = ({ seq, eventId, stamp, facts }: Told, automation: string): (WhyReason | Undecided)[] =>
  [...facts.entries()].toReversed().flatMap(([index, told]): (WhyReason | Undecided)[] => {
    const { hidden, decisions, type, data, at } = told;
    if (hidden || (type === ENROLLED && data.automation !== automation)) return [];
    const of = { place: [seq, index] as const, fact: { type, data, at }, eventId, at };
    const decided = decisions.find((one) => one.automation === automation);
    if (!decided) return [{ ...of, stamp, undecided: true }];
    const { automation: _, ...why } = decided;
    return [{ ...of, ...why }];
  });

/** What a fact says of itself. */
type Said = Pick<TriggerFact, "type" | "data">;

/** Whether a program has a trigger for facts of a type at all. */
export const listens = ({ when }: Program, type: string): boolean => when.some(({ on }) => on.includes(type));

/**
 * The first trigger of the type that did not mean a fact, with what it asks for and what it saw; null: one meant it.
 * @param learner of that moment
 */
export function unmet(program: Program, fact: TriggerFact, learner: Learner, school: SchoolView): Why | null {
  if (program.when.some((one) => one.matches(fact, learner, school))) return null;
  const [told, trigger] = missedBy(program, fact);
  // What is seen is part of a state that goes on: what is told of it is how it stood.
  return trigger?.accepts(fact.data) ? { ...told, seen: structuredClone(fact.tagsThen ?? fact.data) } : told;
}

/**
 * The same by the fact alone, of a learner of whom nothing else is known: what was seen of them is not said.
 * @param mayMean null too where a trigger may have meant it; else none is known to have
 */
export function unmetBy(program: Program, fact: Said, mayMean: boolean): Why | null {
  const isMeant = program.when.some(({ on, accepts }) => on.includes(fact.type) && accepts(fact.data));
  return mayMean && isMeant ? null : missedBy(program, fact)[0];
}

/** By the first trigger of its type; `seen` where its data alone says it. */
function missedBy(program: Program, fact: Said): [told: Why, trigger?: Program["when"][number]] {
  const index = program.when.findIndex(({ on }) => on.includes(fact.type));
  const trigger = program.when[index];
  if (!trigger) return [{ stopped_by: "trigger" }];
  const { subject, type, params } = trigger;
  const told: Why = { stopped_by: "trigger", path: `/when/${index}`, expected: { type, ...params } };
  if (trigger.accepts(fact.data)) return [told, trigger];
  return [{ ...told, seen: structuredClone((subject && fact.data[subject.data]) ?? fact.data) }, trigger];
}
