import { and, eq, gte, lt, type SQL, sql } from "drizzle-orm";
import type { Env } from "../../base/env";
import { schoolObject, userObject } from "../../calls/reaching/stub";
import type { SchoolEpoch } from "../../calls/user";
import { database } from "../../db/client";
import { firstRows, pageThatFits, sizedRow, sizedRows, wholeRows } from "../../db/lists/fitting";
import { after, type ListPage, type ListQuery, turned } from "../../db/lists/list";
import { type Looking, lookForRows } from "../../db/lists/look";
import { partsOf } from "../../db/lists/merged";
import { ifGiven, listRows } from "../../db/lists/rows";
import { holdsText } from "../../db/lists/search";
import { logOf } from "../../db/log";
import { deliveries } from "../../db/schema";
import { idsFrom, madeAt } from "../../engine/identity";
import { DELIVERY_STATUSES, type Delivery } from "../../engine/types";
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

const whereOf = (school: string, { user, run, automation, ...filter }: DeliveryFilter) =>
  and(
    eq(deliveries.school, school),
    ifGiven(deliveries.user, user),
    ifGiven(deliveries.run, run),
    ifGiven(deliveries.automation, automation),
    whenOf(filter),
    isOf(filter),
    holds(filter),
  );

const KEY = [deliveries.id];

/** What the key says: ids begin with the time. */
const whenOf = ({ from, to }: DeliveryFilter): SQL | undefined =>
  and(
    from === undefined ? undefined : gte(deliveries.id, idsFrom("dlv", from)),
    to === undefined ? undefined : lt(deliveries.id, idsFrom("dlv", to)),
  );

const isOf = ({ channel, status }: DeliveryFilter): SQL | undefined =>
  and(ifGiven(deliveries.channel, channel), ifGiven(deliveries.status, status));

/** What a part of a text is looked for in is in no index. */
const holds = ({ subject }: DeliveryFilter): SQL | undefined => holdsText(sql`lower(${TITLE})`, subject);

const TITLE = sql`coalesce(${deliveries.content} ->> '$.subject', ${deliveries.content} ->> '$.title', '')`;

/** Of few deliveries each has an index by id; where nothing leaves they are all captured. */
const INDICES: Readonly<Record<string, string>> = {
  captured: "deliveries_captured_by_id",
  failed: "deliveries_failed_by_id",
  not_sent: "deliveries_not_sent_by_id",
  suppressed: "deliveries_suppressed_by_id",
};

/** Mails are the most. */
const MAIL = "email";

/** What waits lies in the order in which it was made, as ids do: the time stands in them. */
const WAITING = {
  index: "deliveries_queued",
  order: { columns: [deliveries.createdAt, deliveries.id], keyOf: (id: string) => [madeAt(id), id] },
};

type Way = Looking<DeliveryRow>;

/** What lies by status, channel and automation, each of these in its order. */
const OF = "deliveries_of";
const { status: STATUS, channel: CHANNEL, automation: AUTOMATION } = deliveries;

/** What a filter says of these, in parts that each lie together: a channel lies within each status. */
const inEach = ({ status, channel }: DeliveryFilter): (SQL | undefined)[] =>
  status === undefined && channel !== undefined
    ? DELIVERY_STATUSES.map((one) => isOf({ status: one, channel }))
    : [isOf({ status, channel })];

/** There are fewer statuses with as many channels. */
const MOST_PAIRS = 100;

/** Those of an automation: each status and channel that anything of its school has is one part of them. */
async function wayByAutomation(log: D1Database, school: string, automation: string, filter: DeliveryFilter) {
  const found = () =>
    partsOf(log, { table: deliveries, school, index: OF, columns: [STATUS, CHANNEL] }, inEach(filter), MOST_PAIRS);
  const each = filter.channel === undefined ? await found() : inEach(filter).flatMap((one) => one ?? []);
  return { index: OF, within: eq(AUTOMATION, automation), each };
}

/** Where a filter's deliveries lie, as far as an index says; what is left to look for. */
function wayInSchool({ status, channel }: DeliveryFilter): Way {
  const by = status === "queued" ? WAITING : { index: INDICES[status ?? ""] };
  // As texts of their own: the indexes are partial.
  if (by.index !== undefined)
    return { ...by, within: sql`${STATUS} = ${sql.raw(`'${status}'`)}`, fits: isOf({ channel }) };
  if (channel === undefined || channel === MAIL) return { fits: isOf({ status, channel }) };
  const within = sql`${CHANNEL} = ${channel} and ${CHANNEL} <> ${sql.raw(`'${MAIL}'`)}`;
  return { index: "deliveries_by_channel", within, fits: isOf({ status }) };
}

/** What of a filter no index says is looked for; where few are so, among those of the automations that have any. */
function wayTo(log: D1Database, school: string, { automation, ...filter }: DeliveryFilter): Way | Promise<Way> {
  if (automation !== undefined) return wayByAutomation(log, school, automation, filter);
  const way = wayInSchool(filter);
  if (way.fits === undefined) return way;
  const parts = async (most: number) => {
    const among = { table: deliveries, school, index: OF, columns: [STATUS, CHANNEL, AUTOMATION] };
    const each = await partsOf(log, among, inEach(filter), most);
    return each && { index: OF, within: whenOf(filter), each };
  };
  return { ...way, parts };
}

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
  const way = await wayTo(log.DB, school, query);
  const within = and(way.within, whenOf(query));
  return lookForRows(log, deliveries, school, query, { ...way, within, rest: holds(query) });
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
