import * as z from "zod";
import { automationEver } from "../../../automations/ever";
import { comingSaid, waitSaid } from "../../../automations/why/coming-said";
import { whyOf } from "../../../automations/why/why";
import { decodeCursor, listQuery, mapPage, pageOf, toPage } from "../../../db/lists/list";
import { STOPS } from "../../../engine/types";
import { defineRoute, ok } from "../../route";
import { rfc3339, rfc3339OrNull, timeOut } from "../../times";

const reason = z.object({
  fact: z.object({ type: z.string(), data: z.record(z.string(), z.unknown()) }),
  event_id: z.string().nullable(),
  at: timeOut,
  fired: z.boolean(),
  run_id: z.string().optional(),
  stopped_by: z.enum(STOPS).optional(),
  path: z.string().optional().meta({
    description: "What did not hold: a JSON pointer from /only_if on, or to a trigger, in the version of that moment.",
  }),
  expected: z.unknown().optional(),
  seen: z.unknown().optional(),
});

const says = z.string().meta({ description: "The same in words." });
const params = z.record(z.string(), z.unknown());

/** What comes by itself if nothing else happens. */
const coming = z.object({
  path: z.string().meta({ description: "The trigger: a JSON pointer." }),
  type: z.string(),
  about: z.string().optional().meta({ description: "The course or subscription." }),
  from: timeOut.meta({ description: "From when it is counted: the last visit, or what `counted` names." }),
  counted: z.enum(["visit", "registration", "enrolment", "trial", "date"]),
  at: timeOut.nullable().meta({ description: "When it would start; null: it would not." }),
  why: z.enum(["told", "before_active", "inactive", "deleted"]).optional(),
  says,
});

/** What a run is waiting for. */
const waiting = z.object({
  run_id: z.string(),
  step_id: z.string(),
  type: z.string(),
  since: timeOut,
  until: timeOut.nullable().meta({ description: "Null: that is over, and it is held." }),
  event: z.object({ type: z.string(), params }).optional().meta({ description: "The fact that ends it before." }),
  held: z.enum(["paused", "inactive", "deleted"]).optional().meta({
    description:
      "What holds it, as that is now; where `until` is not over: once it is. `deleted`: it is to be deleted.",
  }),
  says,
});

const since = timeOut.nullable().meta({
  description: "From when on it is known what happened to the user; null: from the beginning.",
});

/** Why an automation ran for a user, or did not. */
export const whyRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/automations/:id/why",
    scope: "read",
    summary: "For a user's facts, newest first: that the automation started, or the first thing that stopped it.",
    finds: ({ env, school, params }) => automationEver(env, school.id, params.id),
    query: listQuery.extend({
      user: z.string("the user is needed").min(1).max(300),
      event: z.string().max(128).optional().meta({ description: "Only what this event brought about." }),
    }),
    description:
      "What nothing was written down of is judged by the version of its moment, on the user as they were then; one that is " +
      "deleted answers by the versions that are kept. Of what another lived who was merged into the user no `seen` is said " +
      "where a trigger looks at the learner. `coming`: " +
      "what time alone will bring about; `waiting`: what its live runs of the user wait for.",
    answers: () => ({ 200: pageOf(reason).extend({ coming: z.array(coming), waiting: z.array(waiting), since }) }),
    handle: async ({ env, school, params, query }) => {
      const [at = 0, seq = 0, index = 0] = query.cursor === undefined ? [] : decodeCursor(query.cursor, 3).map(Number);
      const { user, event, limit } = query;
      const after = query.cursor === undefined ? undefined : { at, place: [seq, index] as const };
      const told = await whyOf(env, school, { automation: params.id, user, event, after, limit });
      const page = toPage(query, told.reasons, ({ at, place }) => [at, ...place]);
      const zone = school.settings.timezone;
      return ok({
        ...mapPage(page, ({ place: _, eventId, at, run, fact: { type, data }, ...why }) => ({
          fact: { type, data },
          event_id: eventId,
          at: rfc3339(at),
          fired: run !== undefined,
          ...(run === undefined ? {} : { run_id: run }),
          ...why,
        })),
        coming: told.coming.map((one) => ({
          ...one,
          from: rfc3339(one.from),
          at: rfc3339OrNull(one.at),
          says: comingSaid(one, zone),
        })),
        since: rfc3339OrNull(told.since),
        waiting: told.waiting.map(({ run, step, ...one }) => ({
          run_id: run,
          step_id: step,
          ...one,
          since: rfc3339(one.since),
          until: rfc3339OrNull(one.until),
          says: waitSaid({ run, step, ...one }, zone),
        })),
      });
    },
  }),
];
