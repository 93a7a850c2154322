import { isDuration, roughMinutes } from "../../duration";
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
  type Schema,
  type Step,
  splitPaths,
  type Warning,
  walk,
} from "../../model";
import { depth } from "./conditions";
import { countOf, depthOf, pointerOf } from "./tree";

/** Triggers beyond the catalogue's list that `exit_when` and `wait_for` may name (contract §13). */
export const VISITS = ["school.visited", "course.visited"];

const MAX_STEPS = 100;
const MAX_DEPTH = 5;
const MAX_TRIGGERS = 10;
const MAX_BYTES = 256 * 1024;

const fault = (path: Path, message: string): Fault => ({ path: pointerOf(path), message });

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  number: (value) => typeof value === "number" && Number.isFinite(value),
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === "boolean",
  array: Array.isArray,
  object: isRecord,
  null: (value) => value === null,
};

const CALLED: Readonly<Record<string, string>> = {
  integer: "a whole number",
  number: "a number",
  array: "a list",
  boolean: "yes or no",
};

const FORMATS: Readonly<Record<string, (value: string) => string | undefined>> = {
  duration: (value) => (isDuration(value, true) ? undefined : "Give a length of time"),
  date: (value) => (/^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)) ? undefined : "Give a date"),
};

/** What a value breaks of its schema, said to the one who fills it in. Patterns and templates are left to the server. */
export function schemaFaults(value: unknown, schema: Schema, path: Path): Fault[] {
  const union = schema.anyOf ?? schema.oneOf;
  if (union) {
    const tries = union.map((one) => schemaFaults(value, one, path));
    return tries.some((faults) => faults.length === 0) ? [] : (tries.find((faults) => faults.length > 0) ?? []);
  }
  if (schema.const !== undefined) return value === schema.const ? [] : [fault(path, `Must be ${String(schema.const)}`)];
  const types = schema.type === undefined ? [] : [schema.type].flat();
  if (types.length > 0 && !types.some((type) => TYPES[type]?.(value) ?? true))
    return [
      fault(
        path,
        value === "" || value === undefined || value === null
          ? "Fill this in"
          : `Must be ${CALLED[types[0] ?? ""] ?? `a ${types[0]}`}`,
      ),
    ];
  if (schema.enum && !schema.enum.includes(value)) return [fault(path, "Choose one")];
  if (typeof value === "string") return textFaults(value, schema, path);
  if (typeof value === "number") return numberFaults(value, schema, path);
  if (Array.isArray(value)) {
    const few = value.length < (schema.minItems ?? 0) ? [fault(path, "Choose at least one")] : [];
    const many =
      schema.maxItems !== undefined && value.length > schema.maxItems
        ? [fault(path, `At most ${schema.maxItems}`)]
        : [];
    return [
      ...few,
      ...many,
      ...value.flatMap((item, i) => (schema.items ? schemaFaults(item, schema.items, [...path, i]) : [])),
    ];
  }
  return isRecord(value) && schema.properties ? optionFaults(value, schema, path) : [];
}

function textFaults(value: string, schema: Schema, path: Path): Fault[] {
  if (value.length < (schema.minLength ?? 0) || (schema.template && schema.template !== "data" && value.trim() === ""))
    return [fault(path, "Fill this in")];
  if (schema.maxLength !== undefined && value.length > schema.maxLength)
    return [fault(path, `At most ${schema.maxLength} characters`)];
  const message = schema.format === undefined ? undefined : FORMATS[schema.format]?.(value);
  return message === undefined ? [] : [fault(path, message)];
}

function numberFaults(value: number, schema: Schema, path: Path): Fault[] {
  const low = schema.minimum !== undefined && value < schema.minimum;
  const high = schema.maximum !== undefined && value > schema.maximum;
  if (!low && !high) return [];
  if (schema.minimum !== undefined && schema.maximum !== undefined)
    return [fault(path, `From ${schema.minimum} to ${schema.maximum}`)];
  return [fault(path, low ? `At least ${schema.minimum}` : `At most ${schema.maximum}`)];
}

function optionFaults(value: Readonly<Record<string, unknown>>, schema: Schema, path: Path): Fault[] {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    if (key === "type" || key === "id") return [];
    const given = Object.hasOwn(value, key) ? value[key] : undefined;
    if (given !== undefined) return schemaFaults(given, property, [...path, key]);
    return required.has(key) && property.default === undefined ? [fault([...path, key], "Fill this in")] : [];
  });
}

interface Known {
  triggers: ReadonlyMap<string, Entry>;
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

function triggerFaults(card: unknown, known: Known, path: Path, visits: boolean): Fault[] {
  if (!isRecord(card) || typeof card.type !== "string" || card.type === "") return [fault(path, "Choose an event")];
  if (visits && VISITS.includes(card.type)) return [];
  return cardFaults({ ...card, type: card.type }, known.triggers, known, path);
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
      ...triggerFaults(step.event, known, [...path, "event"], true),
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
    conditions: byType(catalogue.conditions),
    actions: byType(catalogue.actions),
    when: definition.when.map((card) => card.type),
  };
  const out: Fault[] = [];
  if (definition.name.trim() === "") out.push(fault(["name"], "Give it a name"));
  if (definition.when.length === 0) out.push(fault(["when"], "Choose what starts it"));
  if (definition.when.length > MAX_TRIGGERS) out.push(fault(["when"], `At most ${MAX_TRIGGERS}`));
  definition.when.forEach((card, i) => {
    out.push(...triggerFaults(card, known, ["when", i], false));
  });
  if (definition.only_if) out.push(...rootFaults(definition.only_if, known, ["only_if"]));
  definition.exit_when.forEach((card, i) => {
    out.push(...triggerFaults(card, known, ["exit_when", i], true));
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
