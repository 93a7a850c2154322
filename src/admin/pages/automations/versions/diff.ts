import type { LanesOf } from "../../../../definition/lanes";
import type { CardUse, Condition, Draft, Step } from "../../../../definition/types";
import { later, say, type Text } from "../../../../language/say";
import {
  conditionSentence,
  type Span,
  stepSentence,
  triggerSentence,
  type Words,
} from "../../../words/sentences/sentence";
import { limitText } from "../../../words/values/durations";
import { optionText } from "../runs/option-text";
import { kept } from "./kept";
import { pairWays, waysOf } from "./ways";

/** One difference between two versions, in words. */
export interface Change {
  kind: "added" | "removed" | "changed" | "moved";
  what: Span[];
}

const text = (value: string): Span => ({ text: value });
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const REENTRY = {
  always: later("every time it happens"),
  one_at_a_time: later("not while one is under way"),
  restart: later("starting over, ending the run under way"),
  once: later("once"),
} satisfies Record<Draft["reentry"], Text>;

/** Stands in a text for what cards say, which is more than letters. */
const HERE = "\u0000";
const around = (said: string, inner: readonly Span[]): Span[] => {
  const [before = "", after = ""] = said.split(HERE);
  return [text(before), ...inner, ...(after === "" ? [] : [text(after)])];
};

function cards(before: readonly CardUse[], after: readonly CardUse[], told: (card: CardUse) => Span[]): Change[] {
  const has = (list: readonly CardUse[], card: CardUse): boolean => list.some((other) => same(other, card));
  return [
    ...before.filter((card) => !has(after, card)).map((card): Change => ({ kind: "removed", what: told(card) })),
    ...after.filter((card) => !has(before, card)).map((card): Change => ({ kind: "added", what: told(card) })),
  ];
}

/** @param whole the sentence, with {@link HERE} for the condition */
function condition(whole: string, before: Condition | null, after: Condition | null, words: Words): Change[] {
  if (same(before, after)) return [];
  const said = (value: Condition): Span[] => around(whole, conditionSentence(value, words));
  if (before && after)
    return [{ kind: "changed", what: [...said(before), text(" → "), ...conditionSentence(after, words)] }];
  if (after) return [{ kind: "added", what: said(after) }];
  return before ? [{ kind: "removed", what: said(before) }] : [];
}

interface Placed {
  step: Step;
  lane: string;
}

/** @param before by which a way in a list is called as it was, wherever in the list it stands now */
function placed(
  steps: readonly Step[],
  lanesOf: LanesOf,
  before?: ReadonlyMap<string, Placed>,
  lane = "",
): Map<string, Placed> {
  const out = new Map<string, Placed>();
  for (const step of steps) {
    if (step.id) out.set(step.id, { step, lane });
    const old = before?.get(step.id ?? "")?.step;
    const stayed = old ? pairWays(waysOf(old, lanesOf), waysOf(step, lanesOf)).both : [];
    for (const { path, steps: inside } of lanesOf(step)) {
      const was = stayed.find(([, { at }]) => at === path[1])?.[0].at;
      const called = [step.id ?? "", path[0], was ?? (old && path.length > 1 ? `+${path[1]}` : path[1])].join("/");
      for (const [id, place] of placed(inside, lanesOf, before, called)) out.set(id, place);
    }
  }
  return out;
}

/** A step's options without the steps inside it. */
function own(step: Step, lanesOf: LanesOf): Record<string, unknown> {
  const { id: _id, ...options } = step;
  for (const { path } of lanesOf(step)) delete options[String(path[0])];
  return options;
}

/** The ways of a step that came, went or are for others now, unless its own sentence names them. */
function waysChanged(before: Step, after: Step, words: Words): Change[] {
  const { both, removed, added } = pairWays(waysOf(before, words.lanesOf), waysOf(after, words.lanesOf));
  const told = (name: string): Span[] =>
    around(say("{step}: case {case}", { step: HERE, case: name }), stepSentence(after, words));
  const all: Change[] = [
    ...removed.map(({ name }): Change => ({ kind: "removed", what: told(name) })),
    ...added.map(({ name }): Change => ({ kind: "added", what: told(name) })),
    ...both
      .filter(([was, is]) => was.name !== is.name)
      .map(([was, is]): Change => ({ kind: "changed", what: told(`${was.name} → ${is.name}`) })),
  ];
  const stays = kept(
    both.toSorted(([a], [b]) => a.at - b.at).map(([, { at }]) => String(at)),
    both.map(([, { at }]) => String(at)),
  );
  const isMoved = (place: number): boolean => !stays.some(([, at]) => at === place);
  all.push(
    ...both.flatMap(([, { name }], place): Change[] => (isMoved(place) ? [{ kind: "moved", what: told(name) }] : [])),
  );
  return all;
}

function moved(before: Map<string, Placed>, after: Map<string, Placed>): Set<string> {
  const out = new Set<string>();
  const lanes = new Map<string, { before: string[]; after: string[] }>();
  const lane = (name: string): { before: string[]; after: string[] } => {
    const found = lanes.get(name) ?? { before: [], after: [] };
    lanes.set(name, found);
    return found;
  };
  for (const [id, place] of before) {
    const now = after.get(id);
    if (!now) continue;
    if (now.lane === place.lane) lane(place.lane).before.push(id);
    else out.add(id);
  }
  for (const [id, place] of after) if (before.get(id)?.lane === place.lane) lane(place.lane).after.push(id);
  for (const { before: was, after: is } of lanes.values()) {
    const stays = new Set(kept(was, is).map(([place]) => was[place]));
    for (const id of is) if (!stays.has(id)) out.add(id);
  }
  return out;
}

function steps(before: readonly Step[], after: readonly Step[], words: Words): Change[] {
  const { lanesOf } = words;
  const was = placed(before, lanesOf);
  const is = placed(after, lanesOf, was);
  const elsewhere = moved(was, is);
  const out: Change[] = [];
  for (const [id, { step }] of was) if (!is.has(id)) out.push({ kind: "removed", what: stepSentence(step, words) });
  for (const [id, { step }] of is) {
    const old = was.get(id)?.step;
    if (!old) {
      out.push({ kind: "added", what: stepSentence(step, words) });
      continue;
    }
    if (elsewhere.has(id)) out.push({ kind: "moved", what: stepSentence(step, words) });
    const [had, has] = [own(old, lanesOf), own(step, lanesOf)];
    const from = stepSentence(old, words);
    const to = stepSentence(step, words);
    const keys = Object.keys({ ...had, ...has }).filter((key) => !same(had[key], has[key]));
    if (!same(from, to)) out.push({ kind: "changed", what: [...from, text(" → "), ...to] });
    else if (keys.length) out.push({ kind: "changed", what: [...to, text(`: ${keys.map(optionText).join(", ")}`)] });
    // A split's sentence says its ways itself.
    if (same(from, to) || keys.length) out.push(...waysChanged(old, step, words));
  }
  return out;
}

/** Every difference in words, in the order of the page: name, when, only if, then, exits, options. */
export function changes(before: Draft, after: Draft, words: Words): Change[] {
  const out: Change[] = [];
  const changed = (what: string): number => out.push({ kind: "changed", what: [text(what)] });
  if (before.name !== after.name)
    changed(say("Named “{name}”, was “{before}”", { name: after.name, before: before.name }));
  if (before.description !== after.description) changed(say("The description"));
  if (!same(before.labels, after.labels)) changed(say("The labels"));
  if (before.note !== after.note) changed(say("The note to the team"));
  if (before.active !== after.active) changed(after.active ? say("Switched on") : say("Switched off"));
  out.push(
    ...cards(before.when, after.when, (card) =>
      around(say("When a learner {happens}", { happens: HERE }), triggerSentence(card, words)),
    ),
  );
  out.push(...condition(say("Only if they {are}", { are: HERE }), before.only_if, after.only_if, words));
  out.push(...steps(before.then, after.then, words));
  out.push(
    ...cards(before.exit_when, after.exit_when, (card) =>
      around(say("End when the learner {happens}", { happens: HERE }), triggerSentence(card, words)),
    ),
  );
  out.push(...condition(say("End if they {are}", { are: HERE }), before.exit_if, after.exit_if, words));
  const goals = ({ goal }: Draft) => (goal ? [goal] : []);
  out.push(
    ...cards(goals(before), goals(after), (card) =>
      around(say("The goal: the learner {happens}", { happens: HERE }), triggerSentence(card, words)),
    ),
  );
  if (before.synchronous !== after.synchronous)
    changed(after.synchronous ? say("Runs before the event is answered") : say("Runs in the background"));
  if (before.reentry !== after.reentry)
    changed(
      say("A learner enters {how}, was {before}", {
        how: say(REENTRY[after.reentry]),
        before: say(REENTRY[before.reentry]),
      }),
    );
  if (before.reentry_per !== after.reentry_per)
    changed(
      after.reentry_per === "trigger"
        ? say("Entries are counted for each product apart")
        : say("Entries are counted for each learner"),
    );
  if (before.cooldown !== after.cooldown)
    changed(after.cooldown ? say("Another pause between two starts") : say("No pause between two starts"));
  if (!same(before.limit, after.limit))
    changed(
      after.limit
        ? say("It starts {often}", { often: limitText(after.limit) })
        : say("It may start any number of times"),
    );
  return out;
}
