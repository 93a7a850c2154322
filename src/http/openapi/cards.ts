import type { JsonSchema } from "../../catalogue/options/json-schema";
import { CUSTOM_PREFIX, custom } from "../../catalogue/tracking/events";
import type { OptionSchema } from "../../definition/catalogue";
import { type Components, refTo } from "./components";
import { exampleOf } from "./example";

/*
 * A type for each card, and a choice among them by `type`: what generators make of it tells one trigger from another.
 */

/** An entry of the catalogue, as the documents show it. */
export interface ShownCard {
  type: string;
  label?: string | undefined;
  category?: string | undefined;
  description?: string | undefined;
  params?: object | undefined;
}

export type ShownCatalogue = Partial<
  Record<"events" | "triggers" | "listeners" | "conditions" | "actions" | "steps" | "variables", readonly ShownCard[]>
>;

/** `tag.added`, `Trigger` → `TagAddedTrigger`. */
export const componentOf = (type: string, kind: string): string =>
  type
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("") + kind;

const stepId = {
  type: "string",
  pattern: "^[A-Za-z0-9_]{1,64}$",
  description: "Unique in the automation; kept over edits.",
};
const onError = { type: "string", enum: ["continue", "stop"], default: "continue" };

export function nameCards(components: Components, catalogue: ShownCatalogue, eventUser: JsonSchema | null): void {
  const { triggers = [], listeners = [], conditions = [], actions = [], steps = [], events = [] } = catalogue;
  if (!steps.length) return;
  // There before any card refers to it.
  for (const name of ["Step", "Condition", "Listened", "Trigger"]) components.name(name, {});
  const cards = (kind: string, of: readonly ShownCard[], more: Record<string, JsonSchema> = {}) =>
    of.map((card) => {
      const name = componentOf(card.type, kind);
      components.name(name, cardSchema(components, card, name, more));
      return [card.type, name] as const;
    });
  const asTriggers = cards("Trigger", triggers);
  const asListened = [...asTriggers, ...cards("Trigger", listeners)];
  const asSteps = [
    ...cards("Action", actions, { id: stepId, on_error: onError }),
    ...cards("Step", steps, { id: stepId }),
  ];
  const asConditions = cards("Condition", conditions);
  const { schemas } = components;
  schemas.Trigger = choice("What starts a run.", asTriggers);
  schemas.Listened = choice("What a run waits for, or ends by.", asListened);
  schemas.Step = choice("An action, or a kind of step.", asSteps);
  schemas.CardCondition = choice("A condition of the catalogue.", asConditions);
  const several = { type: "array", items: refTo("Condition"), minItems: 1 };
  components.name("AllConditions", group("all", several));
  components.name("AnyCondition", group("any", several));
  components.name("NotCondition", group("not", refTo("Condition")));
  schemas.Condition = {
    description: "One condition, or `all`, `any` and `not` of others, nested up to 5 deep.",
    anyOf: ["CardCondition", "AllConditions", "AnyCondition", "NotCondition"].map(refTo),
  };
  nameEvents(components, events, eventUser);
}

const group = (name: string, schema: JsonSchema): JsonSchema => ({
  type: "object",
  properties: { [name]: schema },
  required: [name],
  additionalProperties: false,
});

function cardSchema(
  components: Components,
  card: ShownCard,
  name: string,
  more: Record<string, JsonSchema>,
): JsonSchema {
  // The catalogue's params are such schemas.
  const params = components.place({ ...(card.params ?? { type: "object" }) } as JsonSchema, name);
  const { properties = {}, required = [] } = params as { properties?: Record<string, JsonSchema>; required?: string[] };
  return {
    ...params,
    type: "object",
    ...(card.label ? { title: card.label } : {}),
    ...(card.description ? { description: card.description } : {}),
    properties: { type: { type: "string", const: card.type }, ...more, ...properties },
    // What has a default may be left out, and nothing but `type` tells one from another.
    required: ["type", ...required],
    examples: [{ type: card.type, ...exampleOf((card.params ?? {}) as OptionSchema) }],
  };
}

const choice = (description: string, cards: readonly (readonly [type: string, name: string])[]): JsonSchema => ({
  description,
  oneOf: cards.map(([, name]) => refTo(name)),
  discriminator: {
    propertyName: "type",
    mapping: Object.fromEntries(cards.map(([type, name]) => [type, `#/components/schemas/${name}`])),
  },
});

const CUSTOM = custom.type;

function nameEvents(components: Components, events: readonly ShownCard[], user: JsonSchema | null): void {
  const named = events.map((card) => {
    const isCustom = card.type === CUSTOM;
    const name = isCustom ? "CustomEvent" : componentOf(card.type, "Event");
    const example = exampleOf((card.params ?? {}) as OptionSchema);
    components.name(name, {
      type: "object",
      ...(card.label ? { title: card.label } : {}),
      ...(card.description ? { description: card.description } : {}),
      properties: {
        id: {
          type: "string",
          minLength: 1,
          maxLength: 128,
          description: "The sender's: a second time changes nothing.",
        },
        type: isCustom
          ? { type: "string", pattern: `^${CUSTOM_PREFIX.replace(".", "\\.")}[a-z0-9_]{1,64}$` }
          : { type: "string", const: card.type },
        user: user ? refTo("EventUser") : { type: "object" },
        data: components.place({ ...(card.params ?? { type: "object" }) } as JsonSchema, name),
        occurred_at: { type: "string", format: "date-time" },
      },
      required: ["type"],
      additionalProperties: false,
      examples: [
        {
          type: isCustom ? `${CUSTOM_PREFIX}badge_earned` : card.type,
          user: { id: "anna" },
          ...(Object.keys(example).length ? { data: example } : {}),
        },
      ],
    });
    return [card.type, name] as const;
  });
  if (user) components.name("EventUser", user);
  components.name(
    "KnownEvent",
    choice(
      "An event of the catalogue.",
      named.filter(([type]) => type !== CUSTOM),
    ),
  );
  components.name("Event", {
    description: "Something that happened to a user.",
    anyOf: [refTo("KnownEvent"), refTo("CustomEvent")],
  });
}
