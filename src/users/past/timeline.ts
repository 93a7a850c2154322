import * as z from "zod";
import type { Env } from "../../base/env";
import type { JournalEntry } from "../../calls/shape";
import { formatInstant } from "../../catalogue/dates/time";
import { decodeCursor, encodeCursor, type ListPage, type ListQuery, mapPage, toPage } from "../../db/lists/list";
import type { JournalFact } from "../../engine/types";
import type { School } from "../../world/snapshot";
import { readUser } from "../change";
import { timelineIn } from "./past";

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

/** The cursor of the timeline, newest first, back from a moment. */
export const timelineFrom = (at: number): string => encodeCursor([`${Number.MAX_SAFE_INTEGER}-0`, at]);

/** A page of what happened to a user, in the order of time: each fact, and each run that it started. */
export async function timelineOf(
  env: Env,
  school: School,
  id: string,
  query: ListQuery,
): Promise<ListPage<TimelineEntry>> {
  await readUser(env, school, id);
  const isDescending = query.order === "desc";
  const cursor = query.cursor === undefined ? null : decodeCursor(query.cursor, 2);
  const last = cursor && String(cursor[0]);
  // The entry of the last that was shown may have more to show.
  const from = last === null ? null : { at: Number(cursor?.[1]), seq: Number(/^-?\d+/.exec(last)?.[0]) };
  const range = { from, newestFirst: isDescending, most: query.limit + 2 };
  const found: { entry: TimelineEntry; at: number }[] = [];
  let isShown = last !== null;
  for await (const entries of timelineIn(env, school, id, range)) {
    for (const entry of entries) {
      const shown = isDescending ? shownOf(entry).reverse() : shownOf(entry);
      // Of an entry that is there no more nothing was left to show.
      if (isShown && from?.seq !== entry.seq) isShown = false;
      const begin = isShown ? shown.findIndex((one) => one.id === last) + 1 : 0;
      isShown = false;
      found.push(...shown.slice(begin).map((one) => ({ entry: one, at: entry.at })));
    }
    if (found.length > query.limit) break;
  }
  return mapPage(
    toPage(query, found, ({ entry, at }) => [entry.id, at]),
    ({ entry }) => entry,
  );
}

const shownOf = ({ seq, at, eventId, facts }: JournalEntry): TimelineEntry[] =>
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
  ]);
