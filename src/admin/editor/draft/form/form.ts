import type { OptionSchema } from "../../../../definition/catalogue";
import type { CardUse } from "../../../../definition/types";
import { optionLabel } from "../../../words/sentences/options";

/** The kinds of input a form has; each has one component in `fields.tsx`. */
export type Widget =
  | "text"
  | "number"
  | "boolean"
  | "choice"
  | "choices"
  | "id"
  | "ids"
  | "duration"
  | "date"
  | "template"
  | "data"
  | "pairs"
  | "rows"
  | "value";

export interface Field {
  key: string;
  label: string;
  hint: string;
  required: boolean;
  widget: Widget;
  /** The field's schema without null, and of a list's items for `rows`. */
  schema: OptionSchema;
  /** Whether null may be chosen, which is not the same as leaving it out. */
  nullable: boolean;
  /** Fixed values that may stand instead of the widget's own: "trigger" beside a duration. */
  instead: string[];
}

const typeOf = (schema: OptionSchema): string | undefined =>
  Array.isArray(schema.type) ? schema.type.find((type) => type !== "null") : schema.type;

const isNull = (schema: OptionSchema): boolean => schema.type === "null" || schema.const === null;

interface Widened {
  schema: OptionSchema;
  nullable: boolean;
  instead: string[];
}

/** The one shape a form edits: null and fixed values of a union set aside. */
function narrow(schema: OptionSchema): Widened {
  const union = schema.anyOf ?? schema.oneOf;
  const nullable = Array.isArray(schema.type) && schema.type.includes("null");
  if (!union) return { schema, nullable, instead: [] };
  const shapes = union.filter((one) => !isNull(one));
  const fixed = shapes.filter((one) => typeof one.const === "string");
  const open = shapes.filter((one) => one.const === undefined);
  const { anyOf: _anyOf, oneOf: _oneOf, ...around } = schema;
  const isNullable = union.some(isNull);
  if (open.length === 0)
    return {
      schema: { ...around, type: "string", enum: fixed.map((one) => one.const) },
      nullable: isNullable,
      instead: [],
    };
  if (open.length > 1) return { schema: around, nullable: isNullable, instead: [] };
  return { schema: { ...open[0], ...around }, nullable: isNullable, instead: fixed.map((one) => String(one.const)) };
}

// The first that fits is taken: what is most specific stands first.
const WIDGETS: readonly [test: (schema: OptionSchema, type: string | undefined) => boolean, widget: Widget][] = [
  [(schema) => schema.template === "data", "data"],
  [(schema, type) => schema.template !== undefined && type !== "object", "template"],
  [(schema) => Array.isArray(schema.enum), "choice"],
  [(_, type) => type === "boolean", "boolean"],
  [(_, type) => type === "number" || type === "integer", "number"],
  [(schema) => schema.format === "duration", "duration"],
  [(schema) => schema.format === "date", "date"],
  [(schema, type) => type === "array" && Array.isArray(schema.items?.enum), "choices"],
  [(schema, type) => type === "array" && typeOf(schema.items ?? {}) === "object", "rows"],
  [(_, type) => type === "array", "ids"],
  [(_, type) => type === "object", "pairs"],
  [(schema, type) => type === "string" && schema.picker !== undefined, "id"],
  [(_, type) => type === "string", "text"],
];

export function fieldOf(key: string, raw: OptionSchema, required: boolean): Field {
  const { schema, nullable, instead } = narrow(raw);
  const type = typeOf(schema);
  const widget = WIDGETS.find(([test]) => test(schema, type))?.[1] ?? "value";
  return {
    key,
    label: optionLabel(key, raw.title),
    hint: raw.description ?? schema.description ?? "",
    required,
    widget,
    schema,
    nullable,
    instead,
  };
}

/** Which vocabulary a list's ids, or the id, come from. */
export const pickerOfOption = (schema: OptionSchema): string | undefined => schema.picker ?? schema.items?.picker;
export const allowsTrigger = (schema: OptionSchema): boolean =>
  schema.trigger === true || schema.items?.trigger === true;

const VALUELESS = new Set(["is_empty", "is_not_empty"]);

/**
 * The fields of a card, in the schema's order, but for what has an input of its own. A comparison's `value` is part of it and follows its `op`: none for
 * "is empty", a list for "is one of".
 */
export function fieldsOfForm(params: OptionSchema, card: Readonly<Record<string, unknown>>): Field[] {
  const required = new Set(params.required ?? []);
  const properties = params.properties ?? {};
  const compares = properties.op !== undefined;
  const valueless = typeof card.op === "string" && VALUELESS.has(card.op);
  return Object.entries(properties).flatMap(([key, schema]) => {
    if (key === "type" || key === "id" || schema.const !== undefined || schema.widget !== undefined) return [];
    if (!compares || key !== "value") return [fieldOf(key, schema, required.has(key))];
    if (valueless) return [];
    return [fieldOf(key, card.op === "in" ? { type: "array", items: { type: "string" } } : schema, true)];
  });
}

/** A new card of a type: what is needed and has a beginning, nothing else. */
export function blank(type: string, params: OptionSchema): CardUse {
  // What is handed out is the caller's own, to change.
  const card: CardUse = { type, ...structuredClone(params.begins ?? {}) };
  for (const key of params.required ?? []) {
    const schema = params.properties?.[key];
    if (!schema || key === "type" || Object.hasOwn(card, key)) continue;
    const field = fieldOf(key, schema, true);
    if (schema.default !== undefined) card[key] = schema.default;
    else if (field.widget === "ids" || field.widget === "choices" || field.widget === "rows") card[key] = [];
    else if (field.widget === "pairs" || (field.widget === "data" && typeOf(field.schema) === "object")) card[key] = {};
    else if (field.widget === "template" || field.widget === "text") card[key] = "";
    else if (field.widget === "choice") card[key] = field.schema.enum?.[0];
  }
  return card;
}

/** What an input's emptied value means: nothing is written for an option that may be left out. */
export const written = (field: Field, value: unknown): unknown => {
  const empty = value === "" || (Array.isArray(value) && value.length === 0);
  return empty && !field.required ? (field.nullable && !("default" in field.schema) ? null : undefined) : value;
};
