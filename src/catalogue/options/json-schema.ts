import * as z from "zod";

export type JsonSchema = { [keyword: string]: unknown };

/**
 * What a schema takes (`input`) or gives (`output`), as JSON Schema 2020-12. A schema whose meta names another in
 * `documentedAs` is shown as that: for what is checked in more steps than a schema can say.
 */
export function jsonSchemaOf(schema: z.ZodType, io: "input" | "output"): JsonSchema {
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
    target: "draft-2020-12",
    override: ({ zodSchema, jsonSchema }) => {
      const shown = z.globalRegistry.get(zodSchema)?.documentedAs;
      if (!(shown instanceof z.ZodType)) return;
      for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
      Object.assign(jsonSchema, jsonSchemaOf(shown, io));
    },
  });
  return rest;
}
