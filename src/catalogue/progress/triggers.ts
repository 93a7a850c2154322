import * as z from "zod";
import { defineTrigger } from "../define";
import { among, ids } from "../options/fields";

const courses = ids("course").optional();
const category = "progress";

const ofCourse = (type: string, label: string, says: string, description: string) =>
  defineTrigger({
    type,
    label,
    says,
    category,
    description,
    params: () => ({ courses }),
    subject: { option: "courses", data: "course" },
    accepts: (params, data) => among(params.courses, data.course),
  });

export const courseStarted = ofCourse(
  "course.started",
  "User Starts a Course",
  "starts {courses: any course}",
  "The user visits a course for the first time.",
);
export const courseCompleted = ofCourse(
  "course.completed",
  "User Completed a Course",
  "completes {courses: any course}",
  "The user completes a course.",
);
export const coursePreviewed = ofCourse(
  "course.previewed",
  "User Previews a Paid Course",
  "previews {courses: any paid course}",
  "The user looks at the preview of a paid course.",
);

export const certificateAwarded = defineTrigger({
  type: "certificate.awarded",
  label: "Certificate gets Awarded",
  also: ["diploma", "certified", "earned"],
  says: "is awarded {certificates: any certificate}[ of {courses}]",
  category,
  description: "The user gets a certificate: any, one of these courses, or one of these.",
  params: () => ({ courses, certificates: ids("certificate").optional() }),
  subject: { option: "courses", data: "course" },
  accepts: (params, data) => among(params.courses, data.course) && among(params.certificates, data.certificate),
});

export const progressReached = defineTrigger({
  type: "course.progress_reached",
  label: "User reaches X% of course progress",
  also: ["half way", "percent"],
  says: "reaches {percent|percent} of {courses: any course}",
  category,
  description: "The progress in a course crosses this percentage upwards, also when it jumps past it.",
  params: () => ({ percent: z.number().min(1).max(100), courses }),
  example: ({ percent }) => ({ percent, previous: 0 }),
  subject: { option: "courses", data: "course" },
  accepts: (params, data) => among(params.courses, data.course),
  holds: ({ percent }, { data }) => Number(data.previous) < percent && Number(data.percent) >= percent,
});

export const activityCompleted = defineTrigger({
  type: "activity.completed",
  label: "User completed a learning activity",
  also: ["unit", "lesson", "video", "section", "quiz"],
  says: "completes {activities: any learning activity}[ of {courses}]",
  category,
  description: "The user completes an activity: any, one of these, or one of these courses.",
  params: () => ({ activities: ids("activity").optional(), courses }),
  subject: { option: "activities", data: "activity" },
  accepts: (params, data) => among(params.activities, data.activity) && among(params.courses, data.course),
});
