import type { FC } from "hono/jsx";
import { faultsOfAutomation } from "../../../../automations/check";
import { getTemplate } from "../../../../automations/templates";
import type { OptionSchema } from "../../../../definition/catalogue";
import type { Draft } from "../../../../definition/types";
import { say } from "../../../../language/say";
import { Flow } from "../../../components/flow";
import type { Ctx } from "../../../visit";
import { catalogue } from "../../../words/names";
import { wordsOf } from "../../../words/sentences/sentence";

/* What a template makes, drawn before its blanks are filled in: with something said in place of each. */

const SAMPLES: Readonly<Record<string, string>> = {
  date: "2026-01-31",
  domain: "school.example",
  email: "a@b.example",
};

/** Ids in place of those that will be chosen, by what they are called in the drawing. */
type Called = Map<string, Map<string, string>>;

function sampleOf(schema: OptionSchema, called: Called, nth = 0): unknown {
  if (schema.default !== undefined) return schema.default;
  if (schema.enum) return schema.enum[0];
  if (schema.anyOf?.[0]) return sampleOf(schema.anyOf[0], called);
  if (schema.type === "array") {
    const items = { ...schema.items, ...(schema.picker === undefined ? {} : { picker: schema.picker }) };
    return Array.from({ length: schema.minItems ?? 1 }, (_, index) => sampleOf(items, called, index));
  }
  if (schema.type === "integer" || schema.type === "number") return schema.minimum ?? 1;
  if (schema.type === "boolean") return false;
  if (schema.type === "object") return {};
  const known = SAMPLES[schema.format ?? ""];
  if (known !== undefined) return known;
  const { picker = "one" } = schema;
  const id = `chosen-${picker}-${nth}`;
  const names = called.get(picker) ?? new Map<string, string>();
  const noun = wordsOf(catalogue()).nounOf(picker);
  called.set(
    picker,
    names.set(id, nth === 0 ? say("the {noun} you choose", { noun }) : say("the next {noun}", { noun })),
  );
  return id;
}

/** The definition that a template makes when nothing but its blanks is known of. */
function exampleOf(c: Ctx, id: string, params: OptionSchema): { example: Draft; called: Called } | null {
  const template = getTemplate(id);
  if (!template) return null;
  const called: Called = new Map();
  const asked = Object.entries(params.properties ?? {}).filter(([name]) => params.required?.includes(name));
  const given = Object.fromEntries(asked.map(([name, schema]) => [name, sampleOf(schema, called)]));
  const parts = { name: template.name, ...template.build(given) };
  const { definition, ...head } = faultsOfAutomation(c.env, c.var.visit.school, parts).checked;
  // The same form; the UI's own type names its parts more loosely.
  return { example: { ...head, ...definition } as unknown as Draft, called };
}

export const TemplateDrawing: FC<{ c: Ctx; id: string; params: OptionSchema }> = ({ c, id, params }) => {
  const made = exampleOf(c, id, params);
  if (!made) return null;
  const names = Object.fromEntries([...made.called].map(([kind, ids]) => [kind, Object.fromEntries(ids)]));
  return (
    <section class="drawing" aria-label={say("What it does")} tabindex={0}>
      <Flow definition={made.example} words={wordsOf(catalogue(), names)} />
    </section>
  );
};
