import type { Env } from "../../base/env";
import { textsOf } from "../../base/json";
import { AS_NAMED, type CourseId } from "../../catalogue/course-id";

/** Each pair is looked up by itself, until it is found. */
const KNOWN = `select one.value->>0 as kind, one.value->>1 as key from json_each(?2) as one
  where exists (select 1 from vocabulary where school = ?1 and vocabulary.kind = one.value->>0 and vocabulary.key = one.value->>1)
    or exists (select 1 from product_ids
      where school = ?1 and product_ids.type = one.value->>0 and theirs = one.value->>1)
    or exists (select 1 from product_ids indexed by product_ids_by_ours
      where school = ?1 and product_ids.type = one.value->>0 and ours = one.value->>1)`;

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
  const known = new Set<string>();
  for (const text of textsOf([...pairs.values()])) {
    const { results } = await env.DB.prepare(KNOWN).bind(school, text).all<{ kind: string; key: string }>();
    for (const { kind, key } of results) known.add(JSON.stringify([kind, key]));
  }
  return (kind, value) => known.has(JSON.stringify(called(kind, value)));
}
