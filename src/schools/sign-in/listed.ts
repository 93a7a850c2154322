import { sql } from "drizzle-orm";
import type { Env } from "../../base/env";
import { storedAddresses } from "../../db/addresses";
import { database } from "../../db/client";
import { schools } from "../../db/schema";

/** The schools that list an address with one of these roles, by name; 200 at most. */
export async function schoolsListing(
  env: Env,
  email: string,
  roles: readonly string[],
): Promise<{ id: string; name: string }[]> {
  const listed = sql`exists (select 1 from json_each(${schools.settings}, '$.collaborators') as one
    where lower(one.value->>'email') in (select value from json_each(${JSON.stringify(storedAddresses(email))}))
      and one.value->>'role' in (select value from json_each(${JSON.stringify(roles)})))`;
  return database(env.DB)
    .select({ id: schools.id, name: schools.name })
    .from(schools)
    .where(listed)
    .orderBy(schools.name)
    .limit(200);
}
