import { defineTemplate } from "./define";
import { courses, durationParam, enrolParam, list, paymentParams, tagsParam } from "./fields";

/** An enrolment may be extended: its end is waited for, not counted. */
const A_LONG_TIME = "P10Y";
const spaces = list("space", "Private spaces");

export const joinSpace = defineTemplate({
  id: "join-space-on-enrollment",
  name: "Add to a private space on enrollment",
  description: "Whoever is enrolled in one of these courses is let into their private spaces.",
  params: () => ({ courses: courses("Courses"), spaces }),
  build: (params) => ({
    when: [{ type: "course.enrolled", courses: params.courses }],
    then: [{ type: "space.add", spaces: params.spaces }],
  }),
});

export const leaveSpace = defineTemplate({
  id: "leave-space-on-unenrollment",
  name: "Remove from a private space when the enrollment ends",
  description:
    "Whoever leaves one of these courses, or loses it, for whatever reason, leaves their private spaces too.",
  params: () => ({ courses: courses("Courses"), spaces }),
  build: (params) => ({
    when: [{ type: "course.unenrolled", courses: params.courses }],
    then: [{ type: "space.remove", spaces: params.spaces }],
  }),
});

export const timedAccess = defineTemplate({
  id: "access-for-a-time",
  name: "Give new users a course for a time",
  description:
    "Whoever signs up is enrolled in these courses, and let into the spaces, for a time; the enrollment ends by itself, and the spaces with it.",
  params: () => ({
    courses: courses("Courses"),
    spaces,
    expires_after: durationParam("P30D", "For how long"),
    ...paymentParams,
  }),
  build: (params) => ({
    when: [{ type: "user.signed_up" }],
    then: [
      enrolParam(params.courses, params, { expires_after: params.expires_after }),
      { type: "space.add", spaces: params.spaces },
      {
        type: "wait_for",
        event: { type: "course.unenrolled", courses: params.courses },
        timeout: A_LONG_TIME,
        on_event: [{ type: "space.remove", spaces: params.spaces }],
      },
    ],
    reentry: "once",
  }),
});

export const unenrolWithTag = defineTemplate({
  id: "unenroll-with-tag",
  name: "Un-enroll when a tag is removed",
  description: "Whoever loses these tags is un-enrolled from the courses that came with them.",
  params: () => ({ tags: tagsParam("Tags"), courses: courses("Courses to un-enroll from") }),
  build: (params) => ({
    when: [{ type: "tag.removed", tags: params.tags }],
    then: [{ type: "course.unenroll", courses: params.courses }],
  }),
});
