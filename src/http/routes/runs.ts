import { and, eq, gte, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { controlRun, retryRun } from "../../automations/control";
import type { Env } from "../../base/env";
import { notFound } from "../../base/errors";
import { readJson } from "../../base/json";
import { database } from "../../db/client";
import { after, encodeCursor, inOrder, type Page, pageOf, toPage, turnableListQuery } from "../../db/list";
import { runs } from "../../db/schema";
import { defineRoute, ok } from "../route";
import { rfc3339, rfc3339OrNull, timeIn, timeOut } from "../times";

const STATUSES = ["queued", "running", "waiting", "held", "completed", "exited", "cancelled", "failed"] as const;

const storedFact = z.object({ type: z.string(), data: z.record(z.string(), z.unknown()), at: z.number() });
const storedSteps = z.array(
  z.object({
    step_id: z.string(),
    type: z.string(),
    status: z.string(),
    at: z.number(),
    detail: z.record(z.string(), z.unknown()).optional(),
  }),
);

/** A run as the contract shows one (§7). */
export const runDocument = z.object({
  id: z.string(),
  automation_id: z.string(),
  version: z.number().int(),
  user_id: z.string(),
  status: z.string(),
  synchronous: z.boolean(),
  trigger: z.object({ type: z.string(), data: z.record(z.string(), z.unknown()), at: timeOut }),
  event_id: z.string().nullable(),
  started_at: timeOut,
  ended_at: timeOut.nullable(),
  reason: z.string().optional(),
  wake_at: timeOut.optional(),
  steps: z.array(
    z.object({
      step_id: z.string(),
      type: z.string(),
      status: z.string(),
      at: timeOut,
      detail: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
});

type Row = typeof runs.$inferSelect;

export function toRunDocument(row: Row): z.infer<typeof runDocument> {
  const trigger = readJson(storedFact, row.trigger);
  return {
    id: row.id,
    automation_id: row.automation,
    version: row.version,
    user_id: row.user,
    status: row.status,
    synchronous: row.synchronous,
    trigger: { ...trigger, at: rfc3339(trigger.at) },
    event_id: row.eventId,
    started_at: rfc3339(row.startedAt),
    ended_at: rfc3339OrNull(row.endedAt),
    ...(row.reason === null ? {} : { reason: row.reason }),
    ...(row.wakeAt === null ? {} : { wake_at: rfc3339(row.wakeAt) }),
    steps: readJson(storedSteps, row.steps).map((step) => ({ ...step, at: rfc3339(step.at) })),
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
type RunListQuery = z.infer<typeof runListQuery>;

const KEY = [runs.id];

/** How many runs a page looks through for a step: which steps a run came to is in no index. */
const LOOKED_MOST = 5_000;

/** A page of runs. */
export async function runList(
  env: Env,
  school: string,
  query: RunListQuery,
): Promise<Page<z.infer<typeof runDocument>>> {
  const where = and(
    eq(runs.school, school),
    query.user === undefined ? undefined : eq(runs.user, query.user),
    query.automation === undefined ? undefined : eq(runs.automation, query.automation),
    query.status === undefined ? undefined : eq(runs.status, query.status),
    query.since === undefined ? undefined : gte(runs.startedAt, query.since),
    after(query, KEY),
  );
  if (query.step !== undefined) return runsAtStep(env, school, { ...query, step: query.step }, where);
  const rows = await database(env.DB)
    .select()
    .from(runs)
    .where(where)
    .orderBy(...inOrder(query, KEY))
    .limit(query.limit + 1);
  return toPage(query, rows, (row) => [row.id], toRunDocument);
}

/** Of the next runs, those that came to a step; where not all were looked through, the cursor goes on behind them. */
async function runsAtStep(
  env: Env,
  school: string,
  query: RunListQuery & { step: string },
  where: SQL | undefined,
): Promise<Page<z.infer<typeof runDocument>>> {
  const db = database(env.DB);
  const order = inOrder(query, KEY);
  // By its key the whole school would be read for one automation's runs.
  const index = query.automation === undefined ? undefined : sql` indexed by runs_by_automation`;
  const looked = sql`select ${runs.id} as id from ${runs}${index} where ${where} order by ${sql.join(order, sql`, `)} limit ${LOOKED_MOST}`;
  const [rows, [end]] = await db.batch([
    db
      .select()
      .from(runs)
      .where(
        and(
          eq(runs.school, school),
          sql`${runs.id} in (${looked})`,
          sql`exists (select 1 from json_each(${runs.steps}) as step where step.value->>'step_id' = ${query.step})`,
        ),
      )
      .orderBy(...order)
      .limit(query.limit + 1),
    db
      .select({
        count: sql<number>`count(*)`,
        last: query.order === "desc" ? sql<string>`min(id)` : sql<string>`max(id)`,
      })
      .from(sql`(${looked})`),
  ]);
  const page = toPage(query, rows, (row) => [row.id], toRunDocument);
  return page.next_cursor === null && end?.count === LOOKED_MOST
    ? { ...page, next_cursor: encodeCursor([end.last]) }
    : page;
}

async function runRow(env: Env, school: string, id: string): Promise<Row> {
  const row = await database(env.DB)
    .select()
    .from(runs)
    .where(and(eq(runs.school, school), eq(runs.id, id)))
    .get();
  if (!row) throw notFound("run");
  return row;
}

/** Runs: who went through what. */
export const runRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/runs",
    scope: "read",
    summary: "List runs, oldest first.",
    query: runListQuery,
    answers: { 200: pageOf(runDocument) },
    handle: async ({ env, school, query }) => ok(await runList(env, school.id, query)),
  }),
  defineRoute({
    method: "GET",
    path: "/v1/runs/:id",
    scope: "read",
    summary: "Get a run with its steps.",
    answers: { 200: runDocument },
    handle: async ({ env, school, params }) => ok(toRunDocument(await runRow(env, school.id, params.id))),
  }),
  ...(["cancel", "skip"] as const).map((what) =>
    defineRoute({
      method: "POST",
      path: `/v1/runs/:id/${what}`,
      scope: "write",
      summary: what === "cancel" ? "End a live run." : "Let a waiting run go on now; a wait_for by its time-out.",
      answers: { 200: runDocument },
      handle: async ({ env, school, params }) => {
        await controlRun(env, school, await runRow(env, school.id, params.id), what);
        return ok(toRunDocument(await runRow(env, school.id, params.id)));
      },
    }),
  ),
  defineRoute({
    method: "POST",
    path: "/v1/runs/:id/retry",
    scope: "write",
    summary: "Let a failed run go on from its failed step.",
    answers: { 200: runDocument },
    handle: async ({ env, school, params }) => {
      await retryRun(env, school, await runRow(env, school.id, params.id));
      return ok(toRunDocument(await runRow(env, school.id, params.id)));
    },
  }),
];
