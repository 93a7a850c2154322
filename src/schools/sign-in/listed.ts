import type { Env } from "../../base/env";
import { storedAddresses } from "../../db/addresses";

const LISTED = `select distinct schools.id, schools.name from json_each(?1) as one
  cross join collaborators on collaborators.address = one.value
  cross join schools on schools.id = collaborators.school
  where role in (select value from json_each(?2)) order by schools.name, schools.id limit 200`;

/** The schools that list an address with one of these roles, by name; 200 at most. */
export async function schoolsListing(
  env: Env,
  email: string,
  roles: readonly string[],
): Promise<{ id: string; name: string }[]> {
  const { results } = await env.DB.prepare(LISTED)
    .bind(JSON.stringify(storedAddresses(email)), JSON.stringify(roles))
    .all<{ id: string; name: string }>();
  return results;
}
