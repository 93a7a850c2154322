import { entry, removeEntry, replaced, setEntry } from "../../base/record";
import type { CourseRecord, Enrolment, Learner, Source } from "../facts/facts";
import { later } from "../inactivity/visits";
import { triggerValue } from "../kinds";
import type { CourseId } from "../options/course-id";
import { isActive } from "./change";

/*
 * A course has one id here, whatever it is named by: Moodle's webhooks speak of course 7, class lists and the school's own
 * definitions of its ID number or its address. What is named otherwise is called by that id before anything is judged.
 */

type Data = Readonly<Record<string, unknown>>;

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === "string");

/** The data of an event or a fact with its courses called so. */
export function callCourses<D extends Data>(data: D, courseId: CourseId): D {
  const course = triggerValue("course", data);
  const isOther = course !== undefined && courseId(course) !== course;
  const courses = isTexts(data.courses) ? callList(data.courses, courseId) : data.courses;
  if (!isOther && courses === data.courses) return data;
  return {
    ...data,
    ...(isOther ? { [data.course === course ? "course" : "product"]: courseId(course) } : {}),
    ...(courses === data.courses ? {} : { courses }),
  };
}

/** The same list where all are called so, else another, of each once. */
export function callList(courses: readonly string[], courseId: CourseId): readonly string[] {
  if (courses.every((one) => courseId(one) === one)) return courses;
  return [...new Set(courses.map(courseId))];
}

/** Has a learner have everything by those ids: who is in one course by two is in it once, by all that gave it. */
export function callLearner(learner: Learner, courseId: CourseId): boolean {
  let isOther = false;
  const called = (course: string): string => {
    const id = courseId(course);
    isOther ||= id !== course;
    return id;
  };
  if (learner.enrolments.some(({ type, product }) => type === "course" && courseId(product) !== product))
    learner.enrolments = callEnrolments(learner.enrolments, called);
  const { lastSeen } = learner;
  rename(learner.courses, called, joinRecords);
  rename(lastSeen.courses, called, later);
  rename(lastSeen.appCourses, called, later);
  for (const one of learner.certificates) {
    const course = one.course === null ? null : called(one.course);
    if (course !== one.course) learner.certificates = replaced(learner.certificates, one, { ...one, course });
  }
  for (const [id, one] of Object.entries(learner.refundable)) {
    const product = one.type === "course" ? called(one.product) : one.product;
    if (product !== one.product) setEntry(learner.refundable, id, { ...one, product });
  }
  return isOther;
}

/** Moves what a record has by other keys; what is there by both is joined. */
export function rename<T>(record: Record<string, T>, called: CourseId, join: (known: T, other: T) => T): void {
  for (const [key, value] of Object.entries(record)) {
    const id = called(key);
    if (id === key) continue;
    const known = entry(record, id);
    setEntry(record, id, known === undefined ? value : join(known, value));
    removeEntry(record, key);
  }
}

/** Each once, in the place of the first that is of its course. */
function callEnrolments(enrolments: readonly Enrolment[], called: CourseId): Enrolment[] {
  const found: Enrolment[] = [];
  for (const one of enrolments) {
    const product = one.type === "course" ? called(one.product) : one.product;
    const at = found.findIndex((own) => own.type === one.type && own.product === product);
    const known = found[at];
    // What is there by its own id counts first.
    if (known) found[at] = product === one.product ? joined(one, known) : joined(known, one);
    else found.push(product === one.product ? one : { ...one, product });
  }
  return found;
}

function joined(known: Enrolment, other: Enrolment): Enrolment {
  const sources = [...known.sources];
  for (const source of other.sources) {
    const at = sources.findIndex((own) => own.source === source.source);
    const own = sources[at];
    if (own) sources[at] = longer(own, source);
    else sources.push(source);
  }
  // What is suspended counts as none.
  const isOthers = !known.sources.some(isActive) && other.sources.some(isActive);
  const { expectedSince: _, ...rest } = known;
  const { expectedSince } = isOthers ? other : known;
  return {
    ...rest,
    ...(expectedSince === undefined ? {} : { expectedSince }),
    enrolledAt: Math.min(known.enrolledAt, other.enrolledAt),
    knownAt: Math.min(known.knownAt, other.knownAt),
    role: isOthers ? other.role : known.role,
    sources,
  };
}

/** Of one source's two words the one that holds longer. */
function longer(own: Source, other: Source): Source {
  if (isActive(own) !== isActive(other)) return isActive(own) ? own : other;
  const isLonger = own.endsAt !== null && (other.endsAt === null || other.endsAt > own.endsAt);
  const { paid = other.paid, private: isPrivate = other.private, ...rest } = isLonger ? { ...own, ...other } : own;
  return { ...rest, ...(paid ? { paid } : {}), ...(isPrivate ? { private: isPrivate } : {}) };
}

const earlier = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.min(one, other);

function joinRecords(own: CourseRecord, other: CourseRecord): CourseRecord {
  const done = new Set(own.activities.map(({ id }) => id));
  return {
    startedAt: earlier(own.startedAt, other.startedAt),
    percent: Math.max(own.percent, other.percent),
    activities: [...own.activities, ...other.activities.filter(({ id }) => !done.has(id))],
    completedAt: earlier(own.completedAt, other.completedAt),
    certificateAt: earlier(own.certificateAt, other.certificateAt),
  };
}
