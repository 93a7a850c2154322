import * as z from "zod";
import type { CategoryName } from "./categories";

export type Shape = z.ZodRawShape;
export type Params<S extends Shape> = z.output<z.ZodObject<S, z.core.$strict>>;

/** "1 mail", "2 mails" */
export type Counted = readonly [one: string, several: string];

export interface Card {
  type: string;
  label: string;
  /** Other words that people look for it by. */
  also?: readonly string[];
  description: string;
}

/** What a definition is made of. */
export interface Part extends Card {
  category: CategoryName;
  /**
   * How it is said to people: triggers follow "a learner …", conditions "they …", actions are told to us ("add …").
   * - `{tags}` is the option's value, a list joined by "or"; `{tags|and}` names a filter of `admin/words/sentences/phrases.ts`;
   *   `{courses: any course}` says the rest when the option is left out;
   * - `[ … {x} … ]` is dropped when an option in it is empty, false or as by default; `{x?}` asks for it and prints
   *   nothing, `{!x}` asks for it to be empty;
   * - `<are|are not>` is the condition as it stands and inverted.
   */
  says: string;
}

/** What a card says of itself, apart from what it does. */
export const partOf = ({ type, label, also, description, category, says }: Part): Part => ({
  type,
  label,
  ...(also ? { also } : {}),
  description,
  category,
  says,
});

/** A strict object of a shape, with a rule over several of its options. */
export function checked<S extends Shape>(
  shape: S,
  check?: (params: Params<S>) => { message: string; path?: PropertyKey[] } | null,
): z.ZodObject<S, z.core.$strict> {
  const schema: z.ZodObject<S, z.core.$strict> = z.strictObject(shape);
  if (!check) return schema;
  return schema.superRefine((params, context) => {
    const fault = check(params);
    if (fault) context.addIssue({ code: "custom", message: fault.message, path: fault.path ?? [] });
  });
}
