import * as z from "zod";
import { catalogueDocument } from "../../../catalogue/document";
import { variablesOf } from "../../../catalogue/messages/scope";
import { pageOf } from "../../../db/lists/list";
import { offeredFields } from "../../../segments/find";
import { defineRoute, ok } from "../../route";

const entry = z.looseObject({ type: z.string(), label: z.string() });
const answer = z.object({
  events: z.array(entry),
  triggers: z.array(entry),
  conditions: z.array(entry),
  actions: z.array(entry),
  steps: z.array(entry),
  variables: z.array(entry),
  facts: z.array(entry),
  categories: z.array(entry),
  kinds: z.array(entry),
});

let made: ReturnType<typeof catalogueDocument> | undefined;

/** What there is to build automations of. */
export const catalogueRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/catalogue",
    scope: "read",
    summary: "Every event, trigger, condition, action and step, with its parameters.",
    answers: { 200: answer.loose() },
    handle: () => {
      made ??= catalogueDocument();
      return ok({ ...made, variables: [...made.variables], facts: [...made.facts] });
    },
  }),
  defineRoute({
    method: "GET",
    path: "/v1/variables",
    scope: "read",
    summary: "What messages may name, with the fields that the school has declared.",
    description: "An open name ends in `<data>`: `event.<data>` is whatever the event brought.",
    answers: () => ({ 200: pageOf(z.object({ type: z.string(), label: z.string() })) }),
    handle: async ({ env, school }) =>
      ok({
        data: variablesOf(await offeredFields(env, school.id), school.settings.mail_pieces),
        next_cursor: null,
      }),
  }),
];
