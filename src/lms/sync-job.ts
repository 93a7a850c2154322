import * as z from "zod";
import { formatInstant } from "../catalogue/dates/time";
import { limitText } from "../catalogue/facts/limits";
import { defineSteps, type JobScene, type Stepped } from "../jobs/define";
import { learnProducts } from "../products/write";
import { toPerson } from "./course-job";
import { comparePeople, sinceNow } from "./people";
import { callByOurIds, forJob, type LmsReader, neededForJob, readerOf } from "./reader";
import { takePeople } from "./take";

/*
 * Brings in what the LMS has: what things are called, people, and who is in which course. All of it is told us by the
 * LMS: it is quiet, and the LMS hears nothing of it.
 */

export const SYNCED = ["courses", "groups", "users", "enrolments"] as const;
const what = z.enum(SYNCED);
type What = z.output<typeof what>;

const state = z.object({
  /** Where the list goes on: of enrolments, that of courses; null: it was read to its end. */
  list: z.object({ after: z.string().nullable() }).nullable(),
  /** Courses of which the enrolments are yet to be read, and where in the first of them. */
  courses: z.array(z.string()),
  after: z.string().nullable(),
  /** Whether a course goes by another id since the list of courses was begun. */
  isNews: z.boolean().default(false),
});
type State = z.output<typeof state>;
type Step = Omit<Stepped, "next"> & { next: State | null };

export const syncJob = defineSteps({
  name: "lms_sync",
  params: z.object({ what }),
  state,
  step: async (scene, { what }, at) => {
    const reader = await readerOf(scene.env, scene.school);
    return STEPS[what](scene, reader, at ?? AT_BEGINNING);
  },
});

const AT_BEGINNING: State = { list: { after: null }, courses: [], after: null, isNews: false };

const STEPS: Record<What, (scene: JobScene, reader: LmsReader, at: State) => Promise<Step>> = {
  courses: async ({ env, school }, reader, at) => {
    const page = await neededForJob(reader, reader.courses(at.list?.after ?? null));
    await learnProducts(
      env,
      school,
      "lms",
      page.items.map(({ id, name, url, imageUrl, startsAt, endsAt }) => ({
        type: "course",
        id,
        name,
        url,
        image_url: imageUrl,
        starts_at: dateOf(startsAt),
        ends_at: dateOf(endsAt),
      })),
    );
    const isNews = at.isNews || page.isNews;
    if (page.next === null) await callByOurIds(env, school, isNews);
    const faults = page.doubled.map(({ id, other }) => ({
      message: `${JSON.stringify(id)} and ${JSON.stringify(other)} are one course in ${reader.label} and stay two here for now: people are in another course by ${JSON.stringify(other)}, and are brought under the id of that. Read the courses again in a minute`,
    }));
    const { next, ...done } = read(page);
    return { ...done, next: next && { ...next, isNews }, faults };
  },

  groups: async ({ env, school }, reader, at) => {
    const page = await neededForJob(reader, reader.groups(at.list?.after ?? null));
    const groups = page.items.map(({ id, name, course }) => ({ type: "group", id, name, parent: course }) as const);
    await learnProducts(env, school, "lms", groups);
    return read(page);
  },

  users: async (scene, reader, at) => {
    const page = await neededForJob(reader, reader.users(at.list?.after ?? null));
    return { ...read(page), took: 3 * page.items.length, faults: await takePeople(scene, page.items) };
  },

  enrolments: async (scene, reader, at) => {
    const [course, ...courses] = at.courses;
    if (course !== undefined) return enrolmentsOf(scene, reader, course, at, { ...at, courses, after: null });
    if (!at.list) return { next: null, done: 0 };
    const page = await neededForJob(reader, reader.courses(at.list.after));
    const list = page.next === null ? null : { after: page.next };
    return { next: { ...AT_BEGINNING, list, courses: page.items.map(({ id }) => id) }, done: 0 };
  },
};

const dateOf = (ms: number | undefined) => (ms === undefined ? undefined : formatInstant(ms));

const read = ({ items, next }: { items: readonly unknown[]; next: string | null }): Step => ({
  done: items.length,
  next: next === null ? null : { ...AT_BEGINNING, list: { after: next } },
});

/** Who is in a course there and not here is in it here too; what is here and otherwise there stays: it is compared. */
async function enrolmentsOf(
  { env, school }: JobScene,
  reader: LmsReader,
  course: string,
  at: State,
  over: State,
): Promise<Step> {
  const since = sinceNow(school);
  const page = await forJob(reader, reader.enrolments(course, at.after));
  if ("not" in page) return { next: over, done: 0, faults: [{ message: `${course}: ${page.not}` }] };
  const compared = await comparePeople(env, school, page.items.map(toPerson), {
    course,
    since,
    mend: { sides: { missing_here: "theirs", unknown: "theirs" }, origin: { by: "event", id: null } },
  });
  const faults = compared.flatMap(({ user, fault, refused }) => {
    const message = fault ?? (refused && limitText(refused.limit));
    return message === undefined ? [] : [{ user, message }];
  });
  return {
    next: page.next === null ? over : { ...at, after: page.next },
    done: page.items.length,
    took: 3 * page.items.length,
    faults,
  };
}
