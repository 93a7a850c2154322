import type { CardUse, Draft, Step } from "../../definition/types";
import { cardSentence, conditionSentence, joined, triggerSentence } from "./phrases";
import { plain, type Span, said, text, verb, type Words } from "./words";

export { conditionSentence, triggerSentence } from "./phrases";
export { capital, type Names, plain, type Span, type Words, wordsOf } from "./words";

const triggersSentence = (cards: readonly CardUse[], words: Words): Span[] =>
  cards.length === 0
    ? [said("…")]
    : joined(
        cards.map((card) => triggerSentence(card, words)),
        "or",
      );

/** One step by itself, without the steps inside it: "email them “Welcome”". */
export const stepSentence = (step: Step, words: Words): Span[] =>
  cardSentence(words.entry("step", step.type) ? "step" : "action", step, words);

function stepsSentence(steps: readonly Step[], words: Words): Span[] {
  if (steps.length === 0) return [verb("do nothing")];
  const parts = steps.map((step) => {
    const lanes = words.lanesOf(step);
    const inside = lanes.flatMap((lane, i) =>
      lane.steps.length === 0 && i > 0
        ? []
        : [text(lane.lead ?? `; ${lane.name}: `), ...stepsSentence(lane.steps, words)],
    );
    return lanes.length === 0
      ? stepSentence(step, words)
      : [text("("), ...stepSentence(step, words), ...inside, text(")")];
  });
  return parts.flatMap((part, i) => (i === 0 ? part : [text(", "), ...part]));
}

/** The whole automation in one or two sentences. */
export function sentence(definition: Draft, words: Words): Span[] {
  const exits = [
    ...(definition.exit_when.length > 0
      ? [[text("the learner "), ...triggersSentence(definition.exit_when, words)]]
      : []),
    ...(definition.exit_if ? [[text("they "), ...conditionSentence(definition.exit_if, words)]] : []),
  ];
  return [
    text("When a learner "),
    ...triggersSentence(definition.when, words),
    ...(definition.only_if ? [text(", only if they "), ...conditionSentence(definition.only_if, words)] : []),
    text(", then "),
    ...stepsSentence(definition.then, words),
    text("."),
    ...(exits.length > 0 ? [text(" It ends at once when "), ...joined(exits, "or"), text(".")] : []),
  ];
}

/** For the list: "enrolled in any course", "2 mails, enroll to courses". */
export function summary(definition: Draft, words: Words): { when: string; does: string } {
  const counts = new Map<string, number>();
  const count = (steps: readonly Step[]): void => {
    for (const step of steps) {
      if (!words.entry("step", step.type)) counts.set(step.type, (counts.get(step.type) ?? 0) + 1);
      for (const lane of words.lanesOf(step)) count(lane.steps);
    }
  };
  count(definition.then);
  const does = [...counts].map(([type, n]) => {
    const entry = words.entry("action", type);
    if (entry?.counted) return `${n} ${n === 1 ? entry.counted[0] : entry.counted[1]}`;
    const label = (entry?.label ?? type).toLowerCase();
    return n === 1 ? label : `${n} × ${label}`;
  });
  return {
    when: plain(triggersSentence(definition.when, words)).replace(/^is /, ""),
    does: does.join(", ") || "nothing yet",
  };
}
