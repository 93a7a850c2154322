import type { Env } from "../../base/env";
import { Problem } from "../../base/errors";
import { referenceOf, userObject } from "../../calls/stub";
import type { Delivery } from "../../engine/types";
import { tellUser } from "../../journal/tell";
import type { School } from "../../world/snapshot";
import type { DeliveryRow } from "./deliveries";

/** Puts a delivery that ended `failed` back on its way, with the key it had; 409 for any other, and for a change overtaken. */
export async function resendDelivery(env: Env, school: School, row: DeliveryRow): Promise<void> {
  if (row.status !== "failed") throw new Problem("conflict", `The delivery is ${row.status}.`);
  const delivery: Delivery = {
    id: row.id,
    run: row.run,
    automation: row.automation,
    step: row.step,
    // Written by writeLog from the engine's own delivery, as are the JSON columns.
    channel: row.channel as Delivery["channel"],
    status: "failed",
    to: JSON.parse(row.to) as string[],
    content: JSON.parse(row.content) as Record<string, unknown>,
    attempts: JSON.parse(row.attempts) as Delivery["attempts"],
    key: row.idempotencyKey,
    createdAt: row.createdAt,
  };
  const object = userObject(env, school, row.user);
  const resent = await object.resend(referenceOf(school), delivery);
  if (resent === "under_way") throw new Problem("conflict", "The delivery is on its way.");
  if (resent === "overtaken")
    throw new Problem("conflict", "A later change of the same thing has been made: this one would undo it.");
  await tellUser(env, school, row.user, { exact: false });
}
