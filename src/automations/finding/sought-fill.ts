import type { Env } from "../../base/env";
import { soughtOf } from "./sought";

/*
 * What a release before wrote of automations, or changed of them, without what they are found by.
 */

const AT_ONCE = 25;
/** So many an hour: until then they are looked through as they stand. */
const ROUNDS = 200;

/** Texts that are no JSON are nothing to be found by. What a school that is gone has left is cleared, and holds nobody up. */
const UNSEARCHED = `select school, id, name, revision, iif(json_valid(labels), labels, '[]') as labels,
    iif(json_valid(definition), definition, '{}') as definition
  from automations indexed by automations_unsearched where search is null
    and exists (select 1 from schools where schools.id = automations.school) limit ${AT_ONCE}`;
/** Only of what still stands so: its triggers keep the rest. */
const FILL = "update automations set search = ?4 where school = ?1 and id = ?2 and revision = ?3 and search is null";

interface Unsearched {
  school: string;
  id: string;
  name: string;
  revision: number;
  labels: string;
  definition: string;
}

/** Finds out what the next automations are found by, until none is left or it is enough for this hour. */
export async function fillSought(env: Env): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    const { results } = await env.DB.prepare(UNSEARCHED).all<Unsearched>();
    const filling = results.map((row) => env.DB.prepare(FILL).bind(row.school, row.id, row.revision, soughtOf(row)));
    if (filling.length) await env.DB.batch(filling);
    if (results.length < AT_ONCE) return;
  }
}
