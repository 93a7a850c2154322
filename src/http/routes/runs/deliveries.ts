import * as z from "zod";
import { type DeliveryRow, getDelivery, listDeliveries } from "../../../automations/runs/deliveries";
import { countToResend, RESENDABLE, resendDelivery, resendMany } from "../../../automations/runs/resend";
import { invalid } from "../../../base/errors/errors";
import { readJson, strings } from "../../../base/json";
import { channelNames } from "../../../catalogue/channels";
import { turnableListQuery } from "../../../db/lists/list";
import { traceOfId } from "../../../engine/identity";
import { DELIVERY_STATUSES } from "../../../engine/types";
import { defineResource } from "../../resource";
import { accepted, defineRoute, ok } from "../../route";
import { rfc3339, rfc3339OrNull, timeIn, timeOut } from "../../times";
import { flag, jobAnswer } from "../flag";

const attempts = z.array(
  z.object({
    at: z.number(),
    ok: z.boolean(),
    code: z.number().optional(),
    error: z.string().optional(),
    nextAt: z.number().optional(),
  }),
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
    reason: z.string().nullable().meta({
      description: "Why it was not sent, or waits, or what became of it after it left: `bounced`, `complained`.",
    }),
    to: z.array(z.string()),
    content,
    attempts: z.array(
      z.object({ at: timeOut, ok: z.boolean(), code: z.number().optional(), error: z.string().optional() }),
    ),
    next_attempt_at: timeOut.optional().meta({ description: "While it is tried again, or waits: when next." }),
    opened_at: timeOut.optional().meta({ description: "Of a mail that is tracked: when it was first opened." }),
    clicked_at: timeOut.optional().meta({ description: "When a link in it was first followed." }),
    idempotency_key: z.string(),
    trace_id: z
      .string()
      .meta({ description: "As of its run; `traceparent` says it where it is a webhook or for the LMS." }),
    created_at: timeOut,
  })
  .meta({ component: "Delivery" });

export function toDeliveryDocument(row: DeliveryRow): z.infer<typeof deliveryDocument> {
  const made = readJson(attempts, row.attempts);
  const next = row.status === "queued" ? (row.waitsUntil ?? made.at(-1)?.nextAt) : undefined;
  return {
    id: row.id,
    run_id: row.run || null,
    automation_id: row.automation || null,
    step_id: row.step || null,
    user_id: row.user,
    channel: row.channel,
    status: row.status,
    reason: row.reason,
    to: readJson(strings, row.to),
    content: readJson(content, row.content),
    attempts: made.map(({ nextAt: _, ...one }) => ({ ...one, at: rfc3339(one.at) })),
    ...(next === undefined ? {} : { next_attempt_at: rfc3339(next) }),
    ...(row.openedAt === null ? {} : { opened_at: rfc3339(row.openedAt) }),
    ...(row.clickedAt === null ? {} : { clicked_at: rfc3339(row.clickedAt) }),
    idempotency_key: row.idempotencyKey,
    trace_id: row.trace ?? traceOfId(row.run || row.id),
    created_at: rfc3339(row.createdAt),
  };
}

const text = z.string().max(300).optional();
const old = flag.meta({ description: "Also what was kept, not sent, for over 7 days." });

const moment = timeIn.optional();
const many = {
  status: z.enum(RESENDABLE),
  from: moment.meta({ description: "Those made from this moment on." }),
  to: moment.meta({ description: "Those made before this moment." }),
};

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
      automation: text,
      from: timeIn.optional().meta({ description: "Made from this moment on." }),
      to: timeIn.optional().meta({ description: "Made before this moment." }),
      channel: z.enum(channelNames).optional(),
      status: z.enum(DELIVERY_STATUSES).optional(),
      subject: text.meta({ description: "Part of the subject or title, in small letters or large." }),
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
    summary: "Send a delivery that failed, was not sent or waits for its next attempt now, with its key.",
    description: "Consent is looked at again. One that was not sent for over 7 days is a 409 without `?old=true`.",
    query: z.object({ old }),
    audits: { what: "delivery.retried" },
    answers: { 200: deliveryDocument },
    handle: async ({ env, school, params, query }) => {
      await resendDelivery(env, school, await getDelivery(env, school.id, params.id), query.old);
      return ok(toDeliveryDocument(await getDelivery(env, school.id, params.id)));
    },
  }),
  defineRoute({
    method: "POST",
    path: "/v1/deliveries/retry",
    scope: "write",
    summary: "Send all deliveries that failed, or were not sent, after all.",
    audits: { what: "deliveries.retried", inBatch: true },
    description:
      "Each with its key; consent is looked at again. `count` is how many you were shown: 409 when they are more or " +
      "fewer by now. `?dry_run=true` tells how many there are, and when the oldest was made.",
    query: z.object({ dry_run: flag.meta({ description: "Only counts them." }) }),
    body: z.strictObject({
      ...many,
      count: z.int().min(0).optional().meta({ description: "How many are meant; needed unless it is a dry run." }),
      old: z.boolean().default(false).meta({ description: "Also what was kept, not sent, for over 7 days." }),
    }),
    answers: () => ({ 200: z.object({ count: z.int(), oldest: timeOut.nullable() }), 202: jobAnswer }),
    handle: async ({ env, school, query, body, entry }) => {
      const { count, old, ...meant } = body;
      if (query.dry_run) {
        const found = await countToResend(env, school.id, meant);
        return ok({ count: found.count, oldest: rfc3339OrNull(found.oldest) });
      }
      if (count === undefined) throw invalid([{ path: "/count", message: "is needed: how many you were shown" }]);
      return accepted({ job_id: await resendMany(env, school, meant, { count, old }, entry) });
    },
  }),
];
