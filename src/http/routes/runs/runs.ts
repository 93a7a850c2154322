import * as z from "zod";
import { controlRun, retryRun } from "../../../automations/runs/control";
import { getRun, listRuns, type RunRow } from "../../../automations/runs/find";
import { openObject, readJson } from "../../../base/json";
import { turnableListQuery } from "../../../db/lists/list";
import { traceOfId } from "../../../engine/identity";
import { UNDO_STEP, UNDONE } from "../../../engine/runs";
import { defineResource } from "../../resource";
import { defineRoute, ok } from "../../route";
import { rfc3339, rfc3339OrNull, timeIn, timeOut } from "../../times";

const STATUSES = ["queued", "running", "waiting", "held", "completed", "exited", "cancelled", "failed"] as const;

const storedFact = z.object({ type: z.string(), data: openObject, at: z.number() });
const storedSteps = z.array(
  z.object({
    step_id: z.string(),
    type: z.string(),
    status: z.string(),
    at: z.number(),
    round: z.int().optional(),
    detail: openObject.optional(),
  }),
);

/** A run as the contract shows one (§7). */
export const runDocument = z
  .object({
    id: z.string(),
    automation_id: z.string(),
    version: z.number().int(),
    user_id: z.string(),
    status: z.string(),
    synchronous: z.boolean(),
    trigger: z.object({ type: z.string(), data: z.record(z.string(), z.unknown()), at: timeOut }),
    event_id: z.string().nullable(),
    trace_id: z.string().meta({
      description: "W3C Trace Context: of the call that told of the event; one of its own where none did.",
    }),
    started_at: timeOut,
    ended_at: timeOut.nullable(),
    reason: z.string().optional(),
    wake_at: timeOut.optional(),
    undone: z
      .object({ at: timeOut.nullable(), by: z.string().nullable() })
      .optional()
      .meta({ description: "It was undone: when, and by whom (an email, or the id of a key); null: nobody knows." }),
    steps: z.array(
      z.object({
        step_id: z.string(),
        type: z.string(),
        status: z.string(),
        at: timeOut,
        round: z.int().optional().meta({ description: "Of a step in a repeat: which round, from 1." }),
        detail: z.record(z.string(), z.unknown()).optional(),
      }),
    ),
  })
  .meta({ component: "Run" });

/** That it was undone. Of one that was before runs noted it, only its reason says so, if it was live or had failed. */
function undoneOf({ status, reason, endedAt }: RunRow, steps: z.infer<typeof storedSteps>) {
  const note = steps.find(({ step_id }) => step_id === UNDO_STEP);
  if (!note && reason !== UNDONE) return {};
  const at = note?.at ?? (status === "exited" ? endedAt : null);
  return { undone: { at: rfc3339OrNull(at), by: typeof note?.detail?.by === "string" ? note.detail.by : null } };
}

export function toRunDocument(row: RunRow): z.infer<typeof runDocument> {
  const trigger = readJson(storedFact, row.trigger);
  const noted = readJson(storedSteps, row.steps);
  return {
    id: row.id,
    automation_id: row.automation,
    version: row.version,
    user_id: row.user,
    status: row.status,
    synchronous: row.synchronous,
    trigger: { ...trigger, at: rfc3339(trigger.at) },
    event_id: row.eventId,
    trace_id: row.trace ?? traceOfId(row.id),
    started_at: rfc3339(row.startedAt),
    ended_at: rfc3339OrNull(row.endedAt),
    ...(row.reason === null ? {} : { reason: row.reason }),
    ...(row.wakeAt === null ? {} : { wake_at: rfc3339(row.wakeAt) }),
    ...undoneOf(row, noted),
    steps: noted.filter(({ step_id }) => step_id !== UNDO_STEP).map((step) => ({ ...step, at: rfc3339(step.at) })),
  };
}

export const runListQuery = turnableListQuery.extend({
  user: z.string().max(300).optional(),
  automation: z.string().max(128).optional(),
  status: z.enum(STATUSES).optional(),
  since: timeIn.optional(),
  step: z.string().max(64).optional().meta({
    description: "Runs that came to this step. A page may hold fewer than `limit`, or none, and others still follow.",
  }),
});
/** Runs: who went through what. */
export const runRoutes = [
  ...defineResource({
    path: "/v1/runs",
    scope: "read",
    many: "runs",
    one: "a run with its steps",
    query: runListQuery,
    document: runDocument,
    list: listRuns,
    get: getRun,
    toDocument: toRunDocument,
  }),
  ...(["cancel", "skip"] as const).map((what) =>
    defineRoute({
      method: "POST",
      path: `/v1/runs/:id/${what}`,
      scope: "write",
      summary: what === "cancel" ? "End a live run." : "Let a waiting run go on now; a wait_for by its time-out.",
      audits: { what: what === "cancel" ? "run.cancelled" : "run.skipped" },
      answers: { 200: runDocument },
      handle: async ({ env, school, params }) => {
        await controlRun(env, school, await getRun(env, school.id, params.id), what);
        return ok(toRunDocument(await getRun(env, school.id, params.id)));
      },
    }),
  ),
  defineRoute({
    method: "POST",
    path: "/v1/runs/:id/retry",
    scope: "write",
    summary: "Let a failed run go on from its failed step.",
    audits: { what: "run.retried" },
    answers: { 200: runDocument },
    handle: async ({ env, school, params }) => {
      await retryRun(env, school, await getRun(env, school.id, params.id));
      return ok(toRunDocument(await getRun(env, school.id, params.id)));
    },
  }),
];
