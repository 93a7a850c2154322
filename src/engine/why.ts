import { ENROLLED } from "../catalogue/by-hand";
import type { Learner, SchoolView } from "../catalogue/facts";
import { TAG_ADDED, TAG_REMOVED } from "../catalogue/tags/change";
import { tagKey } from "../catalogue/tags/key";
import type { Decision, JournalFact, Program } from "./types";

/** What of an entry of the journal is told. */
export interface Told {
  /** Counts the user's entries. */
  seq: number;
  eventId: string | null;
  /** When it was heard of, by the school's clock, ms. */
  at: number;
  facts: readonly JournalFact[];
}

export interface WhyReason extends Omit<Decision, "automation"> {
  /** Its place among all facts of the user: the entry, and the fact in it. */
  place: readonly [seq: number, index: number];
  fact: { type: string; data: Record<string, unknown> };
  eventId: string | null;
  at: number;
}

/**
 * Tells, entry by entry, the newest first, what became of each fact for one automation. What got past its triggers was
 * written down; of anything else it was told by another version, or nothing.
 * @returns to be called with each entry of the user's: the tags held at a fact are found going back from those held now
 */
export function reasonsOf(
  automation: { id: string; program: Program },
  learner: Learner,
  school: SchoolView,
): (entry: Told) => WhyReason[] {
  const tags = new Set(learner.tags.map(tagKey));
  const past = new Set(learner.pastTags);
  const reasonOf = ({ seq, eventId }: Told, fact: JournalFact, index: number): WhyReason => {
    const { type, data, at } = fact;
    const then = { tagsThen: [...tags], pastTagsThen: [...past] };
    const isMeant = () =>
      automation.program.when.some((one) => one.matches({ type, data, at, order: 0, ...then }, learner, school));
    const { automation: _, ...decision } = fact.decisions.find((one) => one.automation === automation.id) ?? {
      automation: automation.id,
      stopped_by: isMeant() ? ("inactive" as const) : ("trigger" as const),
    };
    return { place: [seq, index], fact: { type, data }, eventId, at, ...decision };
  };
  return (entry) =>
    [...entry.facts.entries()].toReversed().flatMap(([index, fact]) => {
      const isShown = !fact.hidden && (fact.type !== ENROLLED || fact.data.automation === automation.id);
      const reasons = isShown ? [reasonOf(entry, fact, index)] : [];
      stepBack(fact, tags, past);
      return reasons;
    });
}

/** Tags as they were before a fact. */
function stepBack({ type, data }: JournalFact, tags: Set<string>, past: Set<string>): void {
  if (typeof data.tag !== "string") return;
  const key = tagKey(data.tag);
  if (type === TAG_ADDED) tags.delete(key);
  if (type !== TAG_REMOVED) return;
  tags.add(key);
  past.delete(key);
}
