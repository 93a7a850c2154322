import * as z from "zod";
import { replaced } from "../../base/record";
import { instant } from "../account/attributes";
import { formatInstant } from "../dates/time";
import { defineEvent } from "../define-event";
import { id, percent } from "../options/fields";
import { complete, completeActivity, progress, resetActivities, resetCourse } from "./change";
import { changeRecord } from "./record";

const course = id.meta({ picker: "course" });
const activity = id.meta({ picker: "activity" });

export const coursePreviewed = defineEvent({
  type: "course.previewed",
  label: "Paid course previewed",
  description: "The user looked at the preview of a paid course.",
  browser: true,
  data: () => ({ course }),
  apply: (turn, data) => turn.make("course.previewed", data),
});

export const courseProgressed = defineEvent({
  type: "course.progressed",
  label: "Course progressed",
  description: "How far the user is in a course. Progress never falls; 100 does not imply completed.",
  also: ["course.progress_reached"],
  data: () => ({ course, percent }),
  apply: (turn, data) => void progress(turn, data.course, data.percent),
});

export const activityCompleted = defineEvent({
  type: "activity.completed",
  label: "Learning activity completed",
  description: "The user completed an activity of a course.",
  data: () => ({ course, activity, kind: z.string().max(64).optional() }),
  apply: (turn, data) => void completeActivity(turn, data.course, data.activity, data.kind),
});

export const courseCompleted = defineEvent({
  type: "course.completed",
  proves: "completed",
  label: "Course completed",
  description: "The user completed a course; its progress is 100 then.",
  also: ["course.progress_reached"],
  data: () => ({ course, score: z.number().optional() }),
  apply: (turn, data) => void complete(turn, data.course, data),
});

export const certificateAwarded = defineEvent({
  type: "certificate.awarded",
  proves: "certified",
  label: "Certificate awarded",
  description: "The user got a certificate. The same one again is news only when it brings another end.",
  data: () => ({
    course: course.optional(),
    certificate: id.meta({ picker: "certificate" }).optional(),
    expires_at: instant.optional(),
  }),
  apply: (turn, { course: of, certificate, expires_at }) => {
    const { learner } = turn;
    const { certificates } = learner;
    const known = certificates.find((one) => one.course === (of ?? null) && one.certificate === (certificate ?? null));
    if (known && (expires_at === undefined || expires_at === known.expiresAt)) return;
    const now = { at: turn.at, expiresAt: expires_at ?? null };
    learner.certificates = known
      ? replaced(certificates, known, { ...known, ...now })
      : [...certificates, { course: of ?? null, certificate: certificate ?? null, ...now }];
    if (of !== undefined) changeRecord(turn.learner, of, { certificateAt: turn.at });
    turn.make("certificate.awarded", {
      ...(of === undefined ? {} : { course: of }),
      ...(certificate === undefined ? {} : { certificate }),
      ...(expires_at === undefined ? {} : { expires_at: formatInstant(expires_at) }),
    });
  },
});

export const courseProgressReset = defineEvent({
  type: "course.progress_reset",
  proves: "reset",
  label: "Course progress reset",
  description: "The user begins the course anew: started, progress and completed can come again.",
  data: () => ({ course }),
  apply: (turn, data) => void resetCourse(turn, data.course),
});

export const activityProgressReset = defineEvent({
  type: "activity.progress_reset",
  label: "Learning activity progress reset",
  description: "The user begins an activity anew.",
  data: () => ({ course, activity }),
  apply: (turn, data) => void resetActivities(turn, data.course, [data.activity]),
});
