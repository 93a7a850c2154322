import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { resendDelivery } from "../../automations/resend";
import type { Env } from "../../base/env";
import { notFound } from "../../base/errors";
import { readJson, strings } from "../../base/json";
import { database } from "../../db/client";
import { after, inOrder, pageOf, toPage, turnableListQuery } from "../../db/list";
import { deliveries } from "../../db/schema";
import { defineRoute, ok } from "../route";
import { rfc3339, timeOut } from "../times";

const attempts = z.array(
  z.object({ at: z.number(), ok: z.boolean(), code: z.number().optional(), error: z.string().optional() }),
);
const content = z.record(z.string(), z.unknown());

/** A delivery as the contract shows one (§7). */
export const deliveryDocument = z.object({
  id: z.string(),
  run_id: z.string(),
  automation_id: z.string(),
  step_id: z.string(),
  user_id: z.string(),
  channel: z.string(),
  status: z.string(),
  to: z.array(z.string()),
  content,
  attempts: z.array(
    z.object({ at: timeOut, ok: z.boolean(), code: z.number().optional(), error: z.string().optional() }),
  ),
  idempotency_key: z.string(),
  created_at: timeOut,
});

type Row = typeof deliveries.$inferSelect;

export const toDeliveryDocument = (row: Row): z.infer<typeof deliveryDocument> => ({
  id: row.id,
  run_id: row.run,
  automation_id: row.automation,
  step_id: row.step,
  user_id: row.user,
  channel: row.channel,
  status: row.status,
  to: readJson(strings, row.to),
  content: readJson(content, row.content),
  attempts: readJson(attempts, row.attempts).map((one) => ({ ...one, at: rfc3339(one.at) })),
  idempotency_key: row.idempotencyKey,
  created_at: rfc3339(row.createdAt),
});

async function deliveryRow(env: Env, school: string, id: string): Promise<Row> {
  const row = await database(env.DB)
    .select()
    .from(deliveries)
    .where(and(eq(deliveries.school, school), eq(deliveries.id, id)))
    .get();
  if (!row) throw notFound("delivery");
  return row;
}

const text = z.string().max(300).optional();

/** Deliveries: what was to leave, and what became of it. */
export const deliveryRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/deliveries",
    scope: "read",
    summary: "List deliveries, oldest first.",
    query: turnableListQuery.extend({ user: text, run: text, channel: text, status: text }),
    answers: { 200: pageOf(deliveryDocument) },
    handle: async ({ env, school, query }) => {
      const key = [deliveries.id];
      const rows = await database(env.DB)
        .select()
        .from(deliveries)
        .where(
          and(
            eq(deliveries.school, school.id),
            query.user === undefined ? undefined : eq(deliveries.user, query.user),
            query.run === undefined ? undefined : eq(deliveries.run, query.run),
            query.channel === undefined ? undefined : eq(deliveries.channel, query.channel),
            query.status === undefined ? undefined : eq(deliveries.status, query.status),
            after(query, key),
          ),
        )
        .orderBy(...inOrder(query, key))
        .limit(query.limit + 1);
      return ok(toPage(query, rows, (row) => [row.id], toDeliveryDocument));
    },
  }),
  defineRoute({
    method: "GET",
    path: "/v1/deliveries/:id",
    scope: "read",
    summary: "Get a delivery.",
    answers: { 200: deliveryDocument },
    handle: async ({ env, school, params }) => ok(toDeliveryDocument(await deliveryRow(env, school.id, params.id))),
  }),
  defineRoute({
    method: "POST",
    path: "/v1/deliveries/:id/retry",
    scope: "write",
    summary: "Send a failed delivery again, with its key.",
    answers: { 200: deliveryDocument },
    handle: async ({ env, school, params }) => {
      await resendDelivery(env, school, await deliveryRow(env, school.id, params.id));
      return ok(toDeliveryDocument(await deliveryRow(env, school.id, params.id)));
    },
  }),
];
