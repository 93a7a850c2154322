import * as z from "zod";
import { defineTrigger } from "../define";
import type { ProductType } from "../facts/facts";
import { among, ids } from "../options/fields";
import { REASONS } from "./events";

const enrolled = <N extends string>(type: ProductType, name: N, label: string, says: string) =>
  defineTrigger({
    type: `${type}.enrolled`,
    label,
    also: ["gets access", "buys", "joins"],
    says,
    category: "users",
    description: `The user is enrolled in any ${type}, or in one of these.`,
    // A computed key widens to string; N is the one name it has.
    params: () => ({ [name]: ids(type).optional() }) as Record<N, z.ZodOptional<ReturnType<typeof ids>>>,
    subject: { option: name, data: type, lasts: true },
    accepts: (params: Record<string, unknown>, data) => among(params[name], data[type]),
  });

const unenrolled = <N extends string>(type: ProductType, name: N, label: string, says: string) =>
  defineTrigger({
    type: `${type}.unenrolled`,
    label,
    also: ["loses access", "leaves", "expires"],
    says,
    category: "users",
    description: `The user's enrolment in any ${type}, or in one of these, ends; for any reason or one of these.`,
    params: () =>
      ({ [name]: ids(type).optional(), reasons: z.array(z.enum(REASONS)).min(1).optional() }) as Record<
        N,
        z.ZodOptional<ReturnType<typeof ids>>
      > & { reasons: z.ZodOptional<z.ZodArray<z.ZodEnum<{ [R in (typeof REASONS)[number]]: R }>>> },
    subject: { option: name, data: type },
    accepts: (params: Record<string, unknown>, data) =>
      among(params[name], data[type]) &&
      (!Array.isArray(params.reasons) || (typeof data.reason === "string" && params.reasons.includes(data.reason))),
  });

export const courseEnrolled = enrolled(
  "course",
  "courses",
  "User Enrolled in a Course",
  "is enrolled in {courses: any course}",
);
export const bundleEnrolled = enrolled(
  "bundle",
  "bundles",
  "User Enrolled in a Bundle",
  "is enrolled in [the bundle {bundles}][any bundle{!bundles}]",
);
export const subscriptionEnrolled = enrolled(
  "subscription",
  "subscriptions",
  "User Enrolled to a Subscription",
  "is enrolled in [the subscription {subscriptions}][any subscription{!subscriptions}]",
);
export const courseUnenrolled = unenrolled(
  "course",
  "courses",
  "User Un-enrolled from a Course",
  "is un-enrolled from {courses: any course}[ because: {reasons}]",
);
export const bundleUnenrolled = unenrolled(
  "bundle",
  "bundles",
  "User Un-enrolled from a Bundle",
  "is un-enrolled from [the bundle {bundles}][any bundle{!bundles}][ because: {reasons}]",
);
export const subscriptionUnenrolled = unenrolled(
  "subscription",
  "subscriptions",
  "User Un-enrolled from a Subscription",
  "is un-enrolled from [the subscription {subscriptions}][any subscription{!subscriptions}][ because: {reasons}]",
);
