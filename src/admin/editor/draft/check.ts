import type { Fault } from "../../../base/errors/errors";
import type { Warning } from "../../../definition/answers";
import type { Catalogue, CatalogueEntry, OptionSchema } from "../../../definition/catalogue";
import { isDuration, roughMinutes } from "../../../definition/duration";
import { type CardUse, type Condition, type Draft, isRecord, type Path, type Step } from "../../../definition/types";
import { allSteps, groupOf, walk } from "../../../definition/walk";
import { many, say } from "../../../language/say";
import { lanesIn } from "../../words/words";
import { depth } from "./conditions";
import { exactly, fault, optionFaults } from "./form/schema-faults";
import { countOf, depthOf } from "./tree/tree";

const MAX_STEPS = 100;
const MAX_DEPTH = 5;
const MAX_TRIGGERS = 10;
const MAX_BYTES = 256 * 1024;

interface Known {
  triggers: ReadonlyMap<string, CatalogueEntry>;
  /** What `exit_when` and `wait_for` may name: the triggers, and those that only listen. */
  awaited: ReadonlyMap<string, CatalogueEntry>;
  conditions: ReadonlyMap<string, CatalogueEntry>;
  actions: ReadonlyMap<string, CatalogueEntry>;
  kinds: ReadonlyMap<string, CatalogueEntry>;
  /** The types of `when`. */
  when: readonly string[];
}

const byType = (entries: readonly CatalogueEntry[]): ReadonlyMap<string, CatalogueEntry> =>
  new Map(entries.map((entry) => [entry.type, entry]));

/** Whether a condition or action may stand in an automation with these triggers. */
export const fits = (entry: CatalogueEntry, when: readonly CardUse[]): boolean =>
  !entry.only_with || when.every((card) => entry.only_with?.includes(card.type));

function cardFaults(card: CardUse, entries: ReadonlyMap<string, CatalogueEntry>, known: Known, path: Path): Fault[] {
  const entry = entries.get(card.type);
  if (!entry) return [fault([...path, "type"], say("There is no “{type}”", { type: card.type }))];
  const stranger = entry.only_with && known.when.find((type) => !entry.only_with?.includes(type));
  const label = (type: string): string => known.triggers.get(type)?.label ?? type;
  const misplaced = stranger
    ? [
        fault(
          path,
          say("Only with {cards}, not with {other}", {
            cards: entry.only_with?.map((type) => say("“{name}”", { name: label(type) })).join(` ${say("or")} `) ?? "",
            other: say("“{name}”", { name: label(stranger) }),
          }),
        ),
      ]
    : [];
  return [...misplaced, ...optionFaults(card, entry.params, path)];
}

function triggerFaults(card: unknown, entries: ReadonlyMap<string, CatalogueEntry>, known: Known, path: Path): Fault[] {
  if (!isRecord(card) || typeof card.type !== "string" || card.type === "")
    return [fault(path, say("Choose an event"))];
  return cardFaults({ ...card, type: card.type }, entries, known, path);
}

function conditionFaults(condition: Condition, known: Known, path: Path): Fault[] {
  const group = groupOf(condition);
  if (!group) return cardFaults(condition as CardUse, known.conditions, known, path); // no group: a leaf
  if (group.parts.length === 0) return [fault(path, say("Add a condition, or remove the group"))];
  return group.parts.flatMap((part, i) =>
    conditionFaults(part, known, group.join === "not" ? [...path, "not"] : [...path, group.join, i]),
  );
}

const rootFaults = (condition: Condition, known: Known, path: Path): Fault[] => [
  ...(depth(condition) > MAX_DEPTH ? [fault(path, say("Groups nest at most {n} deep", { n: MAX_DEPTH }))] : []),
  ...conditionFaults(condition, known, path),
];

type Look = (value: unknown, known: Known, path: Path) => Fault[];

/** What is wrong with an option that has an input of its own. */
const LOOKS: Readonly<Record<NonNullable<OptionSchema["widget"]>, Look>> = {
  trigger: (value, known, path) => triggerFaults(value, known.awaited, known, path),
  // The cast rests on conditions being the only records put in such a place.
  condition: (value, known, path) =>
    isRecord(value) ? rootFaults(value as unknown as Condition, known, path) : [fault(path, say("Choose a condition"))],
  steps: () => [],
  shares: (value, _, path) => {
    const shares = Array.isArray(value) ? value.filter(isRecord).map(({ percent }) => Number(percent)) : [];
    const sum = shares.reduce((total, share) => total + share, 0);
    return Math.abs(sum - 100) < 1e-9
      ? []
      : [fault(path, say("The percentages must sum to 100, not {sum}", { sum: exactly(sum) }))];
  },
  window: (value, _, path) =>
    isRecord(value) && value.from !== undefined && value.from === value.to
      ? [fault([...path, "to"], say("Must differ from the beginning"))]
      : [],
};

/** The same for a kind of step, whose options may hold triggers, conditions and further steps. */
function kindFaults(step: Step, { params }: CatalogueEntry, known: Known, path: Path): Fault[] {
  const properties = Object.entries(params.properties ?? {});
  const plain = { ...params, properties: Object.fromEntries(properties.filter(([, one]) => !isNested(one))) };
  const { exactly_one: choice } = params;
  const given = choice?.of.filter((key) => step[key] !== undefined).length ?? 1;
  return [
    ...(choice && given !== 1 ? [fault(path, choice.message)] : []),
    ...properties.flatMap(([key, { widget }]) =>
      widget && (step[key] !== undefined || params.required?.includes(key))
        ? LOOKS[widget](step[key], known, [...path, key])
        : [],
    ),
    ...optionFaults(step, plain, path),
  ];
}

const isNested = ({ widget }: OptionSchema): boolean =>
  widget === "trigger" || widget === "condition" || widget === "steps";

/** All that can be told without the server: what is missing, what does not fit, what is too much. */
export function checkDraft(definition: Draft, catalogue: Catalogue): Fault[] {
  const known: Known = {
    triggers: byType(catalogue.triggers),
    awaited: byType([...catalogue.triggers.filter(({ starting }) => !starting), ...catalogue.listeners]),
    conditions: byType(catalogue.conditions),
    actions: byType(catalogue.actions),
    kinds: byType(catalogue.steps),
    when: definition.when.map((card) => card.type),
  };
  const out: Fault[] = [];
  if (definition.name.trim() === "") out.push(fault(["name"], say("Give it a name")));
  if (definition.when.length === 0) out.push(fault(["when"], say("Choose what starts it")));
  if (definition.when.length > MAX_TRIGGERS) out.push(fault(["when"], say("At most {n}", { n: MAX_TRIGGERS })));
  definition.when.forEach((card, i) => {
    out.push(...triggerFaults(card, known.triggers, known, ["when", i]));
  });
  if (definition.only_if) out.push(...rootFaults(definition.only_if, known, ["only_if"]));
  definition.exit_when.forEach((card, i) => {
    out.push(...triggerFaults(card, known.awaited, known, ["exit_when", i]));
  });
  if (definition.exit_if) out.push(...rootFaults(definition.exit_if, known, ["exit_if"]));
  if (definition.goal) out.push(...triggerFaults(definition.goal, known.awaited, known, ["goal"]));
  const lanesOf = lanesIn(catalogue.steps);
  for (const { step, path } of walk(definition.then, lanesOf)) {
    const kind = known.kinds.get(step.type);
    if (kind?.repeats)
      for (const inner of walk(
        lanesOf(step).flatMap((lane) => lane.steps),
        lanesOf,
      ))
        if (known.kinds.get(inner.step.type)?.repeats)
          out.push(fault([...path], say("No “{card}” stands within another", { card: kind.label })));
    out.push(...(kind ? kindFaults(step, kind, known, path) : cardFaults(step, known.actions, known, path)));
  }
  if (definition.cooldown !== null && !isDuration(definition.cooldown))
    out.push(fault(["cooldown"], say("Give a length of time")));
  const { limit } = definition;
  if (limit && !(Number.isInteger(limit.times) && limit.times >= 1 && limit.times <= 1_000))
    out.push(fault(["limit", "times"], say("From 1 to 1000")));
  if (limit && limit.per !== null && !isDuration(limit.per))
    out.push(fault(["limit", "per"], say("Give a length of time")));
  if (countOf(definition.then, lanesOf) > MAX_STEPS)
    out.push(fault(["then"], say("At most {n} steps", { n: MAX_STEPS })));
  if (depthOf(definition.then, lanesOf) > MAX_DEPTH)
    out.push(fault(["then"], say("Branches nest at most {n} deep", { n: MAX_DEPTH })));
  if (new TextEncoder().encode(JSON.stringify(definition)).length > MAX_BYTES)
    out.push(fault([], say("It is larger than 256 KiB")));
  return out;
}

/** Steps that no run comes to: below an end, or on a way of 0 %. */
export function unreachable(steps: readonly Step[], catalogue: Catalogue): string[] {
  const lanesOf = lanesIn(catalogue.steps);
  const kinds = byType(catalogue.steps);
  const idsOf = (list: readonly Step[]): string[] => allSteps(list, lanesOf).flatMap(({ id }) => id ?? []);
  const stops = (step: Step): boolean => {
    const kind = kinds.get(step.type);
    return kind?.takes_one_way
      ? lanesOf(step).every((lane) => lane.share === 0 || lane.steps.some(stops))
      : (kind?.ends ?? false);
  };
  const never = ([step, ...below]: readonly Step[]): string[] =>
    step
      ? [
          ...lanesOf(step).flatMap((lane) => (lane.share === 0 ? idsOf(lane.steps) : never(lane.steps))),
          ...(stops(step) ? idsOf(below) : never(below)),
        ]
      : [];
  return never(steps);
}

/** What is allowed and yet may not be meant, as far as it shows without the server. */
export function warn(definition: Draft, catalogue: Catalogue): Warning[] {
  const out: Warning[] = [];
  const never = unreachable(definition.then, catalogue);
  if (never.length > 0)
    out.push({
      code: "unreachable",
      message: many(never.length, "A step is never reached.", "{n} steps are never reached."),
    });
  const all = allSteps(definition.then, lanesIn(catalogue.steps));
  const waiting = new Set(catalogue.steps.flatMap(({ type, waits }) => (waits ? [type] : [])));
  if (
    all.some(({ type }) => waiting.has(type)) &&
    definition.reentry === "always" &&
    !definition.cooldown &&
    !definition.limit
  )
    out.push({
      code: "waits_without_reentry_limit",
      message: say(
        "It waits, and a learner may be in it several times at once. Say in Options how often they may enter.",
      ),
    });
  const longest = Math.max(0, ...all.map((step) => (typeof step.for === "string" ? roughMinutes(step.for) : 0)));
  if (longest > 2 * 525_600) out.push({ code: "long_wait", message: say("A wait is longer than two years.") });
  return out;
}
