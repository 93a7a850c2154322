import { canonical } from "../base/json";
import { trimmed } from "../base/text/text";
import { isYes } from "../catalogue/options/readings";
import { asUnmapped, eventId, type InboundEvent, type Mapped } from "./mapped";
import { defined, idIn, type Loose, numberIn, objectIn, textIn } from "./read";
import { anyTime, momentIn, pastTime } from "./times";

/*
 * Moodle's events as local_webhooks posts them: they name ids alone, and whom they speak of in one of two places.
 */

/** What Moodle tells that no event of ours says. */
export type MoodleDeed = { name: string; id: string } & (
  | ({ user: string; occurredAt?: string } & Deed)
  | { does: "dissolved"; of: Dissolved; subject: string }
);
type Dissolved = "cohort" | "group";

/** An event of Moodle's, its ids as text. */
interface Told {
  course: string | undefined;
  /** The id of the activity in its course (cmid). */
  module: string | undefined;
  object: string | undefined;
  other: Loose;
}

interface Draft {
  type: string;
  data: Record<string, unknown>;
}

/** An event of ours, or null where there is none. */
type Make = (told: Told) => Draft | null;

const ofCourse =
  (type: string): Make =>
  ({ course }) => ({ type, data: defined({ course }) });
const ofGroup =
  (type: string): Make =>
  ({ object }) => ({ type, data: defined({ group: object }) });
const bare =
  (type: string): Make =>
  () => ({ type, data: {} });
const handedIn: Make = ({ course, module }) => ({
  type: "assessment.submitted",
  data: defined({ course, assessment: module }),
});

const FRONT_PAGE = "1";
const viewed: Make = (told) => (told.course === FRONT_PAGE ? bare("school.visited") : ofCourse("course.visited"))(told);

const INCOMPLETE = 0;
/** Complete, passed, failed. */
const COMPLETE = [1, 2, 3];
const completion: Make = ({ course, module, other }) => {
  const state = numberIn(other.completionstate);
  const data = defined({ course, activity: module });
  if (state === INCOMPLETE) return { type: "activity.progress_reset", data };
  return state !== undefined && COMPLETE.includes(state) ? { type: "activity.completed", data } : null;
};

/** Whoever keeps another enrolment in the course stays in it. */
const unenrolled: Make = (told) => {
  const { lastenrol } = objectIn(asJson(told.other.userenrolment));
  return isYes(lastenrol) ? ofCourse("course.unenrolled")(told) : null;
};

const feedback: Make = ({ module, other }) =>
  isYes(other.anonymous) ? null : { type: "form.submitted", data: defined({ form: idIn(other.cmid) ?? module }) };

const awarded: Make = ({ course, object, other }) => {
  return {
    type: "certificate.awarded",
    data: defined({
      course: course === FRONT_PAGE ? undefined : course,
      certificate: object,
      expires_at: anyTime(momentIn(other.expiredate)),
    }),
  };
};

const MODULE_VIEWED = /^\\mod_[a-z0-9_]+\\event\\course_module_viewed$/;

const EVENTS = new Map<string, Make>([
  ["\\core\\event\\user_created", bare("user.signed_up")],
  ["\\core\\event\\user_updated", bare("user.updated")],
  ["\\core\\event\\user_loggedin", bare("user.signed_in")],
  ["\\core\\event\\user_enrolment_created", ofCourse("course.enrolled")],
  ["\\core\\event\\user_enrolment_deleted", unenrolled],
  ["\\core\\event\\course_viewed", viewed],
  ["\\core\\event\\course_module_completion_updated", completion],
  ["\\core\\event\\course_completed", ofCourse("course.completed")],
  ["\\core\\event\\group_member_added", ofGroup("group.joined")],
  ["\\core\\event\\group_member_removed", ofGroup("group.left")],
  ["\\mod_quiz\\event\\attempt_submitted", handedIn],
  ["\\mod_assign\\event\\assessable_submitted", handedIn],
  ["\\mod_feedback\\event\\response_submitted", feedback],
  ["\\core\\event\\badge_awarded", awarded],
  ["\\tool_certificate\\event\\certificate_issued", awarded],
  ["\\local_recompletion\\event\\completion_reset", ofCourse("course.progress_reset")],
]);

type Deed = { does: "joined" | "left"; segment: string } | { does: "deleted" } | { does: "updated"; course: string };

const ofCohort =
  (does: "joined" | "left") =>
  ({ object }: Told): Deed | null =>
    object === undefined ? null : { does, segment: object };

const DEEDS = new Map<string, (told: Told) => Deed | null>([
  ["\\core\\event\\cohort_member_added", ofCohort("joined")],
  ["\\core\\event\\cohort_member_removed", ofCohort("left")],
  ["\\core\\event\\user_deleted", () => ({ does: "deleted" })],
  ["\\core\\event\\user_enrolment_updated", ({ course }) => (course ? { does: "updated", course } : null)],
]);

/** What is gone, with all who were in it: Moodle tells of none of them. */
const DISSOLVED = new Map<string, Dissolved>([
  ["\\core\\event\\cohort_deleted", "cohort"],
  ["\\core\\event\\group_deleted", "group"],
]);

/**
 * Maps an event of Moodle's by its name. It has no id: copies are known by what it says and when.
 * @param now the school's time, ms
 */
export async function mapMoodle(body: unknown, now: number): Promise<Mapped | { deed: MoodleDeed }> {
  const event = objectIn(body);
  const name = classIn(event.eventname);
  if (name === undefined) return asUnmapped("no eventname");
  const other = objectIn(asJson(event.other));
  const told: Told = {
    course: idButZero(event.courseid),
    module: numberedIn(event.contextinstanceid),
    object: numberedIn(event.objectid),
    other,
  };
  const make = MODULE_VIEWED.test(name) ? ofCourse("course.visited") : EVENTS.get(name);
  const draft = isYes(event.anonymous) ? null : make?.(told);
  const deed = DEEDS.get(name)?.(told);
  const of = DISSOLVED.get(name);
  const subject = of && told.object;
  if (!draft && !deed && !subject) return asUnmapped(name);
  // What is done to somebody is never taken for done to whoever did it: who that is may be said wrongly.
  const isOfOther = deed || !isNothing(event.relateduserid);
  const user = idButZero(isOfOther ? event.relateduserid : event.userid);
  const at = momentIn(event.timecreated);
  const parts = [event.host, name, told.object, user, told.course, told.module, other, at];
  const id = await eventId(`moodle:${canonical(parts.map((part) => part ?? null))}`);
  if (of && subject) return { deed: { does: "dissolved", of, subject, name, id } };
  if (user === undefined || isMoodlesNobody(user)) return asUnmapped(`${name} (nobody)`);
  if (deed) return { deed: { ...deed, name, id, user, ...defined({ occurredAt: pastTime(at, now) }) } };
  if (!draft) return asUnmapped(name);
  const made: InboundEvent = {
    ...(at === undefined ? {} : { id }),
    ...draft,
    user: { id: user },
    ...defined({ occurred_at: pastTime(at, now) }),
  };
  return { events: [made] };
}

const GUEST = "1";
/** Moodle's guest, the same in every installation, and accounts of its own. */
export const isMoodlesNobody = (user: string): boolean => user === GUEST || /^-\d+$/.test(user);

/** The name of an event's class, however its backslashes are written. */
function classIn(value: unknown): string | undefined {
  const text = textIn(value);
  return text && `\\${trimmed(text).replace(/^\\+/, "").replaceAll(/\\+/g, "\\")}`;
}

/** What some keep as text, as Moodle's own log does. */
function asJson(value: unknown): unknown {
  if (typeof value !== "string" || !value.trimStart().startsWith("{")) return value;
  try {
    return JSON.parse(value);
  } catch {
    // It is text, then.
    return value;
  }
}

/** Moodle's ids are numbers. */
const numberedIn = (value: unknown): string | undefined => idIn(typeof value === "string" ? trimmed(value) : value);

const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || value === "" || Number(value) === 0;

/** Moodle writes 0 for nobody and for no course. */
function idButZero(value: unknown): string | undefined {
  const id = numberedIn(value);
  return id === "0" ? undefined : id;
}
