import * as z from "zod";
import { type Moodle, nothing } from "./call";
import type { MoodleFunction } from "./functions";
import { FRONT_PAGE } from "./reads";

/*
 * Which rights the service user has. Moodle has no question for that, so each function is called with what it refuses
 * only after it has looked for the right: nobody can be enrolled into the front page, no person has the number 0.
 */

export interface Judging {
  /** What the right is for, as a sentence that is true where it is there. */
  what: string;
  advice: string;
  /** Refused after the right was looked for. */
  passes?: readonly string[];
}

export interface Trial extends Judging {
  needs: readonly MoodleFunction[];
  /** Asks for what needs the right, and rejects with what Moodle says; null where there is nothing to ask it of. */
  try(moodle: Moodle, place: Place): Promise<unknown> | null;
}

/** Where rights of courses are tried: null where there is none. */
export interface Place {
  self: number;
  /** Somebody else than the service user. */
  other: number | null;
  course: number | null;
  activity: number | null;
}

const whatever = z.unknown();
export const give = (capabilities: string) => `give the service user's role, in the system context, ${capabilities}`;

export const TRIALS: readonly Trial[] = [
  {
    what: "The service user may enrol by hand",
    advice: give("enrol/manual:enrol"),
    needs: ["enrol_manual_enrol_users"],
    // No role has the number 0: that is looked at after the right to enrol.
    try: (moodle, { self }) =>
      moodle.call(
        "enrol_manual_enrol_users",
        { enrolments: [{ roleid: 0, userid: self, courseid: FRONT_PAGE }] },
        nothing,
      ),
    passes: ["wsusercannotassign", "wsnoinstance"],
  },
  {
    what: "The service user may give the student role",
    advice: `${give("moodle/role:assign")}, and under Allow role assignments the student role; student_role is its number`,
    needs: ["enrol_manual_enrol_users"],
    try: (moodle, { self }) =>
      moodle.call(
        "enrol_manual_enrol_users",
        { enrolments: [{ roleid: moodle.settings.student_role, userid: self, courseid: FRONT_PAGE }] },
        nothing,
      ),
    // Who may not enrol at all is told by the trial above.
    passes: ["wsnoinstance", "nopermissions"],
  },
  {
    what: "The service user may unenrol",
    advice: give("enrol/manual:unenrol"),
    needs: ["enrol_manual_unenrol_users"],
    try: (moodle, { self }) =>
      moodle.call("enrol_manual_unenrol_users", { enrolments: [{ userid: self, courseid: FRONT_PAGE }] }, nothing),
    passes: ["wsnoinstance"],
  },
  {
    what: "The service user may manage cohorts",
    advice: give("moodle/cohort:manage"),
    needs: ["core_cohort_create_cohorts"],
    // A format that there is not: looked at after the right, and before anything is made.
    try: (moodle) =>
      moodle.call(
        "core_cohort_create_cohorts",
        {
          cohorts: [
            {
              categorytype: { type: "system", value: "" },
              name: "schoolbell-check",
              idnumber: "schoolbell-check-of-rights",
              description: "",
              descriptionformat: 99,
            },
          ],
        },
        nothing,
      ),
    passes: ["formatnotsupported", "invalidparameter", "errorinvalidparam"],
  },
  {
    what: "The service user may change people",
    advice: give("moodle/user:update"),
    needs: ["core_user_update_users"],
    try: (moodle) => moodle.call("core_user_update_users", { users: [{ id: 0 }] }, whatever),
  },
  {
    what: "The service user may send messages",
    advice: `${give("moodle/site:sendmessage and moodle/site:messageanyuser")}, and switch messaging on`,
    needs: ["core_message_send_instant_messages"],
    try: (moodle) =>
      moodle.call("core_message_send_instant_messages", { messages: [{ touserid: 0, text: "-" }] }, whatever),
  },
  {
    what: "The service user may see and manage groups of courses",
    advice: give("moodle/course:view and moodle/course:managegroups"),
    needs: ["core_group_get_course_groups"],
    try: (moodle, { course }) =>
      course === null ? null : moodle.call("core_group_get_course_groups", { courseid: course }, whatever),
  },
  {
    what: "The service user may see who is suspended in a course",
    advice: give("moodle/course:enrolreview"),
    needs: ["core_enrol_get_enrolled_users"],
    try: (moodle, { course }) =>
      course === null
        ? null
        : moodle.call("core_enrol_get_enrolled_users", listing(course, { onlyactive: 1 }), whatever),
  },
  {
    what: "The service user may see how far somebody is",
    advice: give("report/progress:view and moodle/course:view"),
    needs: ["core_completion_get_activities_completion_status"],
    try: (moodle, { course, other }) =>
      course === null || other === null
        ? null
        : moodle.call(
            "core_completion_get_activities_completion_status",
            { courseid: course, userid: other },
            whatever,
          ),
    passes: ["suspended"],
  },
  {
    what: "The service user may complete activities for others",
    advice: give("moodle/course:overridecompletion"),
    needs: ["core_completion_override_activity_completion_status"],
    // A state that cannot be set: looked at after the right.
    try: (moodle, { activity, self }) =>
      activity === null
        ? null
        : moodle.call(
            "core_completion_override_activity_completion_status",
            { userid: self, cmid: activity, newstate: 2 },
            whatever,
          ),
    passes: ["err_system"],
  },
];

export function listing(courseid: number, options: Record<string, number | string>) {
  const all = { limitnumber: 4, userfields: "id,username,email", ...options };
  return { courseid, options: Object.entries(all).map(([name, value]) => ({ name, value })) };
}
