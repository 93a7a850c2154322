import type { z } from "zod";
import type { Catalogue, CatalogueEntry, OptionSchema } from "../definition/catalogue";
import type { Part } from "./card";
import { CATEGORIES } from "./categories";
import type { Trigger } from "./define";
import { UNHEARD } from "./facts/by-hand";
import { actions, conditions, events, triggers } from "./index";
import { kinds } from "./kinds";
import { VARIABLES } from "./messages/scope";
import { jsonSchemaOf } from "./options/json-schema";
import { STEPS } from "./steps";

/** What zod writes is JSON Schema, and its extension keys are those that `meta.ts` takes. */
const params = (schema: z.ZodType): OptionSchema => jsonSchemaOf(schema, "input") as OptionSchema;

/** Everything that exists, as its cards say: the source of validation, forms and docs. */
export const catalogueDocument = (): Catalogue => ({
  events: [...events.values()].map(
    (one): CatalogueEntry => ({
      type: one.type,
      label: one.label,
      category: "events",
      description: one.description,
      params: params(one.data),
      browser: one.browser,
    }),
  ),
  triggers: [...triggers.values()].filter((one) => !one.listening).map(trigger),
  /** Triggers that only exit_when and wait_for may name. */
  listeners: [...triggers.values()].filter((one) => one.listening).map(trigger),
  conditions: [...conditions.values()].map(card),
  actions: [...actions.values()].map(
    (one): CatalogueEntry => ({ ...card(one), makes: one.makes, ...(one.counted ? { counted: one.counted } : {}) }),
  ),
  steps: [...STEPS.values()].map(
    (kind): CatalogueEntry => ({
      type: kind.type,
      label: kind.label,
      ...(kind.also ? { also: kind.also } : {}),
      category: "flow",
      description: kind.description,
      params: params(kind.params),
      says: kind.says,
      lanes: kind.lanes,
      ...(kind.takesOneWay ? { takes_one_way: true } : {}),
      ...(kind.repeats ? { repeats: true } : {}),
      ...(kind.ends ? { ends: true } : {}),
      ...(kind.waits ? { waits: true } : {}),
    }),
  ),
  variables: VARIABLES,
  /** Facts that no trigger listens to. */
  facts: UNHEARD,
  categories: Object.entries(CATEGORIES).map(([type, { label, icon }]) => ({ type, label, icon })),
  /** What ids are ids of: the `picker` of an option. */
  kinds: [...kinds].map(([type, { noun }]) => ({ type, label: noun })),
});

const card = (one: Part & { params: z.ZodType; onlyWith?: readonly string[] }): CatalogueEntry => ({
  type: one.type,
  label: one.label,
  ...(one.also ? { also: one.also } : {}),
  category: one.category,
  description: one.description,
  params: params(one.params),
  says: one.says,
  ...(one.onlyWith ? { only_with: one.onlyWith } : {}),
});

const trigger = (one: Trigger): CatalogueEntry => ({
  ...card(one),
  ...(one.family ? { family: one.family } : {}),
  ...(one.starting ? { starting: true } : {}),
});
