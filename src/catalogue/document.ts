import type { z } from "zod";
import { actions, conditions, events, triggers } from "./index";
import { jsonSchemaOf } from "./json-schema";
import { VARIABLES } from "./messages/scope";
import { STEPS } from "./steps";

interface Entry {
  type: string;
  label: string;
  category: string;
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
  triggers: [...triggers.values()].filter((one) => !one.listening).map(card),
  /** Triggers that only exit_when and wait_for may name. */
  listeners: [...triggers.values()].filter((one) => one.listening).map(card),
  conditions: [...conditions.values()].map(card),
  actions: [...actions.values()].map((one): Entry => ({ ...card(one), makes: one.makes })),
  steps: [...STEPS.values()].map(
    (kind): Entry => ({
      type: kind.type,
      label: kind.label,
      category: "flow",
      description: kind.description,
      params: params(kind.params),
      lanes: kind.lanes,
      ...(kind.takesOneWay ? { takes_one_way: true } : {}),
      ...(kind.ends ? { ends: true } : {}),
      ...(kind.waits ? { waits: true } : {}),
    }),
  ),
  variables: VARIABLES,
});

const card = (one: {
  type: string;
  label: string;
  category: string;
  description: string;
  params: z.ZodType;
  onlyWith?: readonly string[];
}): Entry => ({
  type: one.type,
  label: one.label,
  category: one.category,
  description: one.description,
  params: params(one.params),
  ...(one.onlyWith ? { only_with: one.onlyWith } : {}),
});
