import type { Env } from "../base/env";
import { textsOf } from "../base/json";

/* What the ids on a page are called, whatever they are ids of. */

/** What a text names: a segment or a field by its key, or a product of a type, courses by any of their ids. */
export interface NamedThing {
  id: string;
  segment: string | null;
  field: string | null;
  type: string | null;
  product: string | null;
  /** The name of the course whose other id it is. */
  course: string | null;
}

/** Each text is looked at once, whatever it may name. */
const THINGS = `select one.value as id, segments.name as segment, profile_fields.name as field, products.type as type,
    products.name as product, ours.name as course
  from json_each(?2) as one
  left join segments on segments.school = ?1 and segments.id = one.value
  left join profile_fields on profile_fields.school = ?1 and profile_fields.key = one.value
  left join products indexed by products_by_id on products.school = ?1 and products.id = one.value and products.name is not null
  left join product_ids on product_ids.school = ?1 and product_ids.type = 'course' and product_ids.theirs = one.value
  left join products as ours on ours.school = ?1 and ours.type = 'course' and ours.id = product_ids.ours
  where coalesce(segments.name, profile_fields.name, products.name, ours.name) is not null`;

/** What is named by texts of which each may be an id of anything. */
export async function thingsNamed(
  env: Pick<Env, "DB">,
  school: string,
  texts: readonly string[],
): Promise<NamedThing[]> {
  const found: NamedThing[] = [];
  for (const text of textsOf([...new Set(texts)]))
    found.push(...(await env.DB.prepare(THINGS).bind(school, text).all<NamedThing>()).results);
  return found;
}
