import * as z from "zod";
import type { Finding } from "../port";
import type { Moodle } from "./call";
import { MoodleFault, VERDICTS } from "./faults";
import type { MoodleFunction } from "./functions";
import { FRONT_PAGE, GUEST } from "./reads";
import { give, type Judging, listing, type Place, TRIALS, type Trial } from "./trials";

/* Tries which rights the service user has, and says in words which it lacks. */

export async function findingsOfRights(
  moodle: Moodle,
  self: number,
  offers: (name: MoodleFunction) => boolean,
): Promise<Finding[]> {
  const seeing = offers("core_enrol_get_enrolled_users") ? await seen(moodle, self) : null;
  const place = await placeOf(moodle, self, seeing?.other ?? null, offers);
  const trials = TRIALS.filter(({ needs }) => needs.every(offers));
  const findings = await Promise.all(trials.map((trial) => tried(trial, moodle, place)));
  return [...(seeing?.findings ?? []), ...findings.flat()];
}

async function tried(trial: Trial, moodle: Moodle, place: Place): Promise<Finding[]> {
  const asked = trial.try(moodle, place);
  return asked ? [await judged(trial, asked)] : [];
}

async function judged({ what, advice, passes = [] }: Judging, asked: Promise<unknown>): Promise<Finding> {
  try {
    await asked;
    return { ok: true, what };
  } catch (fault) {
    if (!(fault instanceof MoodleFault)) throw fault;
    if (fault.seen.errorcode !== undefined && passes.includes(fault.seen.errorcode)) return { ok: true, what };
    const isRight = fault.failure.broken && fault.failure.retry === VERDICTS.right.retry;
    return { ok: false, what, advice: isRight ? advice : fault.message };
  }
}

const people = z.array(z.object({ id: z.number(), username: z.string().optional(), email: z.string().optional() }));

const SEES: Judging = {
  what: "The service user sees people",
  advice: give("moodle/site:viewparticipants, moodle/user:viewdetails and moodle/user:viewalldetails"),
};
const SEES_ADDRESSES: Judging = {
  what: "The service user sees addresses",
  advice: `${give("moodle/site:viewuseridentity")}, and have email among "Show user identity"`,
};

/** Whether people are listed, found one by one, and shown with their addresses. */
async function seen(moodle: Moodle, self: number): Promise<{ other: number | null; findings: Finding[] }> {
  const asked = moodle.call("core_enrol_get_enrolled_users", listing(FRONT_PAGE, {}), people);
  const finding = await judged(SEES, asked);
  if (!finding.ok) return { other: null, findings: [finding] };
  const others = (await asked).filter(
    ({ id, username }) => id !== self && username !== undefined && username !== GUEST,
  );
  const other = others[0]?.id ?? null;
  const found = other === null ? [] : await orNothing(moodle.call(BY_FIELD, { field: "id", values: [other] }, people));
  // No error: whom the service user may not see is left out, and so are the addresses.
  if (found?.length === 0) return { other: null, findings: [{ ok: false, ...SEES }] };
  const isShown = others.every(({ email }) => email);
  const { what, advice } = SEES_ADDRESSES;
  return { other, findings: [finding, isShown ? { ok: true, what } : { ok: false, what, advice }] };
}

const BY_FIELD = "core_user_get_users_by_field";

const searched = z.object({ courses: z.array(z.object({ id: z.number() })) });
const tracked = z.object({ statuses: z.array(z.object({ cmid: z.number() })) });

/** A course, and an activity of it, to try rights with. What cannot be had is told by the trials themselves. */
async function placeOf(
  moodle: Moodle,
  self: number,
  other: number | null,
  offers: (name: MoodleFunction) => boolean,
): Promise<Place> {
  const search = { criterianame: "search", criteriavalue: "", page: 0, perpage: 1 };
  const [course = null] = offers("core_course_search_courses")
    ? ((await orNothing(moodle.call("core_course_search_courses", search, searched)))?.courses.map(({ id }) => id) ??
      [])
    : [];
  const status =
    course === null || !offers("core_completion_get_activities_completion_status")
      ? null
      : await orNothing(
          // Of oneself nobody needs a right.
          moodle.call("core_completion_get_activities_completion_status", { courseid: course, userid: self }, tracked),
        );
  return { self, other, course, activity: status?.statuses[0]?.cmid ?? null };
}

const orNothing = <T>(asked: Promise<T>): Promise<T | null> =>
  asked.catch((fault: unknown) => {
    if (fault instanceof MoodleFault) return null;
    throw fault;
  });
