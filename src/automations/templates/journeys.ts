import * as z from "zod";
import { defineTemplate } from "./define";
import {
  courses,
  days,
  durationParam,
  emailParam,
  enrolParam,
  letter,
  messageParam,
  paymentParams,
  subject,
  waitParam,
} from "./fields";

/** A user goes through a journey once at a time, for each course apart. */
const oneForEachCourse = { reentry: "one_at_a_time", reentry_per: "trigger" };

export const bonusCourse = defineTemplate({
  id: "bonus-course",
  name: "Bonus course some days after the enrollment",
  description: "Whoever is enrolled in one of these courses gets a bonus course some days later.",
  params: () => ({
    courses: courses("Courses"),
    bonus: courses("Bonus courses"),
    after: durationParam("P5D", "How long after"),
    ...paymentParams,
  }),
  build: (params) => ({
    when: [{ type: "course.enrolled", courses: params.courses }],
    then: [waitParam(params.after), enrolParam(params.bonus, params)],
    ...oneForEachCourse,
  }),
});

export const inactivityReminder = defineTemplate({
  id: "inactivity-reminder",
  name: "Remind inactive users",
  description:
    "Whoever has not visited the school for some days is reminded, and again some days later. A visit stops it.",
  params: () => ({
    days: days(14, "Days without a visit"),
    again_after: durationParam("P3D", "Time until the second reminder"),
    first_subject: subject("We miss you, {{ user.username }}", "Subject of the first email"),
    first_body: letter(
      '<p>Your courses are waiting at <a href="{{ school.url }}">{{ school.name }}</a>.</p>',
      "First email",
    ),
    second_subject: subject("Still there, {{ user.username }}?", "Subject of the second email"),
    second_body: letter("<p>A few minutes a day are enough.</p>", "Second email"),
  }),
  build: (params) => ({
    when: [{ type: "inactivity.school", days: params.days }],
    then: [
      emailParam(params.first_subject, params.first_body),
      waitParam(params.again_after),
      emailParam(params.second_subject, params.second_body),
    ],
    exit_when: [{ type: "school.visited" }, { type: "user.signed_in" }],
    reentry: "one_at_a_time",
  }),
});

export const onboardingDrip = defineTemplate({
  id: "onboarding-drip",
  name: "Onboarding drip",
  description:
    "Whoever is enrolled in one of these courses is welcomed, reminded, and then praised for a first unit or given tips. Completing the course stops it.",
  params: () => ({
    courses: courses("Courses"),
    reminder_after: durationParam("P2D", "Time until the reminder"),
    check_after: durationParam("P4D", "Time from there until progress is looked at"),
    welcome_subject: subject("Welcome, {{ user.username }}", "Subject of the welcome"),
    welcome_body: letter("<p>Good to have you in {{ course.name }}.</p>", "Welcome"),
    reminder_subject: subject("How is it going?", "Subject of the reminder"),
    reminder_body: letter("<p>A first unit takes no more than a few minutes.</p>", "Reminder"),
    praise_subject: subject("Well done", "Subject of the praise"),
    praise_body: letter("<p>You are on your way: {{ course.percent }} %.</p>", "Praise"),
    tips_subject: subject("Some tips to begin", "Subject of the tips"),
    tips_body: letter("<p>Set a time of the day aside, and begin small.</p>", "Tips"),
  }),
  build: (params) => ({
    when: [{ type: "course.enrolled", courses: params.courses }],
    then: [
      emailParam(params.welcome_subject, params.welcome_body),
      waitParam(params.reminder_after),
      emailParam(params.reminder_subject, params.reminder_body),
      waitParam(params.check_after),
      {
        type: "branch",
        if: { type: "activity.completed", courses: ["$trigger"], at_least: 1 },
        yes: [emailParam(params.praise_subject, params.praise_body)],
        no: [emailParam(params.tips_subject, params.tips_body)],
      },
    ],
    exit_when: [{ type: "course.completed", courses: ["$trigger"] }],
    ...oneForEachCourse,
  }),
});

export const certificationRenewal = defineTemplate({
  id: "certification-renewal",
  name: "Certification renewal",
  description:
    "Whoever gets the certificate of one of these courses is reminded before the date in a field of theirs, and again if not enrolled in the refresher by then. Completing the refresher stops it.",
  params: () => ({
    courses: courses("Courses with the certificate"),
    refresher: courses("Refresher courses"),
    field: z
      .string()
      .regex(/^(?!__proto__$)[\p{L}\p{N}_ -]{1,128}$/u, "not the name of a field")
      .meta({ picker: "field", title: "Field with the day on which the certificate ends" })
      .default("cert_expires"),
    days_before: days(30, "Days before it"),
    follow_up_after: durationParam("P15D", "Time until the follow-up"),
    reminder_subject: subject("Renew your certificate", "Subject of the reminder"),
    reminder_body: letter("<p>Your certificate ends soon. The refresher renews it.</p>", "Reminder"),
    enrolled_subject: subject("You are on your way", "Subject, for those who are enrolled"),
    enrolled_body: letter(
      "<p>Complete the refresher to renew your certificate.</p>",
      "Email for those who are enrolled",
    ),
    late_subject: subject("Time is running out", "Subject, for those who are not enrolled"),
    late_body: letter(
      "<p>Begin the refresher now to keep your certificate.</p>",
      "Email for those who are not enrolled",
    ),
  }),
  build: (params) => ({
    when: [{ type: "certificate.awarded", courses: params.courses }],
    then: [
      { type: "wait", until_field: params.field, offset: `-P${params.days_before}D`, at: "09:00" },
      emailParam(params.reminder_subject, params.reminder_body),
      waitParam(params.follow_up_after),
      {
        type: "branch",
        if: { type: "course.is_enrolled", courses: params.refresher },
        yes: [emailParam(params.enrolled_subject, params.enrolled_body)],
        no: [emailParam(params.late_subject, params.late_body)],
      },
    ],
    exit_when: [{ type: "course.completed", courses: params.refresher }],
    reentry: "restart",
    reentry_per: "trigger",
  }),
});

export const winBack = defineTemplate({
  id: "win-back",
  name: "Win inactive users back",
  description:
    "Whoever has not visited the school for some days is reminded; who returns is welcomed back, who does not gets a stronger reminder; then a final offer. Signing in or completing a course stops it.",
  params: () => ({
    days: days(10, "Days without a visit"),
    pause: durationParam("P7D", "Time between the emails"),
    reminder_subject: subject("We miss you, {{ user.username }}", "Subject of the reminder"),
    reminder_body: letter("<p>Your courses are waiting for you.</p>", "Reminder"),
    returned: messageParam("Welcome back, {{ user.username }}", "Message for those who returned"),
    stronger_subject: subject("Your courses are getting lonely", "Subject of the stronger reminder"),
    stronger_body: letter("<p>Go on where you left off: it takes a few minutes.</p>", "Stronger reminder"),
    offer_subject: subject("An offer to come back", "Subject of the final offer"),
    offer_body: letter("<p>For you alone, and for a few days only.</p>", "Final offer"),
  }),
  build: (params) => ({
    when: [{ type: "inactivity.school", days: params.days }],
    then: [
      emailParam(params.reminder_subject, params.reminder_body),
      waitParam(params.pause),
      {
        type: "branch",
        if: { type: "user.has_visited" },
        yes: [{ type: "message.user", body: params.returned }],
        no: [emailParam(params.stronger_subject, params.stronger_body)],
      },
      waitParam(params.pause),
      emailParam(params.offer_subject, params.offer_body),
    ],
    exit_when: [{ type: "course.completed" }, { type: "user.signed_in" }],
    reentry: "one_at_a_time",
  }),
});

export const upsell = defineTemplate({
  id: "upsell-after-completion",
  name: "Offer the next course after completion",
  description:
    "Whoever completes one of these courses and has not the next one is offered it, and offered it again. Enrolling stops it.",
  params: () => ({
    courses: courses("Courses"),
    next: courses("Next courses"),
    again_after: durationParam("P7D", "Time until the second offer"),
    first_subject: subject("Ready for more, {{ user.username }}?", "Subject of the first email"),
    first_body: letter("<p>You have completed {{ course.name }}. Here is what follows.</p>", "First email"),
    second_subject: subject("10 % off your next course", "Subject of the second email"),
    second_body: letter("<p>This offer stands for a week.</p>", "Second email"),
  }),
  build: (params) => ({
    when: [{ type: "course.completed", courses: params.courses }],
    only_if: { type: "course.is_not_enrolled", courses: params.next },
    then: [
      emailParam(params.first_subject, params.first_body),
      waitParam(params.again_after),
      emailParam(params.second_subject, params.second_body),
    ],
    exit_when: [{ type: "course.enrolled", courses: params.next }],
    ...oneForEachCourse,
  }),
});
