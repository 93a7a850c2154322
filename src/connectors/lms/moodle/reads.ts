import { decodeHTML } from "entities";
import pMap from "p-map";
import * as z from "zod";
import { once } from "../../../base/cache";
import { refusal } from "../../calling/http";
import type { Tools } from "../../ports";
import {
  type LmsCourse,
  type LmsEnrolment,
  LmsError,
  type LmsGroup,
  type LmsPage,
  type LmsPerson,
  type LmsReads,
} from "../port";
import { type Moodle, openMoodle } from "./call";
import { moodleCourseId } from "./ids";
import { courseOf } from "./known";
import { type Settings, siteOf } from "./settings";
import { STUDENT } from "./told/enrolment";

/*
 * What Moodle has, in pages. A cursor says where the next one begins. Few isolates ever read it: the schemas are made when
 * one does.
 */

/** Everybody is "in" the front page: Moodle has no other list of people that comes in pages. */
export const FRONT_PAGE = 1;
export const GUEST = "guest";

const PEOPLE_A_PAGE = 100;
const COURSES_A_PAGE = 50;
/** Each is asked for its groups. */
const COURSES_AT_ONCE = 20;
const CALLS_AT_ONCE = 4;

async function open(settings: Settings, tools: Tools): Promise<Moodle> {
  const refused = await refusal(settings.url, { mode: "test" }, tools);
  if (refused && !refused.ok) throw new LmsError(refused.error, { retry: refused.retry, broken: true });
  return openMoodle(settings, tools);
}

const offsetOf = (after: string | null): number => (after === null ? 0 : Number.parseInt(after, 10) || 0);

const searched = once(() => z.object({ total: z.number(), courses: z.array(z.object({ id: z.number() })) }));

/** Numbers of courses, and the cursor of the next page. `after` counts pages. */
async function courseNumbers(moodle: Moodle, after: string | null, perpage: number): Promise<LmsPage<number>> {
  const page = offsetOf(after);
  const found = await moodle.call(
    "core_course_search_courses",
    // All of them; the front page is not among them.
    { criterianame: "search", criteriavalue: "", page, perpage },
    searched(),
  );
  const isLast = found.courses.length === 0 || (page + 1) * perpage >= found.total;
  return { items: found.courses.map(({ id }) => id), next: isLast ? null : String(page + 1) };
}

const described = once(() =>
  z.object({
    courses: z.array(
      z.object({
        id: z.number(),
        fullname: z.string(),
        /** Told to who may update the course. */
        idnumber: z.string().optional(),
        courseimage: z.string().optional(),
        startdate: z.number().optional(),
        enddate: z.number().optional(),
      }),
    ),
  }),
);

/** One that looks like the number of a course is left alone: it is another's. */
const otherIdOf = (idnumber: string | undefined): string | null | undefined => {
  const id = idnumber?.trim();
  return id === undefined ? undefined : id !== "" && moodleCourseId(id) === null ? id : null;
};

/** 0 is never. */
const msOf = (seconds: number | undefined) => (seconds ? seconds * 1_000 : undefined);

const withoutUndefined = <T extends object>(value: { [K in keyof T]: T[K] | undefined }): T =>
  // What is left has all its values; what may be left out is optional in T.
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;

async function courses(settings: Settings, tools: Tools, after: string | null): Promise<LmsPage<LmsCourse>> {
  const moodle = await open(settings, tools);
  const { items: numbers, next } = await courseNumbers(moodle, after, COURSES_A_PAGE);
  if (numbers.length === 0) return { items: [], next };
  const found = await moodle.call(
    "core_course_get_courses_by_field",
    { field: "ids", value: numbers.join(",") },
    described(),
  );
  const items = found.courses.map(({ id, fullname, idnumber, courseimage, startdate, enddate }) =>
    withoutUndefined<LmsCourse>({
      id: String(id),
      otherId: otherIdOf(idnumber),
      name: decodeHTML(fullname),
      url: `${siteOf(settings.url)}/course/view.php?id=${id}`,
      imageUrl: courseimage?.startsWith("https://") ? courseimage : undefined,
      startsAt: msOf(startdate),
      endsAt: msOf(enddate),
    }),
  );
  return { items, next };
}

const listed = once(() => z.array(z.object({ id: z.number(), name: z.string(), idnumber: z.string().nullish() })));

/** The groups of some courses. A group that is one of ours by its ID number goes by that. */
async function groups(settings: Settings, tools: Tools, after: string | null): Promise<LmsPage<LmsGroup>> {
  const moodle = await open(settings, tools);
  const { items: numbers, next } = await courseNumbers(moodle, after, COURSES_AT_ONCE);
  const ofCourse = async (courseid: number): Promise<LmsGroup[]> => {
    const found = await moodle.call("core_group_get_course_groups", { courseid }, listed());
    return found.map(({ id, name, idnumber }) => ({
      id: idnumber?.endsWith(`:${name}`) ? idnumber : String(id),
      name: decodeHTML(name),
      course: String(courseid),
    }));
  };
  const items = await pMap(numbers, ofCourse, { concurrency: CALLS_AT_ONCE });
  return { items: items.flat(), next };
}

const people = once(() =>
  z.array(
    z.object({
      id: z.number(),
      username: z.string().optional(),
      fullname: z.string().optional(),
      email: z.string().optional(),
      idnumber: z.string().optional(),
      roles: z.array(z.object({ roleid: z.number() })).optional(),
    }),
  ),
);
type Person = z.output<ReturnType<typeof people>>[number];

interface Narrowing {
  onlyactive?: true;
  onlysuspended?: true;
}

/** People of a course, by their numbers. Whom the service user may not see is missing in a page, so it may be short. */
function peopleOf(moodle: Moodle, courseid: number, offset: number, only: Narrowing = {}): Promise<Person[]> {
  const options = {
    ...only,
    userfields: "id,username,fullname,email,idnumber,roles",
    sortby: "id",
    limitfrom: offset,
    limitnumber: PEOPLE_A_PAGE,
  };
  return moodle.call(
    "core_enrol_get_enrolled_users",
    { courseid, options: Object.entries(options).map(([name, value]) => ({ name, value })) },
    people(),
  );
}

/** Our id of somebody; null for the guest, and for who has none. */
function idOf({ settings }: Moodle, person: Person): string | null {
  if (person.username === GUEST) return null;
  return settings.ids === "id" ? String(person.id) : person[settings.ids] || null;
}

async function users(settings: Settings, tools: Tools, after: string | null): Promise<LmsPage<LmsPerson>> {
  const moodle = await open(settings, tools);
  const offset = offsetOf(after);
  const found = await peopleOf(moodle, FRONT_PAGE, offset);
  const items = found.flatMap((person): LmsPerson[] => {
    const id = idOf(moodle, person);
    return id === null ? [] : [{ id, email: person.email || null, username: person.fullname || null }];
  });
  return { items, next: found.length === 0 ? null : String(offset + PEOPLE_A_PAGE) };
}

const SUSPENDED = "suspended:";

/**
 * First those whose enrolment is active, then the others. Moodle tells neither when an enrolment ends nor, of those
 * others, whose time is over: they count as suspended.
 */
async function enrolments(
  settings: Settings,
  tools: Tools,
  course: string,
  after: string | null,
): Promise<LmsPage<LmsEnrolment>> {
  const moodle = await open(settings, tools);
  const courseid = await courseOf(moodle, course);
  const isSuspended = after?.startsWith(SUSPENDED) ?? false;
  const offset = offsetOf(isSuspended && after ? after.slice(SUSPENDED.length) : after);
  const found = await peopleOf(moodle, courseid, offset, isSuspended ? { onlysuspended: true } : { onlyactive: true });
  const items = found.flatMap((person): LmsEnrolment[] => {
    const user = idOf(moodle, person);
    return user === null ? [] : [{ user, role: roleOf(settings, person), suspended: isSuspended }];
  });
  const further = String(offset + PEOPLE_A_PAGE);
  if (found.length > 0) return { items, next: isSuspended ? SUSPENDED + further : further };
  return { items, next: isSuspended ? null : `${SUSPENDED}0` };
}

const MOST_PAGES = 20;

/** Moodle lists who is suspended by themselves: of a course they are few. */
async function isSuspended(settings: Settings, tools: Tools, course: string, user: string): Promise<boolean> {
  let after: string | null = `${SUSPENDED}0`;
  for (let page = 0; after !== null && page < MOST_PAGES; page++) {
    const { items, next }: LmsPage<LmsEnrolment> = await enrolments(settings, tools, course, after);
    if (items.some((one) => one.user === user)) return true;
    after = next;
  }
  if (after !== null) throw new LmsError("too many are suspended in this course", { retry: false });
  return false;
}

/** The role of a student where somebody has several. */
function roleOf(settings: Settings, { roles = [] }: Person): string | null {
  const numbers = roles.map(({ roleid }) => roleid);
  if (numbers.includes(settings.student_role)) return STUDENT;
  const [first] = numbers;
  return first === undefined ? null : String(first);
}

export const reads: LmsReads<Settings> = { courses, groups, users, enrolments, isSuspended };
