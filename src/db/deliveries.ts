import type { Delivery } from "../engine/types";
import type { deliveries } from "./schema";

/** A delivery as the log has it. Written from the engine's own, as are the JSON columns: see `journal/tables/tables.ts`. */
export const deliveryOf = (row: typeof deliveries.$inferSelect): Delivery => ({
  id: row.id,
  run: row.run,
  automation: row.automation,
  step: row.step,
  channel: row.channel as Delivery["channel"],
  status: row.status as Delivery["status"],
  to: JSON.parse(row.to) as string[],
  content: JSON.parse(row.content) as Record<string, unknown>,
  attempts: JSON.parse(row.attempts) as Delivery["attempts"],
  key: row.idempotencyKey,
  createdAt: row.createdAt,
  ...(row.openedAt === null ? {} : { openedAt: row.openedAt }),
  ...(row.clickedAt === null ? {} : { clickedAt: row.clickedAt }),
  ...(row.trace === null ? {} : { trace: row.trace }),
});
