import * as z from "zod";
import { instant } from "../account/attributes";
import { defineEvent } from "../define-event";
import type { ProductType, SchoolView, Turn } from "../facts/facts";
import { id, role } from "../options/fields";
import { endTrial, enrol, withdraw } from "./change";
import { coursesIn, enrolmentsOf, enrolWithCourses, takeCourses } from "./holding";

export const REASONS = ["expired", "ended", "admin", "self", "refund"] as const;
const reason = z.enum(REASONS).optional();
const enrolling = {
  role: role.optional(),
  expires_at: instant.optional(),
  paid: z.boolean().optional(),
  private: z.boolean().optional(),
};
const coursesOf = (data: { bundle: string; courses?: string[] | undefined }, school: SchoolView): readonly string[] =>
  data.courses ?? coursesIn(school, "bundle", data.bundle);
const WITHDRAWS = "Withdraws every source of the enrolment.";

/** Ends an enrolment whatever gave it, with what hangs on it. */
function leave(turn: Turn, type: ProductType, product: string, why: string | undefined): void {
  withdraw(turn, type, product, () => true, why);
  if (type !== "course") takeCourses(turn, type, product, { reason: why });
  if (type === "subscription") endTrial(turn.learner, product);
}

/** Who enrolled by a course's key is there by that; whatever else an event tells has one source. */
const sourceOf = ({ giver: { by, id: method } }: Turn): string =>
  by === "learner" && method !== null ? `self:${method}` : "event";

export const courseEnrolled = defineEvent({
  type: "course.enrolled",
  proves: "enrolled",
  label: "Enrolled in a course",
  description: "The user was enrolled in a course.",
  data: () => ({ course: id.meta({ picker: "course" }), ...enrolling }),
  gives: ({ course }) => ({ field: "course", enrolments: [{ type: "course", product: course }] }),
  apply: (turn, data) =>
    void enrol(turn, {
      ...data,
      type: "course",
      product: data.course,
      source: sourceOf(turn),
      endsAt: data.expires_at,
      isSent: true,
    }),
});

export const courseUnenrolled = defineEvent({
  type: "course.unenrolled",
  proves: "unenrolled",
  label: "Un-enrolled from a course",
  description: `The user left the course, or lost it. ${WITHDRAWS}`,
  data: () => ({ course: id.meta({ picker: "course" }), reason }),
  apply: (turn, data) => leave(turn, "course", data.course, data.reason),
});

export const bundleEnrolled = defineEvent({
  type: "bundle.enrolled",
  label: "Enrolled in a bundle",
  description: "The user was enrolled in a bundle, and with it in each of its courses.",
  data: () => ({
    bundle: id.meta({ picker: "bundle" }),
    ...enrolling,
    courses: z.array(id).max(200).optional().meta({ picker: "course" }),
  }),
  holds: ({ bundle, courses }) => (courses ? { bundle, courses } : null),
  gives: (data, school) => ({
    field: data.courses ? "courses" : "bundle",
    enrolments: enrolmentsOf("bundle", data.bundle, coursesOf(data, school)),
  }),
  apply: (turn, data) => {
    const wanted = {
      ...data,
      type: "bundle",
      product: data.bundle,
      source: "event",
      endsAt: data.expires_at,
      isSent: true,
    } as const;
    enrolWithCourses(turn, wanted, coursesOf(data, turn.school), data.courses !== undefined);
  },
});

export const bundleUnenrolled = defineEvent({
  type: "bundle.unenrolled",
  label: "Un-enrolled from a bundle",
  description: `The user left the bundle, or lost it. ${WITHDRAWS}`,
  data: () => ({ bundle: id.meta({ picker: "bundle" }), reason }),
  apply: (turn, data) => leave(turn, "bundle", data.bundle, data.reason),
});

export const subscriptionEnrolled = defineEvent({
  type: "subscription.enrolled",
  label: "Enrolled to a subscription",
  description: "The user subscribed, and is enrolled in each of the courses that the subscription holds.",
  data: () => ({ subscription: id.meta({ picker: "subscription" }), ...enrolling }),
  gives: ({ subscription }, school) => ({
    field: "subscription",
    enrolments: enrolmentsOf("subscription", subscription, coursesIn(school, "subscription", subscription)),
  }),
  apply: (turn, data) => {
    const { subscription: product, expires_at: endsAt } = data;
    const wanted = { ...data, type: "subscription", product, source: "event", endsAt, isSent: true } as const;
    enrolWithCourses(turn, wanted, coursesIn(turn.school, "subscription", product));
  },
});

export const subscriptionUnenrolled = defineEvent({
  type: "subscription.unenrolled",
  label: "Un-enrolled from a subscription",
  description: `The user left the subscription, or lost it. ${WITHDRAWS}`,
  data: () => ({ subscription: id.meta({ picker: "subscription" }), reason }),
  apply: (turn, data) => leave(turn, "subscription", data.subscription, data.reason),
});
