import { z } from "zod";
import { whyOf } from "../../automations/why";
import { decodeCursor, listQuery, mapPage, pageOf, toPage } from "../../db/list";
import { STOPS } from "../../engine/types";
import { defineRoute, ok } from "../route";
import { rfc3339, timeOut } from "../times";

const reason = z.object({
  fact: z.object({ type: z.string(), data: z.record(z.string(), z.unknown()) }),
  event_id: z.string().nullable(),
  at: timeOut,
  fired: z.boolean(),
  run_id: z.string().optional(),
  stopped_by: z.enum(STOPS).optional(),
  path: z
    .string()
    .optional()
    .meta({ description: "The condition that did not hold: a JSON pointer from /only_if on." }),
  expected: z.unknown().optional(),
  seen: z.unknown().optional(),
});

/** Why an automation ran for a user, or did not. */
export const whyRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/automations/:id/why",
    scope: "read",
    summary: "For a user's facts, newest first: that the automation started, or the first thing that stopped it.",
    query: listQuery.extend({
      user: z.string("the user is needed").min(1).max(300),
      event: z.string().max(128).optional().meta({ description: "Only what this event brought about." }),
    }),
    answers: () => ({ 200: pageOf(reason) }),
    handle: async ({ env, school, params, query }) => {
      const [seq, index] = query.cursor === undefined ? [] : decodeCursor(query.cursor, 2).map(Number);
      const { user, event, limit } = query;
      const after = seq === undefined || index === undefined ? undefined : ([seq, index] as const);
      const reasons = await whyOf(env, school, { automation: params.id, user, event, after, limit });
      const page = toPage(query, reasons, ({ place }) => place);
      return ok(
        mapPage(page, ({ place: _, eventId, at, run, fact, ...why }) => ({
          fact,
          event_id: eventId,
          at: rfc3339(at),
          fired: run !== undefined,
          ...(run === undefined ? {} : { run_id: run }),
          ...why,
        })),
      );
    },
  }),
];
