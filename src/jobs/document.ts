import * as z from "zod";
import type { Env } from "../base/env";
import { Problem } from "../base/errors/errors";
import { formatInstant } from "../catalogue/dates/time";
import type { AuditEntry } from "../db/audit";
import { aboutOf, workOf } from "./kinds";
import { endOf, latelyOf } from "./pages/pace";
import { splitOf } from "./ranges/split";
import {
  askedOf,
  faultsOfJob,
  foundOfJob,
  getJob,
  isUnfinished,
  type JobRow,
  markCancelled,
  resultOfJob,
} from "./store";

const time = z.string().meta({ format: "date-time" });

/** A job in an answer. */
export const jobDocument = z.object({
  id: z.string(),
  kind: z.string(),
  about: z
    .object({ kind: z.string(), id: z.string() })
    .nullable()
    .meta({ description: "The automation, run, segment, sync, auto group or course it is about; null: no one thing." }),
  status: z.enum(["queued", "running", "done", "failed", "cancelled"]),
  done: z.int(),
  total: z.int(),
  errors: z
    .array(z.object({ line: z.int().optional(), user: z.string().optional(), message: z.string() }))
    .meta({ description: "What was passed over: lines of a file, or users. The first 1,000." }),
  count: z.int().optional().meta({ description: "Of a job that counts users: how many so far." }),
  users: z.array(z.string()).optional().meta({ description: "Who they are: the first 1,000." }),
  result: z
    .looseObject({})
    .optional()
    .meta({ description: "What it did, of a kind that answers more: as its dry run would." }),
  rate: z.number().nullable().meta({ description: "How many a second, over all of its time so far." }),
  rate_lately: z.number().nullable().meta({
    description: "How many a second in the last half a minute to a minute; null: it has not begun, or has ended.",
  }),
  ends_at: time.nullable().meta({
    description: "When it would end if it went on as lately; null where that cannot be told.",
  }),
  created_at: time,
});

export const jobDocumentOf = (row: JobRow): z.input<typeof jobDocument> => ({
  id: row.id,
  kind: row.kind,
  about: aboutOf(row.kind, askedOf(row).params),
  // Between two pages it waits its turn; for people it is under way.
  status: row.status === "queued" && row.cursor !== null ? "running" : row.status,
  done: row.done,
  total: row.total,
  errors: faultsOfJob(row),
  ...foundOfJob(row),
  ...(row.result === null ? {} : { result: resultOfJob(row) ?? {} }),
  rate: row.done > 0 ? Math.round((row.done * 10_000) / Math.max(1, row.touchedAt - row.createdAt)) / 10 : null,
  ...expected(row),
  created_at: formatInstant(row.createdAt),
});

/** How fast it goes, and when it would be done. Of how many there are in all a job in ranges tells once all are found. */
function expected(row: JobRow): Pick<z.input<typeof jobDocument>, "rate_lately" | "ends_at"> {
  if (!isUnfinished(row.status)) return { rate_lately: null, ends_at: null };
  const now = Date.now();
  const endsAt = splitOf(row)?.isOver === false ? null : endOf(row, now);
  return { rate_lately: latelyOf(row, now), ends_at: endsAt === null ? null : formatInstant(endsAt) };
}

/** Stops a job; what it did stays. 409 when it has ended, or takes away what must not stay half taken away. */
export async function cancelJob(env: Env, school: string, id: string, entry: AuditEntry | null): Promise<JobRow> {
  const row = await getJob(env, school, id);
  if (workOf(row.kind, askedOf(row).params)?.cancellable === false) {
    throw new Problem("conflict", "What this job takes away is gone already: it goes on to the end.");
  }
  return markCancelled(env, school, id, entry);
}
