/*
 * JSON Schema, as far as Schoolbell's documents use it, as TypeScript.
 */

export interface Schema {
  $ref?: string;
  type?: string | string[];
  description?: string;
  const?: unknown;
  enum?: unknown[];
  format?: string;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  /** Schoolbell's own: the catalogue marks where triggers, conditions and steps stand. */
  widget?: string;
  exactly_one?: { of: string[] };
}

/** Types by their place in a schema: `name` of a property; undefined where the schema speaks for itself. */
export type Overrides = (schema: Schema, name: string) => string | undefined;

export interface Writer {
  /** The type of a schema, as an expression. */
  typeOf(schema: Schema, name?: string): string;
  /** The properties of an object's type, each on its line, with more before them. */
  object(schema: Schema, first?: string[], depth?: number): string;
}

const isName = (key: string): boolean => /^[A-Za-z_$][\w$]*$/.test(key);
export const keyOf = (key: string): string => (isName(key) ? key : JSON.stringify(key));
const literals = (values: readonly unknown[]): string => values.map((value) => JSON.stringify(value)).join(" | ");

export const comment = (text: string | undefined, pad = ""): string =>
  text ? `${pad}/** ${text.replaceAll("*/", "* /").replaceAll(/\s+/g, " ")} */\n` : "";

/** @param find gives what a `$ref` stands for */
export function writerOf(find: (ref: string) => Schema | undefined, overrides: Overrides): Writer {
  const under: string[] = [];

  const typeOf = (schema: Schema, name = "", depth = 0): string => {
    const given = overrides(schema, name);
    if (given !== undefined) return given;
    if (schema.$ref !== undefined) return followed(schema.$ref, name, depth);
    if ("const" in schema) return literals([schema.const]);
    if (schema.enum) return literals(schema.enum);
    const either = schema.anyOf ?? schema.oneOf;
    if (either) return [...new Set(either.map((one) => typeOf(one, name, depth)))].join(" | ");
    if (schema.allOf) return schema.allOf.map((one) => `(${typeOf(one, name, depth)})`).join(" & ");
    if (Array.isArray(schema.type))
      return schema.type.map((type) => plain({ ...schema, type }, name, depth)).join(" | ");
    return plain(schema, name, depth);
  };

  const followed = (ref: string, name: string, depth: number): string => {
    const found = find(ref);
    // A schema within itself has no end here.
    if (!found || under.includes(ref)) return "unknown";
    under.push(ref);
    const type = typeOf(found, name, depth);
    under.pop();
    return type;
  };

  const plain = (schema: Schema, name: string, depth: number): string => {
    switch (schema.type) {
      case "string":
        return schema.format === "duration" ? "Duration" : "string";
      case "number":
      case "integer":
        return "number";
      case "boolean":
        return "boolean";
      case "null":
        return "null";
      case "array": {
        const item = typeOf(schema.items ?? {}, name, depth);
        return item.includes(" | ") || item.includes(" & ") ? `(${item})[]` : `${item}[]`;
      }
      case "object":
        return objectOf(schema, [], depth);
      default:
        return schema.properties ? objectOf(schema, [], depth) : "unknown";
    }
  };

  const objectOf = (schema: Schema, first: string[], depth: number): string => {
    const { properties = {}, required = [], additionalProperties: more, exactly_one: choice } = schema;
    const pad = "  ".repeat(depth + 1);
    const open = more === true || (typeof more === "object" && more !== null);
    const moreType = typeof more === "object" ? typeOf(more, "", depth + 1) : "unknown";
    if (open && !first.length && !Object.keys(properties).length) return `Record<string, ${moreType}>`;
    const lines = [
      ...first.map((line) => `${pad}${line}`),
      ...Object.entries(properties)
        .filter(([key]) => !choice?.of.includes(key))
        .map(([key, one]) => {
          const mark = required.includes(key) ? "" : "?";
          return `${comment(one.description, pad)}${pad}${keyOf(key)}${mark}: ${typeOf(one, key, depth + 1)};`;
        }),
      ...(open ? [`${pad}[name: string]: unknown;`] : []),
    ];
    const body = lines.length ? `{\n${lines.join("\n")}\n${"  ".repeat(depth)}}` : "Record<string, never>";
    if (!choice) return body;
    const ways = choice.of.map((chosen) => {
      const options = choice.of.map((key) =>
        key === chosen ? `${keyOf(key)}: ${typeOf(properties[key] ?? {}, key, depth)}` : `${keyOf(key)}?: never`,
      );
      return `{ ${options.join("; ")} }`;
    });
    return `${body} & (${ways.join(" | ")})`;
  };

  return {
    typeOf: (schema, name) => typeOf(schema, name),
    object: (schema, first = [], depth = 0) => objectOf(schema, first, depth),
  };
}
