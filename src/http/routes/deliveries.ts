import { z } from "zod";
import { type DeliveryRow, getDelivery, listDeliveries } from "../../automations/runs/deliveries";
import { resendDelivery } from "../../automations/runs/resend";
import { readJson, strings } from "../../base/json";
import { channelNames } from "../../catalogue/channels";
import { turnableListQuery } from "../../db/list";
import { DELIVERY_STATUSES } from "../../engine/types";
import { defineResource } from "../resource";
import { defineRoute, ok } from "../route";
import { rfc3339, timeOut } from "../times";

const attempts = z.array(
  z.object({ at: z.number(), ok: z.boolean(), code: z.number().optional(), error: z.string().optional() }),
);
const content = z.record(z.string(), z.unknown());

/** A delivery as the contract shows one (§7). */
export const deliveryDocument = z
  .object({
    id: z.string(),
    /** Null: no run made it, as of a change that a sync or a rule made. */
    run_id: z.string().nullable(),
    automation_id: z.string().nullable(),
    step_id: z.string().nullable(),
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
  })
  .meta({ component: "Delivery" });

export const toDeliveryDocument = (row: DeliveryRow): z.infer<typeof deliveryDocument> => ({
  id: row.id,
  run_id: row.run || null,
  automation_id: row.automation || null,
  step_id: row.step || null,
  user_id: row.user,
  channel: row.channel,
  status: row.status,
  to: readJson(strings, row.to),
  content: readJson(content, row.content),
  attempts: readJson(attempts, row.attempts).map((one) => ({ ...one, at: rfc3339(one.at) })),
  idempotency_key: row.idempotencyKey,
  created_at: rfc3339(row.createdAt),
});

const text = z.string().max(300).optional();

/** Deliveries: what was to leave, and what became of it. */
export const deliveryRoutes = [
  ...defineResource({
    path: "/v1/deliveries",
    scope: "read",
    many: "deliveries",
    one: "a delivery",
    query: turnableListQuery.extend({
      user: text,
      run: text,
      channel: z.enum(channelNames).optional(),
      status: z.enum(DELIVERY_STATUSES).optional(),
    }),
    document: deliveryDocument,
    list: listDeliveries,
    get: getDelivery,
    toDocument: toDeliveryDocument,
  }),
  defineRoute({
    method: "POST",
    path: "/v1/deliveries/:id/retry",
    scope: "write",
    summary: "Send a failed delivery again, with its key.",
    audits: { what: "delivery.retried" },
    answers: { 200: deliveryDocument },
    handle: async ({ env, school, params }) => {
      await resendDelivery(env, school, await getDelivery(env, school.id, params.id));
      return ok(toDeliveryDocument(await getDelivery(env, school.id, params.id)));
    },
  }),
];
