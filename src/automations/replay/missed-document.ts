import { z } from "zod";
import { once } from "../../base/cache";
import type { Missed } from "../../calls/what-if";
import { formatInstant } from "../../catalogue/time";
import { STOPS } from "../../engine/types";

const time = () => z.string().meta({ format: "date-time" });

/** Who should have run and did not, as a job answers it. */
export const missedDocument = once(() =>
  z.object({
    days: z.int(),
    count: z.int().meta({ description: "How many it is, or was started for." }),
    users: z
      .array(
        z.object({
          user: z.string(),
          fact: z.object({ type: z.string(), data: z.record(z.string(), z.unknown()) }),
          event_id: z.string().nullable(),
          at: time().meta({ description: "When it would have started." }),
          stopped_by: z.enum(STOPS).optional(),
          path: z.string().optional(),
          expected: z.unknown().optional(),
          seen: z.unknown().optional(),
        }),
      )
      .meta({
        description: "Each with the last fact that it missed, and what kept it from starting then: the first 1,000.",
      }),
    note: z.string().nullable(),
  }),
);
export type MissedDocument = z.output<ReturnType<typeof missedDocument>>;

const MOST_USERS = 1_000;
const MOST_CHARACTERS = 400_000;
const SHORT = "Not all of them are told of.";

export const noneMissed = (days: number): MissedDocument => ({ days, count: 0, users: [], note: null });

export function withMissed(before: MissedDocument, answers: readonly { user: string; told: Missed }[]): MissedDocument {
  const users = [...before.users];
  let room = MOST_CHARACTERS - JSON.stringify(users).length;
  let { note } = before;
  for (const { user, told } of answers) {
    const { type, data, eventId } = told.fact;
    const one = { user, fact: { type, data }, event_id: eventId, at: formatInstant(told.at), ...told.why };
    room -= JSON.stringify(one).length;
    if (room < 0 || users.length === MOST_USERS) note = SHORT;
    else users.push(one);
  }
  return { ...before, count: before.count + answers.length, users, note };
}
