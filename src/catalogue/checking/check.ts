import * as z from "zod";
import type { Fault } from "../../base/errors/errors";
import { mostTelling, pointer } from "../../base/errors/errors";
import { faultsOf } from "../../base/errors/faults";
import { lanePlaces, withLanes } from "../../definition/lanes";
import { type CardUse, type Definition, isRecord, type KeptStep, REENTRY, REENTRY_PER } from "../../definition/types";
import { actions, conditions, triggers } from "../index";
import { normalUrl } from "../options/address";
import { duration, TRIGGER } from "../options/fields";
import {
  actionMeant,
  conditionMeant,
  type Meaning,
  meantFault,
  stepMeant,
  triggerMeant,
  triggersMeant,
  type WithMeaning,
} from "../options/meaning";
import { metaOf, optionsWith } from "../options/meta";
import { lanesIn, STEPS } from "../steps";
import type { StepKind } from "../steps/define";
import { faultsAtSave } from "./at-save";

/*
 * A definition as schools write it: When / Only if / Then. Checked whole, every fault with its place, and kept as it
 * was written but for the ids of its steps.
 */

export interface CheckOptions {
  /** What is wrong with an address that is to be called, or null. */
  checkAddress?: (url: string) => string | null;
  /** By what options are taken as they are meant, and refused where they can mean nothing. */
  meaning?: Meaning;
  /** Told of each address that we call ourselves, and where it stands: a JSON pointer. */
  onCall?: (url: string, path: string) => void;
}

const MAX_STEPS = 100;
const MAX_DEPTH = 5;
const MAX_CONDITIONS = 200;
const STEP_ID = /^[A-Za-z0-9_]{1,64}$/;
type Path = PropertyKey[];

/** The options of an automation that stand beside its triggers, conditions and steps. */
export const definitionOptions = {
  synchronous: z.boolean().default(false),
  reentry: z.enum(REENTRY).default("always"),
  reentry_per: z.enum(REENTRY_PER).default("user"),
  cooldown: duration.nullable().default(null),
  limit: z
    .strictObject({ times: z.int().min(1).max(1_000), per: duration.nullable().default(null) })
    .nullable()
    .default(null),
};

/** What is refused when it is written of those options that fit, where others do not. */
const faultsOfFitting = (schema: z.ZodType, value: unknown, path: Path): Fault[] =>
  schema instanceof z.ZodObject && isRecord(value)
    ? Object.entries<z.ZodType>(schema.shape).flatMap(([name, field]) =>
        field.safeParse(value[name]).success ? faultsAtSave(field, value[name], [...path, name]) : [],
      )
    : [];

/**
 * Checks the parts of a definition, and the goal beside it.
 * @returns the definition with an id on every step, the goal, and all faults; they are good only without any.
 */
export function checkDefinition(
  body: Record<string, unknown>,
  options: CheckOptions = {},
): { definition: Definition; goal: CardUse | null; faults: Fault[] } {
  const faults: Fault[] = [];
  const fault = (path: Path, message: string): void => void faults.push({ path: pointer(path), message });
  /** The school's own look at a value says all that its schema said of it, and more: one fault, not two. */
  const faultInstead = (path: Path, message: string): void => {
    const place = faults.findIndex((one) => one.path === pointer(path));
    if (place >= 0) faults.splice(place, 1);
    fault(path, message);
  };
  const taken = new Set<string>();
  const startTypes: string[] = [];
  let stepCount = 0;
  let conditionCount = 0;

  const parse = (schema: z.ZodType, value: unknown, path: Path): boolean => {
    const result = schema.safeParse(value);
    const found = result.success
      ? faultsAtSave(schema, value, path)
      : [...faultsOf(result.error, path), ...faultsOfFitting(schema, value, path)];
    faults.push(...found);
    return found.length === 0;
  };

  const parseMeant = (card: WithMeaning, { type, ...params }: Record<string, unknown>, path: Path): void => {
    if (!parse(card.params, params, path)) return;
    const wrong = meantFault(card, params, options.meaning);
    if (wrong) fault([...path, ...wrong.path], wrong.message);
  };

  const checkTriggers = (value: unknown, path: Path, starts: boolean): void => {
    if (!Array.isArray(value)) return fault(path, "a list of triggers");
    if (starts && (value.length < 1 || value.length > 10)) fault(path, "1 to 10 triggers");
    if (!starts && value.length > 20) fault(path, "20 triggers at most");
    for (const [index, one] of value.slice(0, 20).entries()) checkTrigger(one, [...path, index], starts);
  };

  const checkTrigger = (value: unknown, path: Path, starts: boolean): void => {
    if (!isRecord(value)) return fault(path, "a trigger is an object with a type");
    const { type, ...params } = value;
    const card = typeof type === "string" ? triggers.get(type) : undefined;
    if (!card) return fault([...path, "type"], `there is no trigger ${JSON.stringify(type)}`);
    if (starts && card.listening) return fault([...path, "type"], "only exit_when and wait_for may name it");
    if (!starts && card.starting) return fault([...path, "type"], "only when may name it");
    if (starts) startTypes.push(card.type);
    parseMeant(card, params, path);
    if (!starts) return;
    for (const [name, list] of Object.entries(params)) {
      if (Array.isArray(list) && list.includes(TRIGGER))
        fault([...path, name], `"${TRIGGER}" means nothing before anything was triggered`);
    }
  };

  const checkOnlyWith = (card: { onlyWith?: readonly string[] }, path: Path): void => {
    const { onlyWith } = card;
    if (onlyWith && !startTypes.every((type) => onlyWith.includes(type))) {
      fault(path, `goes only with the triggers ${onlyWith.join(", ")}`);
    }
  };

  const checkCondition = (value: unknown, path: Path, depth: number): void => {
    if (++conditionCount > MAX_CONDITIONS) {
      if (conditionCount === MAX_CONDITIONS + 1) fault(path, `${MAX_CONDITIONS} conditions at most`);
      return;
    }
    if (!isRecord(value)) return fault(path, "a condition is an object with a type, or all, any or not");
    const group = ["all", "any", "not"].find((name) => Object.hasOwn(value, name));
    if (group !== undefined) {
      for (const key of Object.keys(value)) if (key !== group) fault([...path, key], "unknown option");
      if (depth >= MAX_DEPTH) return fault(path, `nested deeper than ${MAX_DEPTH}`);
      const inner = value[group];
      if (group === "not") return checkCondition(inner, [...path, group], depth + 1);
      if (!Array.isArray(inner) || !inner.length) return fault([...path, group], "a list of at least one condition");
      for (const [index, one] of inner.entries()) checkCondition(one, [...path, group, index], depth + 1);
      return;
    }
    const { type, ...params } = value;
    const card = typeof type === "string" ? conditions.get(type) : undefined;
    if (!card) return fault([...path, "type"], `there is no condition ${JSON.stringify(type)}`);
    checkOnlyWith(card, path);
    parseMeant(card, params, path);
  };

  const checkSteps = (value: unknown, path: Path, depth: number, inRounds: boolean): void => {
    if (!Array.isArray(value)) return fault(path, "a list of steps");
    for (const [index, one] of value.entries()) {
      if (++stepCount > MAX_STEPS) {
        if (stepCount === MAX_STEPS + 1) fault(path, `${MAX_STEPS} steps at most`);
        return;
      }
      checkStep(one, [...path, index], depth, inRounds);
    }
  };

  const checkStep = (value: unknown, path: Path, depth: number, inRounds: boolean): void => {
    if (!isRecord(value)) return fault(path, "a step is an object with a type");
    const { id, type, on_error: onError, ...params } = value;
    if (id !== undefined) {
      if (typeof id !== "string" || !STEP_ID.test(id))
        fault([...path, "id"], "an id has 1 to 64 of A–Z, a–z, 0–9 and _");
      else if (taken.has(id)) fault([...path, "id"], `another step is called ${id}`);
      else taken.add(id);
    }
    const kind = typeof type === "string" ? STEPS.get(type) : undefined;
    if (kind) {
      if (onError !== undefined) fault([...path, "on_error"], "goes on actions only");
      if (kind.repeats && inRounds) fault(path, `no ${kind.type} stands within a ${kind.type}`);
      parseMeant(kind, params, path);
      return checkInside(kind, params, path, depth, inRounds);
    }
    const card = typeof type === "string" ? actions.get(type) : undefined;
    if (!card) return fault([...path, "type"], `there is no action or step ${JSON.stringify(type)}`);
    if (onError !== undefined && onError !== "continue" && onError !== "stop") {
      fault([...path, "on_error"], 'one of "continue", "stop"');
    }
    checkOnlyWith(card, path);
    parseMeant(card, params, path);
    for (const [name, field] of Object.entries(card.params.shape)) {
      const value = params[name];
      if (typeof value !== "string" || !metaOf(field, "calls")) continue;
      const message = options.checkAddress?.(value) ?? null;
      if (message !== null) faultInstead([...path, name], message);
      options.onCall?.(value, pointer([...path, name]));
    }
  };

  const checkInside = (
    kind: StepKind,
    params: Record<string, unknown>,
    path: Path,
    depth: number,
    inRounds: boolean,
  ): void => {
    for (const name of optionsWith(kind.params.shape, "trigger"))
      if (params[name] !== undefined) checkTrigger(params[name], [...path, name], false);
    for (const name of optionsWith(kind.params.shape, "condition"))
      if (params[name] !== undefined) checkCondition(params[name], [...path, name], 0);
    const inner = lanePlaces(params, kind.lanes).filter(({ spec, value }) => spec.inEach || value !== undefined);
    if (inner.length && depth >= MAX_DEPTH) return fault(path, `nested deeper than ${MAX_DEPTH}`);
    for (const lane of inner)
      checkSteps(lane.value ?? [], [...path, ...lane.path], depth + 1, inRounds || kind.repeats === true);
  };

  checkTriggers(body.when, ["when"], true);
  if (body.only_if !== undefined && body.only_if !== null) checkCondition(body.only_if, ["only_if"], 0);
  conditionCount = 0;
  checkSteps(body.then, ["then"], 0, false);
  if (body.exit_when !== undefined) checkTriggers(body.exit_when, ["exit_when"], false);
  if (body.exit_if !== undefined && body.exit_if !== null) checkCondition(body.exit_if, ["exit_if"], 0);
  const given = body.goal ?? null;
  if (given !== null) checkTrigger(given, ["goal"], false);
  const settings = z.object(definitionOptions).safeParse(body);
  if (!settings.success) faults.push(...faultsOf(settings.error, []));

  const definition = {
    synchronous: body.synchronous ?? false,
    when: faults.length ? [] : triggersMeant(body.when, options.meaning),
    only_if: faults.length ? null : conditionMeant(body.only_if ?? null, options.meaning),
    then: faults.length ? [] : named(body.then as KeptStep[], taken, options.meaning),
    exit_when: faults.length ? [] : triggersMeant(body.exit_when ?? [], options.meaning),
    exit_if: faults.length ? null : conditionMeant(body.exit_if ?? null, options.meaning),
    reentry: body.reentry ?? "always",
    reentry_per: body.reentry_per ?? "user",
    cooldown: body.cooldown ?? null,
    limit: settings.data?.limit ?? null,
  };
  // Without faults every part has the shape it was checked for; with any it is not used.
  const goal = (faults.length ? null : triggerMeant(given, options.meaning)) as CardUse | null;
  return { definition: definition as Definition, goal, faults: mostTelling(faults) };
}

/**
 * Options of a step as they are kept: as they are meant, addresses that we call in their normal form, the rest as it was
 * written.
 */
function asKept(type: string, given: Record<string, unknown>, meaning: Meaning | undefined): Record<string, unknown> {
  const kind = STEPS.get(type);
  if (kind) return stepMeant(kind, given, meaning);
  const card = actions.get(type);
  const options = card ? actionMeant(card, given, meaning) : given;
  const shape = card?.params.shape ?? {};
  const called = Object.entries(options).flatMap(([name, value]) =>
    typeof value === "string" && shape[name] && metaOf(shape[name], "calls") ? [[name, normalUrl(value) ?? value]] : [],
  );
  return { ...options, ...Object.fromEntries(called) };
}

/** The steps with an id each: those without get the lowest free `s1`, `s2`, … in the order they stand. */
function named(steps: readonly KeptStep[], taken: Set<string>, meaning: Meaning | undefined): KeptStep[] {
  let next = 1;
  const free = (): string => {
    while (taken.has(`s${next}`)) next++;
    const id = `s${next}`;
    taken.add(id);
    return id;
  };
  const nameAll = (list: unknown): KeptStep[] =>
    // The lists inside steps have been checked as lists of steps.
    ((list ?? []) as KeptStep[]).map((step) => {
      const id = step.id ?? free();
      const { id: _, type, ...rest } = step;
      return { id, type, ...withLanes(asKept(type, rest, meaning), lanesIn(type), nameAll) };
    });
  return nameAll(steps);
}
