import type { JsonSchema } from "../../catalogue/options/json-schema";
import { isRecord } from "../../definition/types";

/*
 * The schemas of a document that have names. What a schema's meta calls `component` stands there once, and is referred to;
 * what our own forms read of a schema (`picker`, `widget` …) leaves it as an extension, `x-picker`.
 */

const KEYWORDS = new Set(
  (
    "$ref $defs $id $comment type enum const title description default deprecated readOnly writeOnly examples format " +
    "pattern minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength items prefixItems contains " +
    "minItems maxItems uniqueItems properties patternProperties additionalProperties propertyNames required " +
    "minProperties maxProperties allOf anyOf oneOf not if then else discriminator contentEncoding contentMediaType"
  ).split(" "),
);
/** Under these stand names, and schemas behind them. */
const MAPS = new Set(["properties", "patternProperties"]);
/** Under these stand values, not schemas. */
const VALUES = new Set(["default", "const", "enum", "examples", "required", "discriminator", "type"]);

export const refTo = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

/** What a widget of a form stands for. */
const WIDGETS: Record<string, JsonSchema> = {
  steps: { type: "array", items: refTo("Step"), maxItems: 100, default: [] },
  trigger: refTo("Listened"),
  condition: refTo("Condition"),
};

export class Components {
  readonly schemas: Record<string, JsonSchema> = {};

  /** Gives a schema a name; the one of that name stays where there is one. */
  name(name: string, schema: JsonSchema): JsonSchema {
    this.schemas[name] ??= schema;
    return refTo(name);
  }

  /**
   * A schema as it stands in the document.
   * @param at names what it defines inside itself, by where it stands
   */
  place(schema: JsonSchema, at: string): JsonSchema {
    const { $defs, ...root } = schema;
    const defined = Object.entries(isRecord($defs) ? $defs : {});
    const usesRoot = JSON.stringify(root).includes('"$ref":"#"');
    const names: Names = new Map([
      ["#", at],
      ...defined.map(([key, one]) => [`#/$defs/${key}`, nameOf(one, at, key)] as const),
    ]);
    for (const [key, definition] of defined) {
      const { component: _, ...named } = isRecord(definition) ? definition : {};
      this.name(nameOf(definition, at, key), this.walk(named, names));
    }
    const placed = this.walk(root, names);
    return usesRoot ? this.name(at, placed) : placed;
  }

  private walk(part: unknown, names: Names): JsonSchema {
    // What is no object here is true or false, which are schemas too.
    if (!isRecord(part)) return part as unknown as JsonSchema;
    const { component, secret, ...rest } = spelledOut(part);
    const widget = typeof rest.widget === "string" ? WIDGETS[rest.widget] : undefined;
    if (widget && this.schemas.Step) return rest.title ? { title: rest.title, ...widget } : widget;
    const placed: JsonSchema = secret === true ? { writeOnly: true } : {};
    for (const [key, value] of Object.entries(rest)) {
      if (key === "$ref" && typeof value === "string")
        placed.$ref = `#/components/schemas/${names.get(value) ?? value}`;
      else if (VALUES.has(key)) placed[key] = value;
      else if (MAPS.has(key) && isRecord(value))
        placed[key] = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, this.walk(one, names)]));
      else if (!KEYWORDS.has(key)) placed[`x-${key.replaceAll("_", "-")}`] = value;
      else if (Array.isArray(value)) placed[key] = value.map((one) => this.walk(one, names));
      else placed[key] = isRecord(value) ? this.walk(value, names) : value;
    }
    return typeof component === "string" ? this.called(component, placed) : placed;
  }

  /** What goes in under a name and what comes out under it may differ: then the latter has a name of its own. */
  private called(name: string, schema: JsonSchema): JsonSchema {
    const known = this.schemas[name];
    if (!known || BUILT.has(name) || JSON.stringify(known) === JSON.stringify(schema)) return this.name(name, schema);
    return this.name(`${name}Answer`, schema);
  }
}

/** Made of the catalogue's cards, whatever a route says of them. */
export const BUILT = new Set(["Trigger", "Listened", "Condition", "Step", "Event"]);

/** What references within a schema lead to. */
type Names = ReadonlyMap<string, string>;

const nameOf = (definition: unknown, at: string, key: string): string =>
  isRecord(definition) && typeof definition.component === "string" ? definition.component : `${at}_${key}`;

/** A record whose keys are all named has them as properties. */
function spelledOut(schema: Record<string, unknown>): Record<string, unknown> {
  const { propertyNames: keys, additionalProperties: value, ...rest } = schema;
  if (!isRecord(keys) || !Array.isArray(keys.enum) || !isRecord(value)) return schema;
  return { ...rest, properties: Object.fromEntries(keys.enum.map((key) => [key, value])), additionalProperties: false };
}
