import { and, eq, gte, lt, type SQL, sql } from "drizzle-orm";
import type { Env } from "../../base/env";
import { schoolObject, userObject } from "../../calls/stub";
import type { SchoolEpoch } from "../../calls/user";
import { database } from "../../db/client";
import { firstRows, pageThatFits, sizedRow, sizedRows, wholeRows } from "../../db/fitting";
import { after, type ListPage, type ListQuery, turned } from "../../db/list";
import { logOf } from "../../db/log";
import { lookForRows } from "../../db/look";
import { ifGiven, listRows } from "../../db/rows";
import { deliveries } from "../../db/schema";
import { holdsText } from "../../db/search";
import { idsFrom, madeAt } from "../../engine/identity";
import type { Delivery } from "../../engine/types";
import { firstFrom, untilHeard } from "./unheard";

export type DeliveryRow = typeof deliveries.$inferSelect;

export interface DeliveryFilter {
  user?: string | undefined;
  run?: string | undefined;
  automation?: string | undefined;
  channel?: string | undefined;
  status?: string | undefined;
  /** Part of the subject or title, in small letters or large. */
  subject?: string | undefined;
  /** Made from this moment on, ms by the school's clock. */
  from?: number | undefined;
  /** Made before it. */
  to?: number | undefined;
}

const whereOf = (school: string, { user, run, ...filter }: DeliveryFilter) =>
  and(
    eq(deliveries.school, school),
    ifGiven(deliveries.user, user),
    ifGiven(deliveries.run, run),
    whenOf(filter),
    fitsOf(filter),
  );

const KEY = [deliveries.id];

/** What the key says: ids begin with the time. */
const whenOf = ({ from, to }: DeliveryFilter): SQL | undefined =>
  and(
    from === undefined ? undefined : gte(deliveries.id, idsFrom("dlv", from)),
    to === undefined ? undefined : lt(deliveries.id, idsFrom("dlv", to)),
  );

const fitsOf = ({ automation, channel, status, subject }: DeliveryFilter): SQL | undefined =>
  and(
    ifGiven(deliveries.automation, automation),
    ifGiven(deliveries.channel, channel),
    ifGiven(deliveries.status, status),
    holdsText(sql`lower(${TITLE})`, subject),
  );

const TITLE = sql`coalesce(${deliveries.content} ->> '$.subject', ${deliveries.content} ->> '$.title', '')`;

/** Of few deliveries each has an index by id; where nothing leaves they are all captured. */
const INDICES: Readonly<Record<string, string>> = {
  captured: "deliveries_captured_by_id",
  failed: "deliveries_failed_by_id",
  not_sent: "deliveries_not_sent_by_id",
  suppressed: "deliveries_suppressed_by_id",
};

/** Mails are the most, and what was sent. */
const MAIL = "email";
const MOST = "sent";

/** What waits lies in the order in which it was made, as ids do: the time stands in them. */
const WAITING = {
  index: "deliveries_queued",
  order: { columns: [deliveries.createdAt, deliveries.id], keyOf: (id: string) => [madeAt(id), id] },
};

/** The index that finds the most of a filter, what it says of it, in which parts, and what is left to look for. */
async function indexOf(log: D1Database, school: string, { status, channel, automation, subject }: DeliveryFilter) {
  if (automation !== undefined && status !== undefined && status !== MOST)
    return {
      index: "deliveries_other_of",
      says: sql`${deliveries.automation} = ${automation} and ${deliveries.status} = ${status}
        and ${deliveries.status} <> ${sql.raw(`'${MOST}'`)}`,
      rest: { channel, subject },
    };
  if (automation !== undefined) {
    const channels = channel === undefined ? await channelsOf(log, school, automation) : [channel];
    return {
      index: "deliveries_of",
      says: eq(deliveries.automation, automation),
      each: channels.map((one) => eq(deliveries.channel, one)),
      rest: { status, subject },
    };
  }
  const by = status === "queued" ? WAITING : { index: INDICES[status ?? ""] };
  // As texts of their own: the indexes are partial.
  if (by.index !== undefined)
    return { ...by, says: sql`${deliveries.status} = ${sql.raw(`'${status}'`)}`, rest: { channel, subject } };
  if (channel !== undefined && channel !== MAIL) {
    const says = sql`${deliveries.channel} = ${channel} and ${deliveries.channel} <> ${sql.raw(`'${MAIL}'`)}`;
    return { index: "deliveries_by_channel", says, rest: { status, subject } };
  }
  return { index: undefined, says: undefined, rest: { status, channel, subject } };
}

/** By which channels an automation ever sent. The database goes from one to the next, over what was sent by each. */
async function channelsOf(log: D1Database, school: string, automation: string): Promise<string[]> {
  const { results } = await log.prepare(CHANNELS).bind(school, automation).all<{ channel: string }>();
  return results.map(({ channel }) => channel);
}

const CHANNELS = `select distinct channel from deliveries indexed by deliveries_of where school = ?1 and automation = ?2`;

/** A page of the deliveries of a school. */
export const listDeliveries = (
  env: Env,
  school: SchoolEpoch,
  query: ListQuery & DeliveryFilter,
): Promise<ListPage<DeliveryRow>> =>
  query.user === undefined
    ? deliveriesInLog(env, school.id, query)
    : deliveriesOfUser(env, school, { ...query, user: query.user });

/**
 * Those of a run, those of an automation, those that did not leave and those that are no mails have an index; by anything
 * else they are looked for.
 */
async function deliveriesInLog(
  env: Env,
  school: string,
  query: ListQuery & DeliveryFilter,
): Promise<ListPage<DeliveryRow>> {
  const log = { DB: await logOf(env, school) };
  if (query.run !== undefined)
    return listRows(log, deliveries, ["id"], query, whereOf(school, query), "deliveries_by_run");
  const { says, rest, each, ...by } = await indexOf(log.DB, school, query);
  if (each?.length === 0) return { data: [], next_cursor: null };
  const within = and(says, whenOf(query));
  const fits = fitsOf(rest);
  return lookForRows(log, deliveries, school, query, { within, fits, each, ...by });
}

/** A user's own are read from the user's object; those of before it kept them, from the log. */
async function deliveriesOfUser(
  env: Env,
  school: SchoolEpoch,
  query: ListQuery & DeliveryFilter & { user: string },
): Promise<ListPage<DeliveryRow>> {
  const { user, from, to } = query;
  const log = await logOf(env, school.id);
  const unkept = and(whereOf(school.id, query), sql`${deliveries.unkept} = 1`, after(query, KEY));
  const [own, before] = await Promise.all([
    userObject(env, school, user).ownDeliveries({
      ...turned(query),
      from: from === undefined ? undefined : idsFrom("dlv", from),
      to: to === undefined ? undefined : idsFrom("dlv", to),
    }),
    database(log).all<Record<string, unknown>>(
      firstRows(deliveries, KEY, query, unkept, { index: "deliveries_unkept" }),
    ),
  ]);
  const all = [...sizedRows(deliveries, before), ...own.map((one) => sizedRow(rowOf(school.id, user, one)))];
  const way = query.order === "desc" ? -1 : 1;
  const inTurn = [...new Map(all.map((one) => [one.row.id, one])).values()].sort((a, b) =>
    a.row.id < b.row.id ? -way : way,
  );
  return pageThatFits(
    query,
    inTurn.slice(0, query.limit + 1),
    ({ id }) => [id],
    (keys) => wholeRows({ DB: log }, deliveries, KEY, eq(deliveries.school, school.id), keys),
  );
}

/** What an object has of a delivery, as the log would. */
export const rowOf = (school: string, user: string, one: Delivery): DeliveryRow => ({
  school,
  id: one.id,
  run: one.run,
  automation: one.automation,
  step: one.step,
  user,
  channel: one.channel,
  status: one.status,
  to: JSON.stringify(one.to),
  content: JSON.stringify(one.content),
  attempts: JSON.stringify(one.attempts),
  idempotencyKey: one.key,
  trace: one.trace ?? null,
  reason: one.reason ?? null,
  waitsUntil: one.waitsUntil ?? null,
  openedAt: one.openedAt ?? null,
  clickedAt: one.clickedAt ?? null,
  createdAt: one.createdAt,
  loggedAt: one.createdAt,
  seq: 0,
  unkept: null,
});

/** A delivery of a school; 404 when it is another's. */
export const getDelivery = (env: Env, school: string, id: string): Promise<DeliveryRow> =>
  untilHeard(env, school, id, {
    what: "delivery",
    inLog: async () =>
      (await database(await logOf(env, school))
        .select()
        .from(deliveries)
        .where(and(eq(deliveries.school, school), eq(deliveries.id, id)))
        .get()) ?? null,
    ofUser: async (of, user) => {
      const [delivery] = await userObject(env, of, user).ownDeliveries(firstFrom(id));
      return delivery?.id === id ? rowOf(school, user, delivery) : null;
    },
    // Of a change whose receipt was good D1 never hears. It has the id of its change but for the prefix.
    otherwise: (of) => schoolObject(env, of).userOf(`chg${id.slice(3)}`, madeAt(id)),
  });
