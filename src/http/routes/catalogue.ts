import { z } from "zod";
import { actions, conditions, events, triggers } from "../../catalogue";
import { VARIABLES } from "../../catalogue/messages/scope";
import { STEPS } from "../../catalogue/steps";
import { jsonSchemaOf } from "../openapi";
import { defineRoute, ok } from "../route";

interface Entry {
  type: string;
  label: string;
  category: string;
  description: string;
  params: Record<string, unknown>;
  [more: string]: unknown;
}

const entry = z.looseObject({ type: z.string(), label: z.string() });
const catalogueDocument = z.object({
  events: z.array(entry),
  triggers: z.array(entry),
  conditions: z.array(entry),
  actions: z.array(entry),
  steps: z.array(entry),
  variables: z.array(entry),
});

const params = (schema: z.ZodType): Record<string, unknown> => jsonSchemaOf(schema, "input");

/** Everything that exists, as its cards say: the source of validation, forms and docs. */
export const catalogue = () => ({
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
  steps: Object.entries(STEPS).map(
    ([type, step]): Entry => ({
      type,
      label: step.label,
      category: "flow",
      description: step.description,
      params: params(step.params),
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

let made: ReturnType<typeof catalogue> | undefined;

/** What there is to build automations of. */
export const catalogueRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/catalogue",
    scope: "read",
    summary: "Every event, trigger, condition, action and step, with its parameters.",
    answers: { 200: catalogueDocument.loose() },
    handle: () => {
      made ??= catalogue();
      return ok({ ...made, variables: [...made.variables] });
    },
  }),
];
