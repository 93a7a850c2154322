import { Cache } from "../base/cache";
import type { Env } from "../base/env";
import { textsOf } from "../base/json";
import { triggerValue } from "../catalogue/kinds";
import type { ProductKind } from "../catalogue/products";
import type { School } from "./snapshot";

/*
 * One product has one id here, whatever others call it: Moodle's webhooks speak of course 7, the class lists of its ID
 * number. What the LMS tells of both is kept, and whatever comes in by a foreign format passes `oursOf`.
 */

/** By the school's `namesStamp`, as names are: an id that is learned moves it. */
const kept = new Cache<{ stamp: number; ours: Map<string, string> }>({ entries: 500 });
const MAX_IDS = 5_000;

type Whose = Pick<School, "id" | "epoch" | "namesStamp">;

const FIND = `select theirs, ours from product_ids
  where school = ?1 and type = ?2 and theirs in (select value from json_each(?3))`;

/** The ids that products have here, by those that others call them by; what is no other id is its own. */
export async function oursOf(
  env: Env,
  school: Whose,
  type: ProductKind,
  ids: Iterable<string>,
): Promise<(id: string) => string> {
  const place = JSON.stringify([school.id, school.epoch, type]);
  const found = kept.get(place);
  const isFresh = found?.stamp === school.namesStamp && found.ours.size <= MAX_IDS;
  const { ours } = isFresh ? found : kept.set(place, { stamp: school.namesStamp, ours: new Map() });
  const asked = new Set(ids);
  const missing = [...asked].filter((id) => !ours.has(id));
  const known = new Map([...asked].map((id) => [id, ours.get(id) ?? id]));
  for (const text of textsOf(missing)) {
    const { results } = await env.DB.prepare(FIND).bind(school.id, type, text).all<{ theirs: string; ours: string }>();
    for (const one of results) known.set(one.theirs, one.ours);
  }
  for (const id of missing) ours.set(id, known.get(id) ?? id);
  return (id) => known.get(id) ?? id;
}

const FIND_THEIRS =
  "select theirs from product_ids indexed by product_ids_by_ours where school = ?1 and type = ?2 and ours = ?3";

/** Finds the other ids of a product: what the LMS calls it, as it last told. Asked each time: ids are given to others. */
export const theirsOf =
  (env: Env, school: string, type: ProductKind) =>
  async (ours: string): Promise<string[]> => {
    const { results } = await env.DB.prepare(FIND_THEIRS).bind(school, type, ours).all<{ theirs: string }>();
    return results.map(({ theirs }) => theirs);
  };

/** The courses that the data of an event names. */
export function coursesNamed(data: Readonly<Record<string, unknown>>): string[] {
  const course = triggerValue("course", data);
  return [...(course === undefined ? [] : [course]), ...(isTexts(data.courses) ? data.courses : [])];
}

/** The same data with its courses called otherwise. */
export function callCourses(
  data: Readonly<Record<string, unknown>>,
  oursOf: (id: string) => string,
): Record<string, unknown> {
  const course = triggerValue("course", data);
  return {
    ...data,
    ...(course === undefined ? {} : { [data.course === course ? "course" : "product"]: oursOf(course) }),
    ...(isTexts(data.courses) ? { courses: data.courses.map(oursOf) } : {}),
  };
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === "string");
