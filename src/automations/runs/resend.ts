import { and, eq, gt, gte, lt, type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import type { Env } from "../../base/env";
import { invalid, Problem } from "../../base/errors/errors";
import { referenceOf, userObject } from "../../calls/reaching/stub";
import { formatInstant } from "../../catalogue/dates/time";
import type { AuditEntry } from "../../db/audit";
import { database } from "../../db/client";
import { deliveryOf } from "../../db/deliveries";
import { logOf } from "../../db/log";
import { deliveries } from "../../db/schema";
import { idsFrom, madeAt } from "../../engine/identity";
import { defineJob } from "../../jobs/define";
import { startJob } from "../../jobs/start";
import { tellUser } from "../../journal/tell";
import { nowOf, type School } from "../../world/snapshot";
import type { DeliveryRow } from "./deliveries";

/** What a person may have sent after it has ended, and the index that finds it. */
const AFTERWARDS = { failed: "deliveries_failed_by_id", not_sent: "deliveries_not_sent_by_id" } as const;
export const RESENDABLE = ["failed", "not_sent"] as const;
type Resendable = (typeof RESENDABLE)[number];

/** What was kept for longer may be about things long over: it is asked for twice. */
const OLD_MS = 7 * 86_400_000;
/** So many are sent again at once. */
const MOST = 10_000;

/**
 * Has a delivery leave that ended `failed` or `not_sent`, or waits for its next attempt, with the key it had; 409 for any
 * other, for a change overtaken, and for one whose run was undone. Consent and what else may keep it back are looked at as it leaves.
 * @param old also one that was kept for over seven days
 */
export async function resendDelivery(env: Env, school: School, row: DeliveryRow, old: boolean): Promise<void> {
  if (row.status !== "queued" && !isResendable(row.status))
    throw new Problem("conflict", `The delivery is ${row.status}.`);
  if (row.status === "queued" && row.waitsUntil !== null)
    throw new Problem("conflict", `The mail waits until ${formatInstant(row.waitsUntil)}: ${row.reason}.`);
  if (row.status === "not_sent" && isKeptLong(school, row.createdAt) && !old) throw tooOld(1, row.createdAt);
  const object = userObject(env, school, row.user);
  const resent = await object.resend(referenceOf(school), deliveryOf(row));
  if (resent === "under_way") throw new Problem("conflict", "The delivery is on its way.");
  if (resent === "undone") throw new Problem("conflict", "The run that made it was undone: it is sent no more.");
  if (resent === "overtaken")
    throw new Problem("conflict", "A later change of the same thing has been made: this one would undo it.");
  await tellUser(env, school, row.user, { exact: false });
}

const isResendable = (status: string): status is Resendable => status in AFTERWARDS;
/** Whether what was made then, ms by the school's clock, may be about things long over. */
export const isKeptLong = (school: School, madeMs: number): boolean => madeMs < nowOf(school) - OLD_MS;
const tooOld = (count: number, oldest: number): Problem =>
  new Problem(
    "conflict",
    count === 1
      ? `It was kept on ${formatInstant(oldest)}, over 7 days ago. "old": true sends it all the same.`
      : `The oldest of them was kept on ${formatInstant(oldest)}, over 7 days ago. "old": true sends them all the same.`,
  );

// ---- Many ----

/**
 * Those that ended so, made from one moment to another (not included), ms by the school's clock. Of those that failed,
 * none whose run was undone since, which is sent no more, and none that bounced, which had left.
 */
export interface ManyToResend {
  status: Resendable;
  from?: number | undefined;
  to?: number | undefined;
}

const OVER = ["undone", "bounced"] as const;
const IS_OVER = sql`coalesce(${deliveries.reason}, '') in (${sql.raw(OVER.map((one) => `'${one}'`).join(", "))})`;

const ended = (school: string, { status, from, to }: ManyToResend): SQL | undefined =>
  and(
    eq(deliveries.school, school),
    // As a text of its own: the index is partial.
    sql`${deliveries.status} = ${sql.raw(`'${status}'`)}`,
    from === undefined ? undefined : gte(deliveries.id, idsFrom("dlv", from)),
    to === undefined ? undefined : lt(deliveries.id, idsFrom("dlv", to)),
  );

const tableBy = (status: Resendable): SQL => sql`${deliveries} indexed by ${sql.raw(AFTERWARDS[status])}`;

/**
 * How many a school has, and when the oldest of them was made, ms. So many and one that ended so are looked at.
 * @returns isAll: whether these are all there are
 */
export async function countToResend(
  env: Env,
  school: string,
  many: ManyToResend,
  most = MOST,
): Promise<{ count: number; oldest: number | null; isAll: boolean }> {
  const looked = sql`select id, ${IS_OVER} as is_over from ${tableBy(many.status)} where ${ended(school, many)}
    order by id limit ${most + 1}`;
  const found = await database(await logOf(env, school)).get<{ n: number; first: string | null; looked: number }>(
    sql`select count(*) filter (where not is_over) as n, min(id) filter (where not is_over) as first,
      count(*) as looked from (${looked})`,
  );
  const oldest = found.first === null ? null : madeAt(found.first);
  return { count: found.n, oldest, isAll: found.looked <= most };
}

/**
 * Has all of them leave, as a job; 409 where they are not as many as the caller was shown.
 * @param count how many the caller was told of; `old`: also what was kept for over seven days
 * @returns the job's id
 */
export async function resendMany(
  env: Env,
  school: School,
  many: ManyToResend,
  { count, old }: { count: number; old: boolean },
  entry: AuditEntry | null,
): Promise<string> {
  const found = await countToResend(env, school.id, many);
  if (!found.isAll)
    throw invalid([{ path: "/from", message: `over ${MOST} ended so: name a shorter time with from and to` }]);
  if (found.count !== count) throw new Problem("conflict", `They are ${found.count} by now, not ${count}.`);
  if (many.status === "not_sent" && found.oldest !== null && isKeptLong(school, found.oldest) && !old)
    throw tooOld(found.count, found.oldest);
  const { status, from, to } = many;
  const given = {
    status,
    old,
    ...(from === undefined ? {} : { from }),
    // What fails or is kept again meanwhile is not sent once more.
    to: Math.min(to ?? Number.MAX_SAFE_INTEGER, nowOf(school) + 1),
  };
  return startJob(env, school, resendJob, given, { entry });
}

export const resendJob = defineJob({
  name: "resend",
  params: z.object({
    status: z.enum(RESENDABLE),
    old: z.boolean(),
    from: z.number().exactOptional(),
    to: z.number(),
  }),
  source: (many) => ({
    total: async ({ env, school }) => (await countToResend(env, school.id, many)).count,
    next: async ({ env, school }, after, limit) => {
      const behind = after === null ? undefined : gt(deliveries.id, after);
      const rows = await database(await logOf(env, school.id)).all<{ id: string; user: string }>(
        sql`select id, user from ${tableBy(many.status)} where ${and(ended(school.id, many), sql`not ${IS_OVER}`, behind)} order by id limit ${limit}`,
      );
      return rows.map(({ id, user }) => ({ cursor: id, place: { user }, key: user, value: id }));
    },
  }),
  perform: async ({ env, school }, { old }, id: string) => {
    const row = await database(await logOf(env, school.id))
      .select()
      .from(deliveries)
      .where(and(eq(deliveries.school, school.id), eq(deliveries.id, id)))
      .get();
    if (!row || !isResendable(row.status) || OVER.some((one) => one === row.reason)) return null;
    await resendDelivery(env, school, row, old);
    return null;
  },
});
