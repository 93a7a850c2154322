import * as z from "zod";
import { once } from "../../base/cache";
import type { Undone } from "../../calls/undo";
import { formatInstant } from "../../catalogue/dates/time";

/* What an undo took back, or would, in answers and in the results of jobs. */

export type Told = Extract<Undone, { runs: string[] }>;

export const undoneDocument = once(() =>
  z.object({
    runs: z.array(z.string()),
    takes: z
      .array(z.object({ kind: z.string(), id: z.string(), to: z.unknown().optional() }))
      .meta({ description: "`to`: what a field, or the end of an enrolment, becomes again; null: none." }),
    stays: z.array(z.object({ kind: z.string(), id: z.string(), why: z.string() })).meta({
      description: "`why`: others, changed, merged, before_unknown, follows_rules, chained.",
    }),
    not_callable: z.array(
      z.object({
        run_id: z.string(),
        step_id: z.string(),
        type: z.string(),
        at: z.string().meta({ format: "date-time" }),
        detail: z.record(z.string(), z.unknown()).optional(),
      }),
    ),
  }),
);
export type UndoneDocument = z.input<ReturnType<typeof undoneDocument>>;

export const undoneDocumentOf = ({ not_callable, ...told }: Told): UndoneDocument => ({
  ...told,
  not_callable: not_callable.map((step) => ({ ...step, at: formatInstant(step.at) })),
});

/** Of many users. */
export const sumsDocument = once(() => {
  const count = z.int();
  return z.object({
    users: count,
    runs: count,
    takes: z.array(z.object({ kind: z.string(), count })),
    stays: z.array(z.object({ kind: z.string(), why: z.string(), count })),
    not_callable: z.array(z.object({ type: z.string(), count })),
    first: z
      .array(z.object({ user_id: z.string(), takes: count, stays: count, not_callable: count }))
      .meta({ description: "The first 100 users." }),
    more: z.literal(true).optional().meta({ description: "Of a dry run: there are more than 1,000 runs." }),
  });
});
export type Sums = z.output<ReturnType<typeof sumsDocument>>;

export const noSums = (): Sums => ({ users: 0, runs: 0, takes: [], stays: [], not_callable: [], first: [] });

const MOST_FIRST = 100;

/** Counts one more among those that are alike. */
function countOne<Counted extends { count: number }>(list: Counted[], like: Omit<Counted, "count">): void {
  const key = JSON.stringify(like);
  const same = list.find(({ count: _, ...rest }) => JSON.stringify(rest) === key);
  if (same) same.count++;
  // All but the count, and the count: that it is one again the compiler cannot say of a generic.
  else list.push({ ...like, count: 1 } as Counted);
}

export function addTo(sums: Sums, user: string, { runs, takes, stays, not_callable }: Told): void {
  sums.users++;
  sums.runs += runs.length;
  for (const { kind } of takes) countOne(sums.takes, { kind });
  for (const { kind, why } of stays) countOne(sums.stays, { kind, why });
  for (const { type } of not_callable) countOne(sums.not_callable, { type });
  if (sums.first.length < MOST_FIRST)
    sums.first.push({
      user_id: user,
      takes: takes.length,
      stays: stays.length,
      not_callable: not_callable.length,
    });
}
