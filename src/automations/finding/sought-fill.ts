import type { Env } from "../../base/env";
import { namedOf } from "./named";
import { soughtOf } from "./sought";

/*
 * What a release before wrote of automations, or changed of them, without what they are found by, or what they name.
 */

const AT_ONCE = 25;
/** So many an hour: until then they are looked through as they stand. */
const ROUNDS = 200;

interface Unfilled {
  school: string;
  id: string;
  name: string;
  revision: number;
  labels: string;
  definition: string;
  goal: string | null;
}

/** Something that every save writes into an automation's row by the rest of it. */
interface Filling {
  column: "search" | "named";
  /** Those without it. */
  index: string;
  of(row: Unfilled): string;
}

/** Texts that are no definition have nothing. What a school that is gone has left is cleared, and holds nobody up. */
const unfilled = ({ column, index }: Filling): string => `select school, id, name, revision,
    iif(json_valid(labels), labels, '[]') as labels,
    iif(json_valid(definition), iif(json_type(definition, '$.when') = 'array' and json_type(definition, '$.then') = 'array',
      definition, '{"when":[],"then":[]}'), '{"when":[],"then":[]}') as definition,
    iif(json_type(iif(json_valid(goal), goal, 'null'), '$.type') = 'text', goal, null) as goal
  from automations indexed by ${index} where ${column} is null
    and exists (select 1 from schools where schools.id = automations.school) limit ${AT_ONCE}`;
/** Only of what still stands so: its triggers keep the rest. */
const fill = ({ column }: Filling): string =>
  `update automations set ${column} = ?4 where school = ?1 and id = ?2 and revision = ?3 and ${column} is null`;

/** Fills in the next automations, until none is left or it is enough for this hour. */
async function fillIn(env: Env, filling: Filling): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    const { results } = await env.DB.prepare(unfilled(filling)).all<Unfilled>();
    const statements = results.map((row) =>
      env.DB.prepare(fill(filling)).bind(row.school, row.id, row.revision, filling.of(row)),
    );
    if (statements.length) await env.DB.batch(statements);
    if (results.length < AT_ONCE) return;
  }
}

/** Finds out what automations are found by. */
export const fillSought = (env: Env): Promise<void> =>
  fillIn(env, { column: "search", index: "automations_unsearched", of: soughtOf });

/** Finds out what automations name. */
export const fillNamed = (env: Env): Promise<void> =>
  fillIn(env, { column: "named", index: "automations_unnamed", of: namedOf });
