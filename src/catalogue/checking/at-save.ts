import type { z } from "zod";
import type { Fault } from "../../base/errors/errors";
import { pointer } from "../../base/errors/errors";

/*
 * What is refused when somebody writes it, and was taken once: definitions that have it are stored, run on as they did,
 * and could not be opened if their schema refused it.
 */

/** What is wrong, perhaps at a place within. */
type Wrong = string | { message: string; path: readonly PropertyKey[] } | null;
type Check = (value: unknown) => Wrong;

const checks = new WeakMap<z.core.$ZodType, Check>();

/** A schema that is stricter when it is written: `check` says what is wrong with a value it lets through, or null. */
export function atSave<S extends z.ZodType>(schema: S, check: (value: z.input<S>) => Wrong): S {
  // Asked of what the schema has let through only.
  checks.set(schema, check as Check);
  return schema;
}

/** What is wrong with a value that the schema lets through. */
export function faultsAtSave(schema: z.core.$ZodType, value: unknown, path: readonly PropertyKey[]): Fault[] {
  if (value === undefined || value === null) return [];
  const wrong = checks.get(schema)?.(value) ?? null;
  const { message, path: within } = typeof wrong === "string" ? { message: wrong, path: [] } : (wrong ?? NOTHING);
  const own = message === null ? [] : [{ path: pointer([...path, ...within]), message }];
  return [...own, ...inner(schema, value, path)];
}

const NOTHING = { message: null, path: [] } as const;

function inner(schema: z.core.$ZodType, value: unknown, path: readonly PropertyKey[]): Fault[] {
  // zod's own description of a schema, told apart by its type.
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case "object":
      return Object.entries(def.shape).flatMap(([name, field]) =>
        faultsAtSave(field, (value as Record<string, unknown>)[name], [...path, name]),
      );
    case "array":
      return (value as unknown[]).flatMap((one, index) => faultsAtSave(def.element, one, [...path, index]));
    case "optional":
    case "nullable":
    case "default":
      return faultsAtSave(def.innerType, value, path);
    default:
      return [];
  }
}
