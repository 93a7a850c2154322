import { isDuration, roughMinutes } from "../../../definition/duration";
import {
  type Card,
  type Catalogue,
  type Condition,
  type Definition,
  type Entry,
  type Fault,
  groupOf,
  isRecord,
  isStructure,
  lanesOf,
  type Path,
  type Step,
  splitPaths,
  type Warning,
  walk,
} from "../../model";
import { depth } from "./conditions";
import { fault, optionFaults } from "./schema-faults";
import { countOf, depthOf } from "./tree";

const MAX_STEPS = 100;
const MAX_DEPTH = 5;
const MAX_TRIGGERS = 10;
const MAX_BYTES = 256 * 1024;

interface Known {
  triggers: ReadonlyMap<string, Entry>;
  /** What `exit_when` and `wait_for` may name: the triggers, and those that only listen. */
  awaited: ReadonlyMap<string, Entry>;
  conditions: ReadonlyMap<string, Entry>;
  actions: ReadonlyMap<string, Entry>;
  /** The types of `when`. */
  when: readonly string[];
}

const byType = (entries: readonly Entry[]): ReadonlyMap<string, Entry> =>
  new Map(entries.map((entry) => [entry.type, entry]));

/** Whether a condition or action may stand in an automation with these triggers. */
export const fits = (entry: Entry, when: readonly Card[]): boolean =>
  !entry.only_with || when.every((card) => entry.only_with?.includes(card.type));

function cardFaults(card: Card, entries: ReadonlyMap<string, Entry>, known: Known, path: Path): Fault[] {
  const entry = entries.get(card.type);
  if (!entry) return [fault([...path, "type"], `There is no “${card.type}”`)];
  const stranger = entry.only_with && known.when.find((type) => !entry.only_with?.includes(type));
  const label = (type: string): string => known.triggers.get(type)?.label ?? type;
  const misplaced = stranger
    ? [
        fault(
          path,
          `Only with ${entry.only_with?.map((type) => `“${label(type)}”`).join(" or ")}, not with “${label(stranger)}”`,
        ),
      ]
    : [];
  return [...misplaced, ...optionFaults(card, entry.params, path)];
}

function triggerFaults(card: unknown, entries: ReadonlyMap<string, Entry>, known: Known, path: Path): Fault[] {
  if (!isRecord(card) || typeof card.type !== "string" || card.type === "") return [fault(path, "Choose an event")];
  return cardFaults({ ...card, type: card.type }, entries, known, path);
}

function conditionFaults(condition: Condition, known: Known, path: Path): Fault[] {
  const group = groupOf(condition);
  if (!group) return cardFaults(condition as Card, known.conditions, known, path); // no group: a leaf
  if (group.parts.length === 0) return [fault(path, "Add a condition, or take the group away")];
  return group.parts.flatMap((part, i) =>
    conditionFaults(part, known, group.join === "not" ? [...path, "not"] : [...path, group.join, i]),
  );
}

const rootFaults = (condition: Condition, known: Known, path: Path): Fault[] => [
  ...(depth(condition) > MAX_DEPTH ? [fault(path, `Groups nest at most ${MAX_DEPTH} deep`)] : []),
  ...conditionFaults(condition, known, path),
];

function waitFaults(step: Step, path: Path): Fault[] {
  const out: Fault[] = [];
  const kinds = ["for", "until", "until_field"].filter((key) => step[key] !== undefined);
  if (kinds.length !== 1) out.push(fault(path, "Say how long: for some time, until a moment, or until a field's date"));
  if (step.for !== undefined && !isDuration(step.for)) out.push(fault([...path, "for"], "Give a length of time"));
  if (step.until !== undefined && !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(String(step.until)))
    out.push(fault([...path, "until"], "Give a date and time"));
  if (step.until_field !== undefined && !step.until_field)
    out.push(fault([...path, "until_field"], "Choose a field that holds a date"));
  if (isRecord(step.window)) {
    if (Array.isArray(step.window.days) && step.window.days.length === 0)
      out.push(fault([...path, "window", "days"], "Choose at least one day"));
    if (step.window.from !== undefined && step.window.from === step.window.to)
      out.push(fault([...path, "window", "to"], "Must differ from the beginning"));
  }
  return out;
}

// Keyed by the five kinds of contract §6; everything else in `then` is an action of the catalogue.
const STRUCTURES: ReadonlyMap<string, (step: Step, path: Path, known: Known) => Fault[]> = new Map([
  ["wait", waitFaults],
  [
    "wait_for",
    (step: Step, path: Path, known: Known) => [
      ...triggerFaults(step.event, known.awaited, known, [...path, "event"]),
      ...(isDuration(step.timeout) ? [] : [fault([...path, "timeout"], "Say how long it waits at most")]),
    ],
  ],
  [
    "branch",
    (step: Step, path: Path, known: Known) =>
      // The cast rests on conditions being the only records put under `if`.
      isRecord(step.if)
        ? rootFaults(step.if as unknown as Condition, known, [...path, "if"])
        : [fault([...path, "if"], "Choose a condition")],
  ],
  [
    "split",
    (step: Step, path: Path) => {
      const sum = splitPaths(step).reduce((total, one) => total + one.percent, 0);
      return Math.abs(sum - 100) < 1e-9
        ? []
        : [fault([...path, "paths"], `The percentages must sum to 100, not ${sum}`)];
    },
  ],
]);

/** All that can be told without the server: what is missing, what does not fit, what is too much. */
export function check(definition: Definition, catalogue: Catalogue): Fault[] {
  const known: Known = {
    triggers: byType(catalogue.triggers),
    awaited: byType([...catalogue.triggers, ...(catalogue.listeners ?? [])]),
    conditions: byType(catalogue.conditions),
    actions: byType(catalogue.actions),
    when: definition.when.map((card) => card.type),
  };
  const out: Fault[] = [];
  if (definition.name.trim() === "") out.push(fault(["name"], "Give it a name"));
  if (definition.when.length === 0) out.push(fault(["when"], "Choose what starts it"));
  if (definition.when.length > MAX_TRIGGERS) out.push(fault(["when"], `At most ${MAX_TRIGGERS}`));
  definition.when.forEach((card, i) => {
    out.push(...triggerFaults(card, known.triggers, known, ["when", i]));
  });
  if (definition.only_if) out.push(...rootFaults(definition.only_if, known, ["only_if"]));
  definition.exit_when.forEach((card, i) => {
    out.push(...triggerFaults(card, known.awaited, known, ["exit_when", i]));
  });
  if (definition.exit_if) out.push(...rootFaults(definition.exit_if, known, ["exit_if"]));
  for (const { step, path } of walk(definition.then))
    out.push(
      ...(isStructure(step)
        ? (STRUCTURES.get(step.type)?.(step, path, known) ?? [])
        : cardFaults(step, known.actions, known, path)),
    );
  if (definition.cooldown !== null && !isDuration(definition.cooldown))
    out.push(fault(["cooldown"], "Give a length of time"));
  if (countOf(definition.then) > MAX_STEPS) out.push(fault(["then"], `At most ${MAX_STEPS} steps`));
  if (depthOf(definition.then) > MAX_DEPTH) out.push(fault(["then"], `Branches nest at most ${MAX_DEPTH} deep`));
  if (new TextEncoder().encode(JSON.stringify(definition)).length > MAX_BYTES)
    out.push(fault([], "It is larger than 256 KiB"));
  return out;
}

const idsOf = (steps: readonly Step[]): string[] =>
  [...walk([...steps])].flatMap(({ step }) => (step.id === undefined ? [] : [step.id]));

/** Steps that no run comes to: below an end, or on a way of 0 %. */
export function unreachable(steps: readonly Step[]): string[] {
  const [step, ...below] = steps;
  if (!step) return [];
  const percents = step.type === "split" ? splitPaths(step).map((path) => path.percent) : [];
  const inside = lanesOf(step).flatMap((lane, i) => (percents[i] === 0 ? idsOf(lane.steps) : unreachable(lane.steps)));
  return [...inside, ...(stops(step) ? idsOf(below) : unreachable(below))];
}

const stops = (step: Step): boolean => {
  const lanes = lanesOf(step);
  return step.type === "exit" || (lanes.length > 0 && lanes.every((lane) => lane.steps.some(stops)));
};

/** What is allowed and yet may not be meant, as far as it shows without the server. */
export function warn(definition: Definition): Warning[] {
  const out: Warning[] = [];
  const never = unreachable(definition.then);
  if (never.length > 0)
    out.push({
      code: "unreachable",
      message: `${never.length === 1 ? "A step is" : `${never.length} steps are`} never reached.`,
    });
  const waits = [...walk(definition.then)].some(({ step }) => step.type === "wait" || step.type === "wait_for");
  if (waits && definition.reentry === "always" && definition.cooldown === null)
    out.push({
      code: "waits_without_reentry_limit",
      message: "It waits, and a learner may be in it several times at once. Say in Options how often they may enter.",
    });
  const longest = [...walk(definition.then)].reduce(
    (most, { step }) => Math.max(most, typeof step.for === "string" ? roughMinutes(step.for) : 0),
    0,
  );
  if (longest > 2 * 525_600) out.push({ code: "long_wait", message: "A wait is longer than two years." });
  return out;
}
