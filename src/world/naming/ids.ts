import type { Env } from "../../base/env";
import type { ProductKind } from "../../catalogue/facts/products";
import type { CourseId } from "../../catalogue/options/course-id";
import type { School } from "../snapshot";
import { loadWorld } from "../world";

/*
 * The ids of a product: whatever happens to a user passes `SchoolView.courseId` in the engine; here is who asks beside it.
 */

/** The id that a course has here, by any of those that it is named by. */
export const courseIdIn = async (env: Env, school: School): Promise<CourseId> =>
  (await loadWorld(env, school)).school.courseId;

const FIND_THEIRS =
  "select theirs from product_ids indexed by product_ids_by_ours where school = ?1 and type = ?2 and ours = ?3";

/** Finds the other ids of a product: what the LMS calls it, as it last told. Asked each time: ids are given to others. */
export const theirsOf =
  (env: Env, school: string, type: ProductKind) =>
  async (ours: string): Promise<string[]> => {
    const { results } = await env.DB.prepare(FIND_THEIRS).bind(school, type, ours).all<{ theirs: string }>();
    return results.map(({ theirs }) => theirs);
  };

const FIND_SEGMENT = "select name from segments where school = ?1 and id = ?2";

/** Finds what a segment is called. */
export const segmentName =
  (env: Env, school: string) =>
  async (id: string): Promise<string | null> =>
    (await env.DB.prepare(FIND_SEGMENT).bind(school, id).first<{ name: string }>())?.name ?? null;

/** All the ids of the course that is named so, its own first. */
export async function idsOfCourse(
  env: Env,
  school: School,
  named: string,
): Promise<[ours: string, ...others: string[]]> {
  const ours = (await courseIdIn(env, school))(named);
  const others = await theirsOf(env, school.id, "course")(ours);
  return [ours, ...others.filter((id) => id !== ours), ...(named === ours || others.includes(named) ? [] : [named])];
}
