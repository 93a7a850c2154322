import { durationText } from "../../definition/duration";
import { type Card, type Condition, isRecord, type Step } from "../../definition/types";
import { groupOf } from "../../definition/walk";
import type { Definition } from "../model";
import { joined, say } from "./phrases";
import { COUNTED } from "./sentences";
import { plain, type Span, said, text, verb, type Words } from "./words";

export { capital, type Names, plain, type Span, type Words, wordsOf } from "./words";

/** What follows "a learner": "is tagged vip and parent". */
export const triggerSentence = (card: Card, words: Words): Span[] => say("trigger", card, words);

/** What follows "they": "have the tag vip and (own the subscription gold or …)". */
export function conditionSentence(condition: Condition, words: Words, inverted = false, nested = false): Span[] {
  const group = groupOf(condition);
  if (!group) return say("condition", condition as Card, words, inverted); // no group: a leaf
  const [first] = group.parts;
  if (group.join === "not" && first) return conditionSentence(first, words, !inverted, nested);
  if (group.parts.length === 0) return [said("…")];
  if (group.parts.length === 1 && first) return conditionSentence(first, words, inverted, nested);
  const parts = joined(
    group.parts.map((part) => conditionSentence(part, words, false, true)),
    group.join === "any" ? "or" : "and",
  );
  if (inverted) return [text("not ("), ...parts, text(")")];
  return nested ? [text("("), ...parts, text(")")] : parts;
}

const triggersSentence = (cards: readonly Card[], words: Words): Span[] =>
  cards.length === 0
    ? [said("…")]
    : joined(
        cards.map((card) => triggerSentence(card, words)),
        "or",
      );

// Keyed by the five kinds of contract §6, which hold other cards and so cannot be told by a template alone.
const STRUCTURES: ReadonlyMap<string, (step: Step, words: Words) => Span[]> = new Map([
  [
    "branch",
    (step: Step, words: Words) => [
      verb("if they "),
      ...(isRecord(step.if) ? conditionSentence(step.if as unknown as Condition, words) : [said("…")]),
    ],
  ],
  [
    "wait_for",
    (step: Step, words: Words) => [
      verb("wait until the learner "),
      ...(isRecord(step.event) && typeof step.event.type === "string"
        ? triggerSentence(step.event as Card, words)
        : [said("…")]),
      verb(", at most "),
      said(typeof step.timeout === "string" && step.timeout ? durationText(step.timeout) : "…"),
    ],
  ],
  [
    "split",
    (step: Step, words: Words) => [
      verb("split "),
      said(
        words
          .lanesOf(step)
          .map(({ name }) => name)
          .join(" / "),
      ),
    ],
  ],
]);

/** One step by itself, without the steps inside it: "email them “Welcome”". */
export const stepSentence = (step: Step, words: Words): Span[] =>
  STRUCTURES.get(step.type)?.(step, words) ?? say(words.entry("step", step.type) ? "step" : "action", step, words);

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
export function sentence(definition: Definition, words: Words): Span[] {
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
export function summary(definition: Definition, words: Words): { when: string; does: string } {
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
    const counted = entry?.counted ?? (Object.hasOwn(COUNTED, type) ? COUNTED[type] : undefined);
    if (counted) return `${n} ${n === 1 ? counted[0] : counted[1]}`;
    const label = (entry?.label ?? type).toLowerCase();
    return n === 1 ? label : `${n} × ${label}`;
  });
  return {
    when: plain(triggersSentence(definition.when, words)).replace(/^is /, ""),
    does: does.join(", ") || "nothing yet",
  };
}
