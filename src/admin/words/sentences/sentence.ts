import type { CardUse, Draft, Step } from "../../../definition/types";
import { language, say } from "../../../language/say";
import { joined, plain, type Span, said, text, verb, type Words, woven } from "../words";
import { cardSentence, conditionSentence, triggerSentence } from "./phrases";

export { capital, type Names, plain, type Span, type Words, wordsOf } from "../words";
export { conditionSentence, triggerSentence } from "./phrases";

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
  if (steps.length === 0) return [verb(say("do nothing"))];
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
      ? [woven("the learner {does}", { does: triggersSentence(definition.exit_when, words) })]
      : []),
    ...(definition.exit_if ? [woven("they {hold}", { hold: conditionSentence(definition.exit_if, words) })] : []),
  ];
  const does = triggersSentence(definition.when, words);
  const steps = stepsSentence(definition.then, words);
  return [
    ...(definition.only_if
      ? woven("When a learner {does}, only if they {hold}, then {steps}.", {
          does,
          hold: conditionSentence(definition.only_if, words),
          steps,
        })
      : woven("When a learner {does}, then {steps}.", { does, steps })),
    ...(exits.length > 0 ? [text(" "), ...woven("It ends at once when {exits}.", { exits: joined(exits, "or") })] : []),
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
    const label = entry?.label ?? type;
    // German would lose its nouns.
    const named = language().code === "de" ? label : label.toLowerCase();
    return n === 1 ? named : `${n} × ${named}`;
  });
  return {
    when: plain(triggersSentence(definition.when, words)).replace(
      language().code === "de" ? /^(?:wird|ist) / : /^is /,
      "",
    ),
    does: does.join(", ") || say("nothing yet"),
  };
}
