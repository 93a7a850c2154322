import * as z from "zod";
import { email as address } from "../../catalogue/account/email";
import { defineTemplate } from "./define";
import { courses, letter, list, messageParam, subject, tagsParam } from "./fields";

const recipient = z.union([address, z.string().regex(/^role:[\w .-]+$/, "an address, or role:<name>")]);

export const tellCollaborators = defineTemplate({
  id: "tell-collaborators",
  name: "Tell collaborators of certificates and completed courses",
  description:
    "Whenever a user gets a certificate or completes a course, the collaborators of a role, or these addresses, hear of it.",
  params: () => ({
    to: z
      .array(recipient)
      .min(1)
      .max(50)
      .meta({ picker: "collaborator", title: "Whom to tell" })
      .default(["role:admin"]),
    subject: subject("News of {{ user.username }}"),
    body: letter("<p>{{ user.username }} ({{ user.email }}) has reached something in {{ course.name }}.</p>"),
  }),
  build: (params) => ({
    when: [{ type: "certificate.awarded" }, { type: "course.completed" }],
    then: [{ type: "email.collaborators", to: params.to, subject: params.subject, body: params.body }],
  }),
});

export const tagCoupon = defineTemplate({
  id: "tag-coupon",
  name: "Tag users who used a coupon",
  description: "Whoever uses one of these coupons is given tags, to be found by in lists and reports.",
  params: () => ({ coupons: list("coupon", "Coupons"), tags: tagsParam("Tags to give") }),
  build: (params) => ({
    when: [{ type: "coupon.used", coupons: params.coupons }],
    then: [{ type: "tags.add", tags: params.tags }],
  }),
});

export const completeMigrated = defineTemplate({
  id: "complete-migrated-courses",
  name: "Complete courses for migrated users",
  description: "Whoever is given a tag for what they did elsewhere has these courses completed.",
  params: () => ({ tags: tagsParam("Tags of migrated users"), courses: courses("Courses to complete") }),
  build: (params) => ({
    when: [{ type: "tag.added", tags: params.tags, match: "any" }],
    then: [{ type: "course.complete", courses: params.courses }],
  }),
});

export const allTagsHeld = defineTemplate({
  id: "message-when-all-tags-held",
  name: "Message users who hold several tags",
  description: "When the last of these tags is added, whenever the others came, the user gets a message.",
  params: () => ({
    tags: tagsParam("Tags that must all be held"),
    body: messageParam("Well done, {{ user.username }}: you have it all."),
  }),
  build: (params) => ({
    when: [{ type: "tag.added", tags: params.tags, match: "all" }],
    then: [{ type: "message.user", body: params.body }],
  }),
});
