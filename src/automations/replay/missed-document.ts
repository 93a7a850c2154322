import * as z from "zod";
import { once } from "../../base/cache";
import type { Missed } from "../../calls/what-if";
import { formatInstant } from "../../catalogue/dates/time";
import { STOPS } from "../../engine/types";
import { notes, nothingBefore, TOOK_OVER } from "./notes";

const time = () => z.string().meta({ format: "date-time" });

/** Who should have run and did not, as a job answers it. */
export const missedDocument = once(() =>
  z.object({
    days: z.int(),
    /** Not in what a release before kept. */
    since: time().optional().meta({ description: "From when on it holds for everybody." }),
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

export const noneMissed = (days: number, since: number): MissedDocument => ({
  ...{ days, since: formatInstant(since), count: 0, users: [], note: null },
});

/** @param asked since when the days began, ms */
export function withMissed(
  before: MissedDocument,
  asked: number,
  answers: readonly { user: string; told: Missed }[],
): MissedDocument {
  const users = [...before.users];
  let room = MOST_CHARACTERS - JSON.stringify(users).length;
  let { count, note } = before;
  let since = before.since === undefined ? asked : Date.parse(before.since);
  let [isShort, tookOver] = [note?.includes(SHORT) ?? false, note?.includes(TOOK_OVER) ?? false];
  for (const { user, told } of answers) {
    since = Math.max(since, told.since);
    tookOver ||= told.tookOver;
    if (!told.missed) continue;
    count++;
    const { fact, at, why } = told.missed;
    const { type, data, eventId } = fact;
    const one = { user, fact: { type, data }, event_id: eventId, at: formatInstant(at), ...why };
    room -= JSON.stringify(one).length;
    if (room < 0 || users.length === MOST_USERS) isShort = true;
    else users.push(one);
  }
  note = notes([since > asked && nothingBefore(since), tookOver && TOOK_OVER, isShort && SHORT]);
  return { ...before, since: formatInstant(since), count, users, note };
}
