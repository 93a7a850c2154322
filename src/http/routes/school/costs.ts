import * as z from "zod";
import { once } from "../../../base/cache";
import { listQuery, pageOf } from "../../../db/lists/list";
import { ALL_SCHOOLS, costsOf } from "../../../schools/costs/costs";
import { getSchool, listSchools } from "../../../schools/find";
import { defineRoute, ok } from "../../route";

export const LEFT_OUT =
  "By the platform's list prices, within a tenth; processor time, duration, storage and requests that only read are not in " +
  "it, and what a plan includes is not taken off.";

/** What was used in a month, this one first. */
export const monthCosts = once(() =>
  z
    .array(
      z
        .object({
          month: z.string().meta({ description: "As `2026-11`, in UTC." }),
          events: z.int().meta({ description: "Events taken, whatever came of them." }),
          tellings: z.int().meta({ description: "How often the log was told what a learner's object had for it." }),
          runs: z.int().meta({ description: "Runs begun." }),
          deliveries: z.int().meta({ description: "Mails, webhooks, notices." }),
          dollars: z.number(),
        })
        .meta({ component: "MonthCost" }),
    )
    .meta({ description: `What was used so far this month, and in the last, and what it costs. ${LEFT_OUT}` }),
);

const schoolCosts = once(() =>
  z.object({ school_id: z.string(), name: z.string(), costs: monthCosts() }).meta({ component: "SchoolCosts" }),
);

/** What schools cost, for the platform token. */
export const costRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/costs",
    scope: "platform",
    summary: "What the schools cost so far this month and in the last, by list price: oldest school first.",
    description: `${LEFT_OUT} \`costs\` is of all together, those too that were deleted since; each day's figures are kept for 400 days.`,
    query: listQuery,
    answers: () => ({
      200: pageOf(schoolCosts()).extend({ costs: monthCosts() }),
    }),
    handle: async ({ env, query }) => {
      const schools = await listSchools(env, query);
      const costs = await costsOf(env, [ALL_SCHOOLS, ...schools.data.map(({ id }) => id)]);
      return ok({
        costs: costs.get(ALL_SCHOOLS) ?? [],
        data: schools.data.map(({ id, name }) => ({ school_id: id, name, costs: costs.get(id) ?? [] })),
        next_cursor: schools.next_cursor,
      });
    },
  }),
  defineRoute({
    method: "GET",
    path: "/v1/costs/:id",
    scope: "platform",
    summary: "The same of one school.",
    answers: () => ({ 200: schoolCosts() }),
    handle: async ({ env, params }) => {
      const { id, name } = await getSchool(env, params.id);
      return ok({ school_id: id, name, costs: (await costsOf(env, [id])).get(id) ?? [] });
    },
  }),
];
