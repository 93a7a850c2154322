import { pageOf, turnableListQuery } from "../../../db/lists/list";
import { userId } from "../../../users/events/event";
import { paymentRecord, paymentsOf } from "../../../users/payments";
import { defineRoute, ok } from "../../route";

/** What users paid. */
export const paymentRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/payments",
    scope: "read",
    summary: "List the payment records of a user, oldest first.",
    description: "Those of events and those that automations made, as far back as the log is kept.",
    query: turnableListQuery.extend({ user: userId }),
    refuses: ["not_found"],
    answers: () => ({ 200: pageOf(paymentRecord) }),
    handle: async ({ env, school, query: { user, ...query } }) => ok(await paymentsOf(env, school, user, query)),
  }),
];
