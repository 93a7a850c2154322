import * as z from "zod";
import { OPENS, statsOf } from "../../../automations/runs/stats";
import { defineRoute, ok } from "../../route";
import { dayFigures } from "../school/days";

const count = z.int();

/** Counts of an automation's runs. */
export const statsRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/automations/:id/stats",
    scope: "read",
    summary: "Count an automation's runs by status, and what became of them at each step.",
    description: "`conversions`: how many runs reached the automation's goal while they were live, or within 30 days.",
    answers: () => ({
      200: z.object({
        runs: z.record(z.string(), count),
        conversions: count,
        opens: z.enum(OPENS).meta({
          description:
            "Whether opens and clicks are counted. `off`: settings.mail.track is, or no step sends mail. `not_told`: it is not " +
            "known who opens mails, as nobody tells the school.",
        }),
        days: z.array(dayFigures).meta({
          description: "What happened on each of the last 30 days, today the last. By the school's calendar.",
        }),
        steps: z.array(
          z.object({
            step_id: z.string(),
            entered: count,
            done: count,
            skipped: count,
            skipped_for: z.record(z.string(), count).meta({
              description:
                "How many of these for which reason, such as `no_consent`; not that it was so already, as `already_held`; of runs before it was counted none.",
            }),
            failed: count,
            waiting: count,
            exited: count,
            opened: count.optional().meta({ description: "Of mails, where `opens` is `counted`; each once." }),
            clicked: count.optional(),
            yes: count.optional(),
            no: count.optional(),
          }),
        ),
      }),
    }),
    handle: async ({ env, school, params }) => ok(await statsOf(env, school, params.id)),
  }),
];
