import { z } from "zod";
import type { Env } from "../base/env";
import { userObject } from "../calls/stub";
import { formatInstant } from "../catalogue/time";
import type { JournalFact } from "../engine/types";
import type { School } from "../world/snapshot";
import { readUser } from "./change";

const time = z.string().meta({ format: "date-time" });
const entry = { id: z.string(), at: time, event_id: z.string().nullable() };

/** A fact of a user, or a run that one started. */
export const timelineEntry = z.discriminatedUnion("kind", [
  z.object({
    ...entry,
    kind: z.literal("fact"),
    type: z.string(),
    data: z.record(z.string(), z.unknown()),
    quiet: z.literal(true).optional(),
    run_id: z.string().optional().meta({ description: "The run that made it." }),
    by: z.object({ by: z.string(), id: z.string().nullable() }).optional().meta({
      description:
        "What else made it, where that was no event: a rule, sync, auto group, bundle, import, a hand, time.",
    }),
  }),
  z.object({ ...entry, kind: z.literal("run"), run_id: z.string(), automation_id: z.string() }),
]);
export type TimelineEntry = z.output<typeof timelineEntry>;

const madeBy = ({ by }: JournalFact) => (by?.by === "run" && by.id !== null ? { run_id: by.id } : by ? { by } : {});

/** What happened to a user, oldest first: each fact, and each run that it started. */
export async function timelineOf(env: Env, school: School, id: string): Promise<TimelineEntry[]> {
  await readUser(env, school, id);
  const journal = await userObject(env, school, id).journal();
  return journal.flatMap(({ seq, at, eventId, facts }) =>
    facts.flatMap((fact, index): TimelineEntry[] => [
      {
        id: `${seq}-${index}`,
        at: formatInstant(fact.at),
        kind: "fact",
        event_id: eventId,
        type: fact.type,
        data: fact.data,
        ...(fact.quiet ? { quiet: true } : {}),
        ...madeBy(fact),
      },
      ...fact.decisions.flatMap(({ automation, run }, n): TimelineEntry[] =>
        run === undefined
          ? []
          : [
              {
                id: `${seq}-${index}-${n}`,
                // A fact that time alone brought about is later than the call in which its time was let pass.
                at: formatInstant(Math.max(at, fact.at)),
                kind: "run",
                event_id: eventId,
                run_id: run,
                automation_id: automation,
              },
            ],
      ),
    ]),
  );
}
