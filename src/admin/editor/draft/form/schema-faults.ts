import type { Fault } from "../../../../base/errors/errors";
import type { OptionSchema } from "../../../../definition/catalogue";
import { isDuration } from "../../../../definition/duration";
import { isRecord, type Path } from "../../../../definition/types";
import { figure, inWords, later, say } from "../../../../language/say";
import { pointerOf } from "../tree/tree";

/** A limit or a sum to its last digit, as the one who fills it in may write it. */
export const exactly = (n: number): string => figure(n, { maximumFractionDigits: 20, useGrouping: false });

export const fault = (path: Path, message: string): Fault => ({ path: pointerOf(path), message });

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
  integer: later("Must be a whole number"),
  number: later("Must be a number"),
  array: later("Must be a list"),
  boolean: later("Must be yes or no"),
};

const typeFault = (type = ""): string => {
  const known = CALLED[type];
  return known === undefined ? say("Must be a {type}", { type }) : inWords(known);
};

const FORMATS: Readonly<Record<string, (value: string) => string | undefined>> = {
  duration: (value) => (isDuration(value, true) ? undefined : say("Give a length of time")),
  "local-date-time": (value) =>
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(value) ? undefined : say("Give a date and time"),
  date: (value) =>
    /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)) ? undefined : say("Give a date"),
};

/** What a value breaks of its schema, said to the one who fills it in. Patterns and templates are left to the server. */
export function schemaFaults(value: unknown, schema: OptionSchema, path: Path): Fault[] {
  const union = schema.anyOf ?? schema.oneOf;
  if (union) {
    const tries = union.map((one) => schemaFaults(value, one, path));
    return tries.some((faults) => faults.length === 0) ? [] : (tries.find((faults) => faults.length > 0) ?? []);
  }
  if (schema.const !== undefined)
    return value === schema.const ? [] : [fault(path, say("Must be {value}", { value: String(schema.const) }))];
  const types = schema.type === undefined ? [] : [schema.type].flat();
  if (types.length > 0 && !types.some((type) => TYPES[type]?.(value) ?? true))
    return [
      fault(path, value === "" || value === undefined || value === null ? say("Fill this in") : typeFault(types[0])),
    ];
  if (schema.enum && !schema.enum.includes(value)) return [fault(path, say("Choose one"))];
  if (typeof value === "string") return textFaults(value, schema, path);
  if (typeof value === "number") return numberFaults(value, schema, path);
  if (Array.isArray(value)) {
    const few = value.length < (schema.minItems ?? 0) ? [fault(path, say("Choose at least one"))] : [];
    const many =
      schema.maxItems !== undefined && value.length > schema.maxItems
        ? [fault(path, say("At most {n}", { n: exactly(schema.maxItems) }))]
        : [];
    return [
      ...few,
      ...many,
      ...value.flatMap((item, i) => (schema.items ? schemaFaults(item, schema.items, [...path, i]) : [])),
    ];
  }
  return isRecord(value) && schema.properties ? optionFaults(value, schema, path) : [];
}

function textFaults(value: string, schema: OptionSchema, path: Path): Fault[] {
  if (value.length < (schema.minLength ?? 0) || (schema.template && schema.template !== "data" && value.trim() === ""))
    return [fault(path, say("Fill this in"))];
  if (schema.picker !== undefined && value === "") return [fault(path, say("Choose one"))];
  if (schema.maxLength !== undefined && value.length > schema.maxLength)
    return [fault(path, say("At most {n} characters", { n: exactly(schema.maxLength) }))];
  const message = schema.format === undefined ? undefined : FORMATS[schema.format]?.(value);
  return message === undefined ? [] : [fault(path, message)];
}

function numberFaults(value: number, schema: OptionSchema, path: Path): Fault[] {
  const low = schema.minimum !== undefined && value < schema.minimum;
  const high = schema.maximum !== undefined && value > schema.maximum;
  if (!low && !high) return [];
  if (schema.minimum !== undefined && schema.maximum !== undefined)
    return [fault(path, say("From {low} to {high}", { low: exactly(schema.minimum), high: exactly(schema.maximum) }))];
  return [
    fault(
      path,
      low
        ? say("At least {n}", { n: exactly(schema.minimum ?? 0) })
        : say("At most {n}", { n: exactly(schema.maximum ?? 0) }),
    ),
  ];
}

/** The same for the options of a card, its type and id left out. */
export function optionFaults(value: Readonly<Record<string, unknown>>, schema: OptionSchema, path: Path): Fault[] {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    if (key === "type" || key === "id") return [];
    const given = Object.hasOwn(value, key) ? value[key] : undefined;
    if (given === "" && required.has(key)) return [fault([...path, key], say("Fill this in"))];
    if (given !== undefined) return schemaFaults(given, property, [...path, key]);
    return required.has(key) && property.default === undefined ? [fault([...path, key], say("Fill this in"))] : [];
  });
}
