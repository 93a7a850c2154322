import type { Env } from "../base/env";
import { referenceOf, userObject } from "../calls/reaching/stub";
import { formatInstant } from "../catalogue/dates/time";
import type { School } from "../world/snapshot";
import { ofUser } from "./merging/moved";

/** The school messages of a user, oldest first. */
export async function readInbox(env: Env, school: School, id: string) {
  const messages = await ofUser(env, school, id, (of) => userObject(env, school, of).inbox());
  return (messages ?? []).map((one) => ({
    id: one.id,
    subject: typeof one.content.subject === "string" ? one.content.subject : null,
    body: String(one.content.body ?? ""),
    run_id: one.run,
    created_at: formatInstant(one.createdAt),
  }));
}

/** Takes the GTM events that wait for the user's page. */
export const readDataLayer = async (env: Env, school: School, id: string): Promise<Record<string, unknown>[]> =>
  (await ofUser(env, school, id, (of) => userObject(env, school, of).dataLayer(referenceOf(school)))) ?? [];
