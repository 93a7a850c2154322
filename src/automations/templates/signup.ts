import { defineTemplate } from "./define";
import {
  courses,
  date,
  domains,
  durationParam,
  emailParam,
  enrolParam,
  letter,
  messageParam,
  paymentParams,
  subject,
  tagsParam,
  waitParam,
} from "./fields";

const signUp = { type: "user.signed_up" };

export const enrolOnSignup = defineTemplate({
  id: "enroll-on-signup",
  name: "Enroll users in courses upon signup",
  description: "Whoever signs up is enrolled in these courses, and gets a welcome email a while later.",
  params: () => ({
    courses: courses("Courses to enroll in"),
    ...paymentParams,
    welcome_after: durationParam("PT1H", "Time until the welcome email"),
    subject: subject("Welcome, {{ user.username }}"),
    body: letter("<p>Hello {{ user.username }},</p><p>your first course at {{ school.name }} is waiting for you.</p>"),
  }),
  build: (params) => ({
    when: [signUp],
    then: [
      enrolParam(params.courses, params),
      waitParam(params.welcome_after),
      emailParam(params.subject, params.body),
    ],
    reentry: "once",
  }),
});

export const tagOnSignup = defineTemplate({
  id: "tag-on-signup",
  name: "Tag users on signup",
  description:
    "Whoever signs up is given tags at once, so that the page shown next can go by them; only between two days, if you name them.",
  params: () => ({
    tags: tagsParam("Tags to give"),
    registered_after: date.meta({ title: "Only who registers after this day" }).optional(),
    registered_before: date.meta({ title: "Only who registers before this day" }).optional(),
  }),
  build: (params) => {
    const dates = [
      ...(params.registered_after ? [{ type: "user.registered_after", date: params.registered_after }] : []),
      ...(params.registered_before ? [{ type: "user.registered_before", date: params.registered_before }] : []),
    ];
    return {
      synchronous: true,
      when: [signUp],
      only_if: dates.length ? { all: dates } : null,
      then: [{ type: "tags.add", tags: params.tags }],
    };
  },
});

export const tagByDomain = defineTemplate({
  id: "tag-by-email-domain",
  name: "Tag users by the domain of their email",
  description: "Whoever signs up is given the domain of their email (acme.com) as a tag.",
  params: () => ({}),
  build: () => ({ synchronous: true, when: [signUp], then: [{ type: "tags.add_email_domain" }] }),
});

export const tagClientDomains = defineTemplate({
  id: "tag-client-organisations",
  name: "Tag users of client organisations",
  description: "Whoever signs up with an email of one of these domains is given the domain as a tag; nobody else is.",
  params: () => ({ domains: domains("Domains of the organisations") }),
  build: (params) => ({
    synchronous: true,
    when: [signUp],
    then: [{ type: "tags.add_email_domain_if", domains: params.domains }],
  }),
});

export const pushWelcome = defineTemplate({
  id: "welcome-by-push",
  name: "Welcome new users with a push notification",
  description: "Whoever signs up is welcomed in the mobile app.",
  params: () => ({
    title: subject("Hello {{ user.username }}", "Title"),
    body: messageParam("Good to have you at {{ school.name }}.", "Text of the notification"),
  }),
  build: (params) => ({
    when: [signUp],
    then: [{ type: "push.user", title: params.title, body: params.body }],
  }),
});
