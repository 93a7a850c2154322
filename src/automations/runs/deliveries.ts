import { and, eq } from "drizzle-orm";
import type { Env } from "../../base/env";
import type { ListQuery } from "../../db/list";
import { getRow, ifGiven, listRows } from "../../db/rows";
import { deliveries } from "../../db/schema";

export type DeliveryRow = typeof deliveries.$inferSelect;

export interface DeliveryFilter {
  user?: string | undefined;
  run?: string | undefined;
  channel?: string | undefined;
  status?: string | undefined;
}

/** A page of the deliveries of a school. */
export const listDeliveries = (env: Env, school: string, query: ListQuery & DeliveryFilter) =>
  listRows(
    env,
    deliveries,
    ["id"],
    query,
    and(
      eq(deliveries.school, school),
      ifGiven(deliveries.user, query.user),
      ifGiven(deliveries.run, query.run),
      ifGiven(deliveries.channel, query.channel),
      ifGiven(deliveries.status, query.status),
    ),
  );

/** A delivery of a school; 404 when it is another's. */
export const getDelivery = (env: Env, school: string, id: string): Promise<DeliveryRow> =>
  getRow(env, deliveries, and(eq(deliveries.school, school), eq(deliveries.id, id)), "delivery");
