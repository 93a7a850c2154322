import { z } from "zod";
import { backtest } from "../../automations/backtest";
import { defineRoute, ok } from "../route";
import { rfc3339, timeOut } from "../times";

const firing = z.object({
  fact: z.object({ type: z.string(), data: z.record(z.string(), z.unknown()) }),
  event_id: z.string().nullable(),
  at: timeOut,
});

/** An automation held against what has happened. */
export const backtestRoutes = [
  defineRoute({
    method: "POST",
    path: "/v1/automations/:id/backtest",
    scope: "read",
    summary: "Count how often, and for whom, an automation would have started over the recorded facts.",
    body: z.strictObject({ days: z.int().min(1, "1 to 90 days").max(90, "1 to 90 days") }),
    answers: () => ({
      200: z.object({
        days: z.int(),
        count: z.int(),
        users: z.array(z.object({ user: z.string(), count: z.int(), facts: z.array(firing) })),
        note: z.string().nullable(),
      }),
    }),
    handle: async ({ env, school, params, body }) => {
      const { count, users, note } = await backtest(env, school, params.id, body.days);
      return ok({
        days: body.days,
        count,
        users: users.map(({ user, count: own, firings }) => ({
          user,
          count: own,
          facts: firings.map(({ fact, eventId, at }) => ({ fact, event_id: eventId, at: rfc3339(at) })),
        })),
        note,
      });
    },
  }),
];
