import type { z } from "zod";
import { UNHEARD } from "./by-hand";
import type { Part } from "./card";
import { CATEGORIES, type CategoryName } from "./categories";
import type { Trigger } from "./define";
import { actions, conditions, events, triggers } from "./index";
import { jsonSchemaOf } from "./json-schema";
import { kinds } from "./kinds";
import { VARIABLES } from "./messages/scope";
import { STEPS } from "./steps";

interface Entry {
  type: string;
  label: string;
  category: CategoryName;
  description: string;
  params: Record<string, unknown>;
  [more: string]: unknown;
}

const params = (schema: z.ZodType): Record<string, unknown> => jsonSchemaOf(schema, "input");

/** Everything that exists, as its cards say: the source of validation, forms and docs. */
export const catalogueDocument = () => ({
  events: [...events.values()].map(
    (one): Entry => ({
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
    (one): Entry => ({ ...card(one), makes: one.makes, ...(one.counted ? { counted: one.counted } : {}) }),
  ),
  steps: [...STEPS.values()].map(
    (kind): Entry => ({
      type: kind.type,
      label: kind.label,
      category: "flow",
      description: kind.description,
      params: params(kind.params),
      says: kind.says,
      lanes: kind.lanes,
      ...(kind.takesOneWay ? { takes_one_way: true } : {}),
      ...(kind.ends ? { ends: true } : {}),
      ...(kind.waits ? { waits: true } : {}),
    }),
  ),
  variables: VARIABLES,
  /** Facts that no trigger listens to. */
  facts: UNHEARD,
  categories: Object.entries(CATEGORIES).map(([type, category]) => ({ type, ...category })),
  /** What ids are ids of: the `picker` of an option. */
  kinds: [...kinds].map(([type, { noun }]) => ({ type, label: noun })),
});

const card = (one: Part & { params: z.ZodType; onlyWith?: readonly string[] }): Entry => ({
  type: one.type,
  label: one.label,
  category: one.category,
  description: one.description,
  params: params(one.params),
  says: one.says,
  ...(one.onlyWith ? { only_with: one.onlyWith } : {}),
});

const trigger = (one: Trigger): Entry => ({ ...card(one), ...(one.family ? { family: one.family } : {}) });
