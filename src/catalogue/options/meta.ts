import * as z from "zod";

type Shape = z.ZodRawShape;

/** Something that the meta of a field, or of what it wraps, says. */
export function metaOf(
  field: z.core.$ZodType,
  name: "picker" | "trigger" | "widget" | "calls" | "template" | "dated",
): unknown {
  let schema: z.core.$ZodType | undefined = field;
  while (schema) {
    const said = z.globalRegistry.get(schema)?.[name];
    if (said !== undefined) return said;
    const inner: unknown = "innerType" in schema._zod.def ? schema._zod.def.innerType : undefined;
    schema = inner instanceof z.ZodType ? inner : undefined;
  }
  return undefined;
}

/** What a field's ids are ids of, or undefined. */
export function pickerOf(field: z.core.$ZodType): string | undefined {
  const picker = metaOf(field, "picker");
  return typeof picker === "string" ? picker : undefined;
}

/** The names of the options that a form shows by a widget. */
export const optionsWith = (shape: Shape, widget: string): string[] =>
  Object.entries(shape).flatMap(([name, field]) => (metaOf(field, "widget") === widget ? [name] : []));
