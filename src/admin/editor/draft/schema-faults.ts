import type { Fault } from "../../../base/errors";
import type { OptionSchema } from "../../../definition/catalogue";
import { isDuration } from "../../../definition/duration";
import { isRecord, type Path } from "../../../definition/types";
import { pointerOf } from "./tree";

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
  integer: "a whole number",
  number: "a number",
  array: "a list",
  boolean: "yes or no",
};

const FORMATS: Readonly<Record<string, (value: string) => string | undefined>> = {
  duration: (value) => (isDuration(value, true) ? undefined : "Give a length of time"),
  "local-date-time": (value) => (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(value) ? undefined : "Give a date and time"),
  date: (value) => (/^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)) ? undefined : "Give a date"),
};

/** What a value breaks of its schema, said to the one who fills it in. Patterns and templates are left to the server. */
export function schemaFaults(value: unknown, schema: OptionSchema, path: Path): Fault[] {
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

function textFaults(value: string, schema: OptionSchema, path: Path): Fault[] {
  if (value.length < (schema.minLength ?? 0) || (schema.template && schema.template !== "data" && value.trim() === ""))
    return [fault(path, "Fill this in")];
  if (schema.picker !== undefined && value === "") return [fault(path, "Choose one")];
  if (schema.maxLength !== undefined && value.length > schema.maxLength)
    return [fault(path, `At most ${schema.maxLength} characters`)];
  const message = schema.format === undefined ? undefined : FORMATS[schema.format]?.(value);
  return message === undefined ? [] : [fault(path, message)];
}

function numberFaults(value: number, schema: OptionSchema, path: Path): Fault[] {
  const low = schema.minimum !== undefined && value < schema.minimum;
  const high = schema.maximum !== undefined && value > schema.maximum;
  if (!low && !high) return [];
  if (schema.minimum !== undefined && schema.maximum !== undefined)
    return [fault(path, `From ${schema.minimum} to ${schema.maximum}`)];
  return [fault(path, low ? `At least ${schema.minimum}` : `At most ${schema.maximum}`)];
}

/** The same for the options of a card, its type and id left out. */
export function optionFaults(value: Readonly<Record<string, unknown>>, schema: OptionSchema, path: Path): Fault[] {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    if (key === "type" || key === "id") return [];
    const given = Object.hasOwn(value, key) ? value[key] : undefined;
    if (given === "" && required.has(key)) return [fault([...path, key], "Fill this in")];
    if (given !== undefined) return schemaFaults(given, property, [...path, key]);
    return required.has(key) && property.default === undefined ? [fault([...path, key], "Fill this in")] : [];
  });
}
