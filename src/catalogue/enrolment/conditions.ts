import { defineCondition } from "../define";
import type { Learner, ProductType } from "../facts/facts";
import { ids } from "../options/fields";
import { isEnrolled } from "./change";

const held = (learner: Learner, type: ProductType): string[] =>
  learner.enrolments.flatMap((one) =>
    one.type === type && isEnrolled(learner, type, one.product) ? [one.product] : [],
  );

export const inCourse = defineCondition({
  type: "course.is_enrolled",
  label: "Is Enrolled to Course",
  also: ["student of", "has access", "owns course", "bought"],
  says: "<are|are not> enrolled in {courses}",
  category: "products",
  description: "The user is enrolled in any of these courses.",
  params: () => ({ courses: ids("course") }),
  test: ({ courses }, { learner }) => courses.some((one) => isEnrolled(learner, "course", one)),
  seen: ({ learner }) => held(learner, "course"),
});

export const notInCourse = defineCondition({
  type: "course.is_not_enrolled",
  label: "Is not Enrolled to Course",
  also: ["no access", "not a student of"],
  says: "<are not|are> enrolled in {courses}",
  category: "products",
  description: "The user is enrolled in none of these courses.",
  denies: ["course.is_enrolled"],
  params: () => ({ courses: ids("course") }),
  test: ({ courses }, { learner }) => !courses.some((one) => isEnrolled(learner, "course", one)),
  seen: ({ learner }) => held(learner, "course"),
});

export const inBundle = defineCondition({
  type: "bundle.is_enrolled",
  label: "Is Enrolled to Bundle",
  says: "<are|are not> enrolled in the bundle {bundles}",
  category: "products",
  description: "The user is enrolled in any of these bundles.",
  params: () => ({ bundles: ids("bundle") }),
  test: ({ bundles }, { learner }) => bundles.some((one) => isEnrolled(learner, "bundle", one)),
  seen: ({ learner }) => held(learner, "bundle"),
});

export const notInBundle = defineCondition({
  type: "bundle.is_not_enrolled",
  label: "Is not Enrolled on Bundle",
  says: "<are not|are> enrolled in the bundle {bundles}",
  category: "products",
  description: "The user is enrolled in none of these bundles.",
  denies: ["bundle.is_enrolled"],
  params: () => ({ bundles: ids("bundle") }),
  test: ({ bundles }, { learner }) => !bundles.some((one) => isEnrolled(learner, "bundle", one)),
  seen: ({ learner }) => held(learner, "bundle"),
});

export const ownsSubscription = defineCondition({
  type: "subscription.owns",
  label: "Owns Subscription",
  also: ["member", "subscriber", "has access"],
  says: "<own|do not own> the subscription {subscriptions}",
  category: "products",
  description: "The user has any of these subscriptions.",
  params: () => ({ subscriptions: ids("subscription") }),
  test: ({ subscriptions }, { learner }) => subscriptions.some((one) => isEnrolled(learner, "subscription", one)),
  seen: ({ learner }) => held(learner, "subscription"),
});

export const doesNotOwnSubscription = defineCondition({
  type: "subscription.does_not_own",
  label: "Doesn't Own Subscription",
  also: ["not a subscriber"],
  says: "<do not own|own> the subscription {subscriptions}",
  category: "products",
  description: "The user has none of these subscriptions.",
  denies: ["subscription.owns"],
  params: () => ({ subscriptions: ids("subscription") }),
  test: ({ subscriptions }, { learner }) => !subscriptions.some((one) => isEnrolled(learner, "subscription", one)),
  seen: ({ learner }) => held(learner, "subscription"),
});
