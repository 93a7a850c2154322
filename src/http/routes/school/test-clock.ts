import * as z from "zod";
import { duration } from "../../../catalogue/options/fields";
import { endDue } from "../../../held/end";
import { settleFailures } from "../../../queue/failures";
import { moveClock } from "../../../schools/clock/clock";
import { defineRoute, ok } from "../../route";
import { rfc3339, timeIn, timeOut } from "../../times";

const body = z.union([z.strictObject({ advance: duration }), z.strictObject({ to: timeIn })]);

/** The clock of a test school. */
export const testClockRoutes = [
  defineRoute({
    method: "POST",
    path: "/v1/test-clock",
    scope: "write",
    summary: "Move a test school's clock.",
    description:
      "Everything due up to then has happened when it answers. `PT0S` settles what is queued. Where that is more than a " +
      "request may do, `more` is true and `now` is where everybody is: call again with `to` as answered, until it is not.",
    body,
    answers: () => ({ 200: z.object({ now: timeOut, more: z.literal(true).optional(), to: timeOut.optional() }) }),
    handle: async ({ env, school, body: asked }) => {
      const { now, left } = await moveClock(env, school, asked, endDue);
      await settleFailures(env, school.id);
      return ok({ now: rfc3339(now), ...(left ? { more: true as const, to: rfc3339(left.to) } : {}) });
    },
  }),
];
