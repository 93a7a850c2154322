import type { Env } from "../../base/env";
import { textsOf } from "../../base/json";
import { AS_NAMED, type CourseId } from "../../catalogue/options/course-id";
import { givenRows } from "../../db/given";

/** Each pair is looked up by itself, until it is found. */
const known = (given: string): string => `with one(kind, key) as (${given}) select one.kind, one.key from one
  where exists (select 1 from vocabulary where school = ?1 and vocabulary.kind = one.kind and vocabulary.key = one.key)
    or exists (select 1 from product_ids where school = ?1 and product_ids.type = one.kind and theirs = one.key)
    or exists (select 1 from product_ids indexed by product_ids_by_ours
      where school = ?1 and product_ids.type = one.kind and ours = one.key)`;

/** A product by what it may be. */
interface Meant {
  kinds: readonly string[];
  value: string;
}

/** Which products a school was ever heard to have, of those asked about; courses by the one id that they have here. */
export async function knownProducts(
  env: Env,
  school: string,
  asked: readonly Meant[],
  courseId: CourseId = AS_NAMED,
): Promise<(kind: string, value: string) => boolean> {
  const called = (kind: string, value: string) => [kind, kind === "course" ? courseId(value) : value] as const;
  const pairs = new Map(
    asked.flatMap(({ kinds, value }) =>
      kinds.map((kind) => [JSON.stringify(called(kind, value)), called(kind, value)] as const),
    ),
  );
  const texts = textsOf([...pairs.values()]);
  const rows = texts.length > 1 ? Number.POSITIVE_INFINITY : pairs.size;
  const statement = known(givenRows("?2", { rows, columns: 2 }));
  const found = new Set<string>();
  for (const text of texts) {
    const { results } = await env.DB.prepare(statement).bind(school, text).all<{ kind: string; key: string }>();
    for (const { kind, key } of results) found.add(JSON.stringify([kind, key]));
  }
  return (kind, value) => found.has(JSON.stringify(called(kind, value)));
}
