import * as z from "zod";
import { defineTrigger } from "../define";
import { couponKey, PRODUCTS } from "../kinds";
import { among, amongKeys, ids } from "../options/fields";
import { CHANGES, COUPON_KINDS, RECURRING_KINDS } from "./events";

const category = "payments";
const products = ids("product").optional();
const subscriptions = ids("subscription").optional();
const anyOf = <T extends readonly [string, ...string[]]>(values: T) => z.array(z.enum(values)).min(1).optional();

export const paymentMade = defineTrigger({
  type: "payment.made",
  label: "Payment is Made",
  also: ["buys", "purchase", "order", "sale", "checkout"],
  says: "pays for {products: any product}[, a {product_types}]",
  category,
  description: "The user pays: for anything, for one of these, or for one of these kinds of product.",
  params: () => ({ products, product_types: anyOf(PRODUCTS) }),
  subject: { option: "products", data: "product" },
  accepts: (params, data) => among(params.products, data.product) && among(params.product_types, data.product_type),
});

export const couponUsed = defineTrigger({
  type: "coupon.used",
  label: "Coupon is Used",
  also: ["discount", "voucher", "promotion code"],
  says: "uses {coupons: any coupon}[, a {kinds}]",
  category,
  description: "The user uses a coupon: any, one of these codes, or one of these kinds.",
  params: () => ({ coupons: ids("coupon").optional(), kinds: anyOf(COUPON_KINDS) }),
  subject: { option: "coupons", data: "coupon", keyOf: couponKey },
  accepts: (params, data) => amongKeys(couponKey, params.coupons, data.coupon) && among(params.kinds, data.kind),
});

export const trialStarted = defineTrigger({
  type: "trial.started",
  label: "Subscription Trial Started",
  says: "starts a trial of {subscriptions: any subscription}",
  category,
  description: "The user begins a trial.",
  params: () => ({ subscriptions }),
  subject: { option: "subscriptions", data: "subscription" },
  accepts: (params, data) => among(params.subscriptions, data.subscription),
});

export const trialEnding = defineTrigger({
  type: "trial.ending",
  label: "Subscription Trial Ends in 3 days",
  also: ["trial expires", "trial ending"],
  says: "is {days|days} before the end of a trial of {subscriptions: any subscription}",
  category,
  description: "So many calendar days before a trial ends, unless it was canceled.",
  params: () => ({ subscriptions, days: z.int().min(1).max(30).default(3) }),
  example: ({ days }) => ({ days }),
  watches: ({ days }) => ({ scope: "trial", days, direction: "before", includeAlready: false }),
  subject: { option: "subscriptions", data: "subscription" },
  accepts: (params, data) =>
    among(params.subscriptions, data.subscription) && (data.days === undefined || data.days === params.days),
});

const recurring = (type: string, label: string, says: string, description: string) =>
  defineTrigger({
    type,
    label,
    says,
    category,
    description,
    params: () => ({ kinds: anyOf(RECURRING_KINDS), products }),
    subject: { option: "products", data: "product" },
    accepts: (params, data) => among(params.kinds, data.kind) && among(params.products, data.product),
  });

export const recurringPaid = recurring(
  "recurring.paid",
  "Subscription or Installment is Paid",
  "pays a recurring payment of {products: any product}[, a {kinds}]",
  "A recurring payment comes in.",
);
export const recurringCanceled = recurring(
  "recurring.canceled",
  "Subscription or Installment Canceled",
  "cancels a recurring payment of {products: any product}[, a {kinds}]",
  "Recurring payments end.",
);

export const installmentCompleted = defineTrigger({
  type: "installment.completed",
  label: "Installment Completed",
  says: "pays the last installment of {products: any product}",
  category,
  description: "The user pays the last installment.",
  params: () => ({ products }),
  subject: { option: "products", data: "product" },
  accepts: (params, data) => among(params.products, data.product),
});

export const subscriptionUpdated = defineTrigger({
  type: "subscription.updated",
  label: "Subscription Updated",
  says: "has {subscriptions: any subscription} updated[: {changes}]",
  category,
  description: "A subscription changes, in any way or in one of these.",
  params: () => ({ subscriptions, changes: anyOf(CHANGES) }),
  subject: { option: "subscriptions", data: "subscription" },
  accepts: (params, data) => among(params.subscriptions, data.subscription) && among(params.changes, data.change),
});
