import { defineTemplate } from "./define";
import { courses, emailParam, letter, list, subject, tagsParam } from "./fields";

const forms = list("form", "Forms");

export const webinar = defineTemplate({
  id: "webinar-registration",
  name: "Webinar registration",
  description: "Whoever fills the form in gets the link to the webinar by email.",
  params: () => ({
    forms,
    subject: subject("Your seat, {{ user.username }}"),
    body: letter('<p>Join us here: <a href="{{ school.url }}">{{ school.url }}</a></p>'),
  }),
  build: (params) => ({
    when: [{ type: "form.submitted", forms: params.forms }],
    then: [emailParam(params.subject, params.body)],
  }),
});

export const leadMagnet = defineTemplate({
  id: "lead-magnet",
  name: "E-book for an email address",
  description: "Whoever leaves an email address gets the e-book, and a tag once they are a user. No account is needed.",
  params: () => ({
    forms,
    tags: tagsParam("Tags to give to users"),
    subject: subject("Your e-book"),
    body: letter("<p>Here is the e-book that you asked for.</p>"),
  }),
  build: (params) => ({
    when: [{ type: "form.submitted", forms: params.forms }],
    then: [emailParam(params.subject, params.body), { type: "tags.add", tags: params.tags }],
  }),
});

export const previewInterest = defineTemplate({
  id: "interest-in-a-course",
  name: "Follow up on a course preview",
  description:
    "Whoever looks at the preview of one of these courses gets an email, and is given tags for the interest.",
  params: () => ({
    courses: courses("Paid courses"),
    tags: tagsParam("Tags to give"),
    subject: subject("Did you like what you saw, {{ user.username }}?"),
    body: letter('<p>Go on where you left off: <a href="{{ school.url }}">{{ school.name }}</a></p>'),
  }),
  build: (params) => ({
    when: [{ type: "course.previewed", courses: params.courses }],
    then: [emailParam(params.subject, params.body), { type: "tags.add", tags: params.tags }],
    cooldown: "P7D",
    reentry_per: "trigger",
  }),
});
