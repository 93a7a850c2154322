import * as z from "zod";
import { defineSteps, type JobScene } from "../jobs/define";
import { courseIdIn } from "../world/naming/ids";
import { beginCourse, courseState, stepCourse } from "./course-job";
import { forgetCourses, notComparedSince } from "./kept";
import { countHeld, coursesHeld } from "./ours";
import { callByOurIds, type LmsReader, neededForJob, readerOf } from "./reader";
import { sides } from "./sides";

const COURSES_AT_ONCE = 50;

const params = z.object({
  /** Null: all that either side has. */
  course: z.string().nullable(),
  /** Empty: it is only compared. */
  sides,
  confirm: z.number().nullable(),
  /** The email or key of who asked for it. */
  who: z.string().nullable(),
});

/** Courses that were read of a list and are yet to be gone over, and where it goes on; null: there are no more. */
const list = z.object({
  courses: z.array(z.string()),
  goesOn: z.object({ of: z.enum(["lms", "ours"]), after: z.string().nullable() }).nullable(),
  begun: z.number(),
});
const state = z.object({ list, course: courseState.nullable() });
type Listed = z.output<typeof list>;

/** Compares courses with the LMS, and makes both equal by the word of whoever counts. */
export const reconcileJob = defineSteps({
  name: "lms_reconcile",
  params,
  state,
  counts: true,
  about: ({ course }) => (course === null ? null : { kind: "course", id: course }),
  total: async ({ env, school }, { course }) =>
    course === null ? 0 : countHeld(env, school.id, course, Number.MAX_SAFE_INTEGER),
  step: async (scene, { course, sides, confirm, who }, at) => {
    const reader = await readerOf(scene.env, scene.school);
    const listed = at?.list ?? begin(course);
    const now = at?.course;
    if (now) {
      const work = { scene, reader, sides, confirm, origin: { by: "reconcile", id: who } as const };
      const { next, ...stepped } = await stepCourse(work, now);
      const isEnd = !next && !listed.courses.length && !listed.goesOn;
      if (isEnd && course === null) await forgetCourses(scene.env, scene.school.id, listed.begun);
      return { ...stepped, next: isEnd ? null : { list: listed, course: next } };
    }
    const [first, ...courses] = listed.courses;
    if (first !== undefined)
      return { next: { list: { ...listed, courses }, course: await beginCourse(scene, first) }, done: 0 };
    if (listed.goesOn) return { next: { list: await readOn(scene, reader, listed), course: null }, done: 0 };
    if (course === null) await forgetCourses(scene.env, scene.school.id, listed.begun);
    return { next: null, done: 0 };
  },
});

const begin = (course: string | null): Listed => ({
  courses: course === null ? [] : [course],
  goesOn: course === null ? { of: "lms", after: null } : null,
  begun: Date.now(),
});

/** First the courses of the LMS, then those that we alone have. */
async function readOn({ env, school }: JobScene, reader: LmsReader, listed: Listed): Promise<Listed> {
  const { goesOn } = listed;
  if (!goesOn) return listed;
  if (goesOn.of === "lms") {
    const { items, next, isNews } = await neededForJob(reader, reader.courses(goesOn.after));
    if (isNews) await callByOurIds(env, school, isNews);
    const courses = items.map(({ id }) => id);
    return { ...listed, courses, goesOn: next === null ? { of: "ours", after: null } : { of: "lms", after: next } };
  }
  const courseId = await courseIdIn(env, school);
  const held = await coursesHeld(env, school.id, goesOn.after ?? "", COURSES_AT_ONCE);
  const last = held.at(-1);
  const hasMore = held.length === COURSES_AT_ONCE && last !== undefined;
  return {
    ...listed,
    // Whoever is in one by another id is on the way to it.
    courses: await notComparedSince(
      env,
      school.id,
      held.filter((id) => courseId(id) === id),
      listed.begun,
    ),
    goesOn: hasMore ? { of: "ours", after: last } : null,
  };
}
