import * as z from "zod";
import { Cache } from "../../../base/cache";
import type { Moodle } from "./call";
import { refuse } from "./faults";
import { isMoodleId, moodleCourseId } from "./ids";

/* Who and what our ids are in Moodle. What had to be asked is kept by the isolate for some minutes. */

const KEEP_MS = 10 * 60_000;
const asked = new Cache<number>({ entries: 20_000, characters: 4_000_000 });

/** The token stands in it: what one school may see says nothing of another's. */
const keyOf = ({ settings }: Moodle, kind: string, id: string) =>
  JSON.stringify([settings.url, settings.token, kind, id]);

/** An id that was asked for lately, else asked for now. */
export async function remembered(
  moodle: Moodle,
  kind: string,
  id: string,
  ask: () => Promise<number>,
): Promise<number> {
  const key = keyOf(moodle, kind, id);
  const now = moodle.now();
  return asked.get(key, now) ?? asked.set(key, await ask(), now + KEEP_MS);
}

/** What was remembered has proven wrong. */
export const forget = (moodle: Moodle, kind: string, id: string): void => asked.delete(keyOf(moodle, kind, id));

const found = z.array(z.object({ id: z.number() }));

/** The number of one of our users. */
export async function personOf(moodle: Moodle, user: string): Promise<number> {
  const { ids } = moodle.settings;
  if (ids === "id") {
    if (!isMoodleId(user)) throw refuse(`"${user}" is no number of a person in Moodle`);
    return Number(user);
  }
  // Moodle keeps them in lower case, and is not asked for others: two of our users would become one there.
  if (ids === "username" && user !== user.toLowerCase()) throw refuse(`"${user}" is no username of Moodle's`);
  return remembered(moodle, ids, user, async () => {
    const people = await moodle.call("core_user_get_users_by_field", { field: ids, values: [user] }, found);
    const [first, second] = people;
    // One whom the service user may not see is not told of either.
    if (!first) throw refuse(`Moodle knows nobody by the ${ids} "${user}", or the service user may not see them`);
    if (second) throw refuse(`several people in Moodle have the ${ids} "${user}"`);
    return first.id;
  });
}

export const forgetPerson = (moodle: Moodle, user: string): void => forget(moodle, moodle.settings.ids, user);

const foundCourses = z.object({ courses: found });

/**
 * The number of a course: in the id itself, else the one that Moodle told with it, though its ID number be another's by
 * now, else that of the course whose ID number it is.
 */
export async function courseOf(moodle: Moodle, course: string): Promise<number> {
  const id = moodleCourseId(course);
  if (id !== null) return Number(id);
  for (const other of await moodle.theirsOf(course)) {
    const told = moodleCourseId(other);
    if (told !== null) return Number(told);
  }
  return remembered(moodle, "course", course, async () => {
    const { courses } = await moodle.call(
      "core_course_get_courses_by_field",
      { field: "idnumber", value: course },
      foundCourses,
    );
    const [first] = courses;
    if (!first) throw refuse(`"${course}" is neither the number nor the ID number of a course in Moodle`);
    return first.id;
  });
}
