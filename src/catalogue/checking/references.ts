import * as z from "zod";
import type { CardUse, Condition, Definition, Path } from "../../definition/types";
import { isRecord } from "../../definition/types";
import { walk, walkLeaves } from "../../definition/walk";
import { isDateSource } from "../dates/date-sources";
import { giving } from "../facts/effect";
import { actions, conditions, triggers } from "../index";
import { kindsOf, wordKey } from "../kinds";
import { AS_NAMED, type CourseId } from "../options/course-id";
import { TRIGGER } from "../options/fields";
import { metaOf, optionsWith, pickerOf } from "../options/meta";
import { type Clause, clause, isAttributeField, namedIn } from "../segments/clause";
import { lanesOf, STEPS } from "../steps";
import { namedBelow, namedVariables } from "../text/template";
import { idsCompared } from "../tracking/compared";

/*
 * What a definition names: every id in it, with the place where it stands and what becomes of it there. Options say of what
 * their ids are by their picker, actions what they do with them by their effect.
 */

/** What a definition does with something: begins by it, asks for it, is ended by it; gives it, or takes it away. */
export type Role = "starts" | "needs" | "ends" | "gives" | "takes";

/** An id that stands in a definition. */
export interface Reference {
  /** Of what it is one: a kind, or `product` for whatever is sold. */
  kind: string;
  /** The id, or `"$trigger"`. */
  value: string;
  /** The keys that lead to it. */
  path: Path;
  role: Role;
}

/** A card in its place. */
export interface Placed {
  use: CardUse;
  path: Path;
  /** What it is to the definition; of an action, what it does with what it names. */
  role: Role;
  shape: Readonly<Record<string, z.core.$ZodType>>;
  /** A trigger, whose facts it listens to. */
  listens?: true;
  /** An action, which makes facts. */
  acts?: true;
}

const shapeIn = (cards: ReadonlyMap<string, { params: z.ZodObject }>, type: string): Placed["shape"] =>
  cards.get(type)?.params.shape ?? {};

/** A definition with the goal that stands beside it, which is listened to as what ends a run is. */
export type WithGoal = Definition & { goal?: CardUse | null };

/** Every card of a checked definition, in reading order, and of its goal. */
export function* placedIn(definition: WithGoal): Generator<Placed> {
  const listening = (use: CardUse, path: Path, role: Role): Placed => ({
    ...{ use, path, role, shape: shapeIn(triggers, use.type) },
    listens: true,
  });
  function* asking(condition: Condition | null, at: Path, role: Role): Generator<Placed> {
    for (const { leaf, path } of walkLeaves(condition, at))
      yield { use: leaf, path, role, shape: shapeIn(conditions, leaf.type) };
  }
  for (const [i, use] of definition.when.entries()) yield listening(use, ["when", i], "starts");
  yield* asking(definition.only_if, ["only_if"], "needs");
  for (const { step, path } of walk(definition.then, lanesOf)) {
    const action = actions.get(step.type);
    if (action) {
      const { does } = action.effect?.(step) ?? giving();
      yield { use: step, path, role: does, shape: action.params.shape, acts: true };
      continue;
    }
    const shape = shapeIn(STEPS, step.type);
    yield { use: step, path, role: "needs", shape };
    // A checked definition has triggers and conditions in these places, or nothing.
    for (const name of optionsWith(shape, "trigger"))
      if (step[name]) yield listening(step[name] as CardUse, [...path, name], "needs");
    for (const name of optionsWith(shape, "condition"))
      yield* asking((step[name] ?? null) as Condition | null, [...path, name], "needs");
  }
  for (const [i, use] of definition.exit_when.entries()) yield listening(use, ["exit_when", i], "ends");
  yield* asking(definition.exit_if, ["exit_if"], "ends");
  if (definition.goal) yield listening(definition.goal, ["goal"], "ends");
}

// ---- Ids in options ----

interface Named {
  kind: string;
  value: string;
  path: Path;
}

/** The ids in a value, by the schema that it has passed. */
function* idsIn(schema: z.core.$ZodType, value: unknown, path: Path): Generator<Named> {
  const kind = pickerOf(schema);
  const inner = bare(schema);
  if (kind !== undefined) {
    for (const [i, one] of [value].flat().entries()) {
      const id = typeof one === "string" ? idOf(kind, one) : undefined;
      if (id !== undefined) yield { ...id, path: Array.isArray(value) ? [...path, i] : path };
    }
  } else if (inner === clause) {
    // It has passed this schema.
    for (const one of namedIn(value as Clause)) yield { ...one, path: [...path, ...one.path] };
  } else if (inner instanceof z.ZodArray && Array.isArray(value)) {
    for (const [i, one] of value.entries()) yield* idsIn(inner.element, one, [...path, i]);
  } else if (inner instanceof z.ZodObject && isRecord(value)) {
    for (const [name, field] of Object.entries(inner.shape)) yield* idsIn(field, value[name], [...path, name]);
  }
}

/** A schema without what lets it be left out. */
function bare(schema: z.core.$ZodType): z.core.$ZodType {
  const inner: unknown = "innerType" in schema._zod.def ? schema._zod.def.innerType : undefined;
  return inner instanceof z.ZodType ? bare(inner) : schema;
}

const FIELD = "fields.";

/** What a text means where something of a kind is named; undefined: something of the event, or of its course. */
function idOf(kind: string, text: string): Pick<Named, "kind" | "value"> | undefined {
  if (kind !== "field" && kind !== "attribute") return { kind, value: text };
  if (text.startsWith(FIELD)) return { kind: "field", value: text.slice(FIELD.length) };
  return isDateSource(text) && !isAttributeField(text) ? undefined : { kind: "field", value: text };
}

/** The ids that a card names. */
export function* namedBy({ use, path, role, shape }: Placed): Generator<Reference> {
  for (const [name, field] of Object.entries(shape))
    for (const one of idsIn(field, use[name], [...path, name])) yield { ...one, role };
}

/** Every id that a checked definition names, in reading order. */
export function* referencesOf(definition: Definition): Generator<Reference> {
  for (const placed of placedIn(definition)) yield* namedBy(placed);
}

const calledIn = (placed: Placed): Named[] => [...namedBy(placed), ...idsCompared(placed.use, placed.path)];

/** A checked definition with its courses called by the ids that these have here. */
export const callDefinition = (definition: Definition, courseId: CourseId): Definition =>
  courseId === AS_NAMED ? definition : calledSo(definition, [...placedIn(definition)].flatMap(calledIn), courseId);

/** The same of a trigger, and of a comparison of a rule. */
export const callTrigger = (use: CardUse, courseId: CourseId): CardUse =>
  calledSo(use, calledIn({ use, path: [], role: "needs", shape: shapeIn(triggers, use.type) }), courseId);
export const callClause = (given: Clause, courseId: CourseId): Clause => calledSo(given, namedIn(given), courseId);

/** A condition with its ids as they are compared. */
export function comparedAs(use: CardUse): CardUse {
  const compared = structuredClone(use);
  for (const { kind, value, path } of namedBy({ use, path: [], role: "needs", shape: shapeIn(conditions, use.type) }))
    writeAt(compared, path, wordKey(kind, value));
  return compared;
}

function calledSo<T>(written: T, names: Iterable<Named>, courseId: CourseId): T {
  const isOther = ({ kind, value }: Named) => kindsOf(kind).includes("course") && courseId(value) !== value;
  const others = [...names].filter(isOther);
  if (!others.length) return written;
  const called = structuredClone(written);
  for (const { path, value } of others) writeAt(called, path, courseId(value));
  return called;
}

/** Writes where something stands. */
function writeAt(within: unknown, path: Path, value: string): void {
  const [first, ...rest] = path;
  if (typeof within !== "object" || within === null || first === undefined) return;
  // It is there: the path was found in it.
  const at = within as Record<string | number, unknown>;
  if (rest.length) writeAt(at[first], rest, value);
  else at[first] = value;
}

const FIELDS_OF_USER = ["user", "fields"];

/** The Liquid texts of a card. */
function* templatesOf({ use, path, shape }: Placed): Generator<{ text: string; path: Path }> {
  for (const [name, field] of Object.entries(shape))
    if (metaOf(field, "template") !== undefined) yield* textsIn(use[name], [...path, name]);
}

/** The fields that the messages of a card name. */
export function* mentionedBy(placed: Placed): Generator<Reference> {
  for (const { text, path } of templatesOf(placed))
    for (const value of namedBelow(text, FIELDS_OF_USER)) yield { kind: "field", value, path, role: "needs" };
}

/** Every variable that the texts of a checked definition name, with the card that does. */
export function* variablesNamed(definition: Definition): Generator<{ name: string; use: CardUse }> {
  for (const placed of placedIn(definition))
    for (const { text } of templatesOf(placed))
      for (const name of namedVariables(text)) yield { name, use: placed.use };
}

function* textsIn(value: unknown, path: Path): Generator<{ text: string; path: Path }> {
  if (typeof value === "string") yield { text: value, path };
  else if (typeof value === "object" && value !== null)
    for (const [key, one] of Object.entries(value))
      yield* textsIn(one, [...path, Array.isArray(value) ? Number(key) : key]);
}

// ---- What is asked of them ----

/** What a school may take away that definitions name. */
export const REFERENCE_KINDS = ["segment", "field"] as const;
export type ReferenceKind = (typeof REFERENCE_KINDS)[number];

/** What a definition names of a kind, each once; a mention in a message is none. */
export const referencesIn = (definition: WithGoal, kind: ReferenceKind): Set<string> =>
  new Set(placesOf(definition, kind).keys());

/** The same, each with the first card and option that names it. */
export function placesOf(definition: WithGoal, kind: ReferenceKind): Map<string, { use: CardUse; option: string }> {
  const found = new Map<string, { use: CardUse; option: string }>();
  for (const placed of placedIn(definition))
    for (const [option, field] of Object.entries(placed.shape))
      for (const one of idsIn(field, placed.use[option], []))
        if (one.kind === kind && one.value !== TRIGGER && !found.has(one.value))
          found.set(one.value, { use: placed.use, option });
  return found;
}

/** The fields that must hold a date, with the card that goes by it. */
export function* datedFieldsIn(definition: Definition): Generator<{ value: string; use: CardUse }> {
  for (const { use, shape } of placedIn(definition))
    for (const [option, schema] of Object.entries(shape))
      if (metaOf(schema, "dated") === true)
        for (const { kind, value } of idsIn(schema, use[option], []))
          if (kind === "field" && !isDateSource(value)) yield { value, use };
}

/** The ids of these kinds that a definition names, with what each may be. */
export function* idsOfKinds(
  definition: Definition,
  wanted: readonly string[],
): Generator<{ kinds: string[]; value: string }> {
  for (const { kind, value } of referencesOf(definition)) {
    const mayBe = kindsOf(kind);
    const kinds = wanted.filter((one) => mayBe.includes(one));
    if (kinds.length && value !== TRIGGER) yield { kinds, value };
  }
}
