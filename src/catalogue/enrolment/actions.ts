import * as z from "zod";
import { addDuration } from "../dates/time";
import { type Doing, defineAction, done, type Outcome, requireRoom, skipped } from "../define";
import { giving, taking } from "../facts/effect";
import type { ProductType, Source } from "../facts/facts";
import { currency, duration, ids, roleOfCard } from "../options/fields";
import { pay } from "../payment/change";
import { gives, type Undo } from "../undo/things";
import { type Enrolling, enrol, enrolmentOf, withdraw } from "./change";
import { coursesIn, enrolmentsOf, enrolWithCourses, takeCourses } from "./holding";

const payment = {
  create_payment: z.boolean().default(false),
  issue_invoice: z.boolean().default(false),
  price: z.number().min(0).optional(),
  currency: currency.optional(),
};
interface Payment {
  create_payment: boolean;
  issue_invoice: boolean;
  price?: number | undefined;
  currency?: string | undefined;
}
const invoiceNeedsPayment = (params: Payment) =>
  params.issue_invoice && !params.create_payment
    ? { message: "an invoice needs create_payment", path: ["issue_invoice"] }
    : null;

/** Enrols in each product, with a payment for those that are new. */
function enrolInAll(
  doing: Doing,
  type: ProductType,
  products: readonly string[],
  params: Payment & { expires_after?: string | undefined },
  one: (wanted: Omit<Enrolling, "type">) => ReturnType<typeof enrol>,
): Outcome {
  const endsAt = params.expires_after
    ? addDuration(doing.now, params.expires_after, doing.school.settings.timezone)
    : null;
  const enrolled: string[] = [];
  const payments: string[] = [];
  const extended: string[] = [];
  let changed = false;
  for (const product of products) {
    const result = one({
      product,
      source: "run",
      endsAt,
      by: doing.run.lineage,
      ...(params.create_payment ? { payment: { price: params.price ?? 0, currency: params.currency } } : {}),
    });
    changed ||= result !== "none";
    if (result === "extended") extended.push(product);
    if (result !== "enrolled") continue;
    enrolled.push(product);
    if (!params.create_payment) continue;
    const id = `${doing.run.id}-${doing.step.key}-${payments.length + 1}`;
    payments.push(id);
    pay(doing, {
      product_type: type,
      product,
      amount: params.price ?? 0,
      currency: params.currency,
      payment: id,
      invoice: params.issue_invoice,
    });
  }
  const detail = {
    ...(enrolled.length ? { enrolled } : {}),
    ...(extended.length ? { extended } : {}),
    ...(payments.length ? { payments } : {}),
  };
  if (enrolled.length === products.length) return done(detail);
  if (changed) return done({ ...detail, reason: "already_enrolled" });
  return skipped("already_enrolled", detail);
}

/** A payment that goes with it stays. */
const enrolling = (type: ProductType): Undo => ({
  gave: (detail) => [...gives(type, "enrolled").gave(detail), ...gives(type, "extended").gave(detail)],
  leaves: ({ payments }) => payments !== undefined,
});

const mayEnrol = (type: ProductType, products: readonly string[], params: Payment) =>
  products.flatMap((product) => [
    { type: `${type}.enrolled`, data: { [type]: product } },
    ...(params.create_payment ? [{ type: "payment.made", data: { product_type: type, product } }] : []),
  ]);

/** What was given for a time is taken when that is over. */
const mayEnd = (type: ProductType, products: readonly string[], expires: string | undefined) =>
  expires === undefined ? [] : products.map((product) => ({ type: `${type}.unenrolled`, data: { [type]: product } }));

export const enrolInCourses = defineAction({
  type: "course.enroll",
  label: "Enroll to Courses",
  also: ["add to course", "give access", "register"],
  says: "enrol them in {courses|and}[ as {role|role}][ for {expires_after}][, with a payment of {create_payment?}{price}[ {currency}]]",
  category: "products",
  description: "Enrols the user in courses, for good or for a time, with a payment record if asked for.",
  undo: enrolling("course"),
  params: () => ({
    courses: ids("course"),
    role: roleOfCard.default("student"),
    ...payment,
    expires_after: duration.optional(),
  }),
  effect: giving,
  makes: ["course.enrolled", "payment.made"],
  mayMake: (params) => mayEnrol("course", params.courses, params),
  endsLater: (params) => mayEnd("course", params.courses, params.expires_after),
  check: invoiceNeedsPayment,
  perform: (doing, params) => {
    requireRoom(doing, { enrolments: params.courses.map((product) => ({ type: "course", product })) });
    return enrolInAll(doing, "course", params.courses, params, (wanted) =>
      enrol(doing, { ...wanted, type: "course", role: params.role }),
    );
  },
});

export const enrolInBundles = defineAction({
  type: "bundle.enroll",
  label: "Enroll to Bundles",
  also: ["add to bundle", "give access", "learning path"],
  says: "enrol them in the bundle {bundles|and}[ for {expires_after}][, with a payment of {create_payment?}{price}[ {currency}]]",
  category: "products",
  description: "Enrols the user in bundles and in the courses they are known to hold.",
  undo: enrolling("bundle"),
  params: () => ({ bundles: ids("bundle"), ...payment, expires_after: duration.optional() }),
  effect: giving,
  makes: ["bundle.enrolled", "course.enrolled", "payment.made"],
  mayMake: (params) => [
    ...mayEnrol("bundle", params.bundles, params),
    // Which courses a bundle holds is the LMS's to say.
    { type: "course.enrolled", data: {} },
  ],
  endsLater: (params) => [
    ...mayEnd("bundle", params.bundles, params.expires_after),
    ...(params.expires_after === undefined ? [] : [{ type: "course.unenrolled", data: {} }]),
  ],
  check: invoiceNeedsPayment,
  perform: (doing, params) => {
    const coursesOf = (bundle: string) => coursesIn(doing.school, "bundle", bundle);
    requireRoom(doing, {
      enrolments: params.bundles.flatMap((bundle) => enrolmentsOf("bundle", bundle, coursesOf(bundle))),
    });
    return enrolInAll(doing, "bundle", params.bundles, params, (wanted) =>
      enrolWithCourses(doing, { ...wanted, type: "bundle" }, coursesOf(wanted.product)),
    );
  },
});

/** What an action may take away; what a bundle, sync or seat gives stays. */
const byHand = (source: Source): boolean => source.source === "event" || source.source === "run";

function unenrolFromAll(
  doing: Doing,
  type: ProductType,
  products: readonly string[],
  also?: (product: string) => void,
): Outcome {
  const unenrolled: string[] = [];
  const held: string[] = [];
  const reasons: string[] = [];
  const absent: string[] = [];
  let withdrawn = false;
  for (const product of products) {
    if (!enrolmentOf(doing.learner, type, product)) {
      absent.push(product);
      continue;
    }
    withdrawn = withdraw(doing, type, product, byHand).length > 0 || withdrawn;
    const left = enrolmentOf(doing.learner, type, product);
    if (left) {
      held.push(product);
      reasons.push(`held_by_${left.sources[0]?.source.split(":")[0] ?? "other"}`);
    } else {
      unenrolled.push(product);
      also?.(product);
    }
  }
  if (absent.length === products.length) return skipped("not_enrolled");
  const detail = {
    ...(unenrolled.length ? { unenrolled } : {}),
    ...(held.length ? { held } : {}),
    ...(absent.length ? { not_enrolled: absent } : {}),
  };
  const [reason] = reasons;
  if (reason === undefined) return done(detail);
  return withdrawn ? done({ ...detail, reason }) : skipped(reason, detail);
}

export const unenrolFromCourses = defineAction({
  type: "course.unenroll",
  label: "Un-Enroll from Courses",
  also: ["remove from course", "take away access"],
  says: "un-enrol them from {courses|and}",
  category: "products",
  description: "Ends what an event or a run gave; what a bundle, sync or seat gives stays.",
  params: () => ({ courses: ids("course") }),
  effect: taking,
  makes: ["course.unenrolled"],
  mayMake: ({ courses }) => courses.map((course) => ({ type: "course.unenrolled", data: { course } })),
  perform: (doing, { courses }) => unenrolFromAll(doing, "course", courses),
});

export const unenrolFromBundles = defineAction({
  type: "bundle.unenroll",
  label: "Un-Enroll from Bundles",
  also: ["remove from bundle", "take away access", "learning path"],
  says: "un-enrol them from the bundle {bundles|and}",
  category: "products",
  description: "Takes the user out of bundles and of the courses that only they gave.",
  params: () => ({ bundles: ids("bundle") }),
  effect: taking,
  makes: ["bundle.unenrolled", "course.unenrolled"],
  mayMake: ({ bundles }) => [
    ...bundles.map((bundle) => ({ type: "bundle.unenrolled", data: { bundle } })),
    { type: "course.unenrolled", data: {} },
  ],
  perform: (doing, { bundles }) =>
    unenrolFromAll(doing, "bundle", bundles, (bundle) => takeCourses(doing, "bundle", bundle)),
});
