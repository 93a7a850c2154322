import * as z from "zod";
import { entry, setEntry } from "../../base/record";
import { instant } from "../account/attributes";
import { formatInstant } from "../dates/time";
import { defineEvent } from "../define-event";
import { endTrial } from "../enrolment/change";
import type { Trial, Turn } from "../facts/facts";
import { PRODUCTS } from "../kinds";
import { currency, id } from "../options/fields";
import { pay, RECURRING_PAID } from "./change";

export const COUPON_KINDS = ["coupon", "plan_promotion", "bulk"] as const;
export const RECURRING_KINDS = ["subscription", "installment"] as const;
export const CHANGES = ["planned_cancellation", "renewed", "plan_changed", "reactivated", "updated"] as const;

const product = id.meta({ picker: "product" });
const subscription = id.meta({ picker: "subscription" });
const recurring = {
  kind: z.enum(RECURRING_KINDS),
  product,
  amount: z.number().min(0).optional(),
  currency: currency.optional(),
};

export const paymentMade = defineEvent({
  type: "payment.made",
  label: "Payment made",
  description:
    "The user paid for a product. A coupon in it also makes coupon.used; a payment id seen before makes nothing.",
  also: ["coupon.used"],
  data: () => ({
    product_type: z.enum(PRODUCTS),
    product,
    amount: z.number().min(0),
    currency: currency.optional(),
    payment: z.string().min(1).max(256).optional(),
    coupon: id.meta({ picker: "coupon" }).optional(),
  }),
  apply: (turn, data) => void pay(turn, data),
});

export const couponUsed = defineEvent({
  type: "coupon.used",
  label: "Coupon used",
  description: "The user used a coupon.",
  data: () => ({
    coupon: id.meta({ picker: "coupon" }),
    kind: z.enum(COUPON_KINDS).optional(),
    product: product.optional(),
  }),
  apply: (turn, data) => turn.make("coupon.used", data),
});

export const trialStarted = defineEvent({
  type: "trial.started",
  label: "Trial started",
  description: "A trial began. Some days before its end a fact follows by itself, unless it is canceled.",
  data: () => ({ subscription, ends_at: instant }),
  apply: (turn, data) => {
    const trial: Trial = { startedAt: turn.at, endsAt: data.ends_at, canceled: false, told: [] };
    setEntry(turn.learner.trials, data.subscription, trial);
    turn.make("trial.started", { subscription: data.subscription, ends_at: formatInstant(data.ends_at) });
  },
});

export const recurringPaid = defineEvent({
  type: "recurring.paid",
  label: "Subscription or installment paid",
  description: "A recurring payment came in.",
  data: () => recurring,
  apply: (turn, data) => {
    if (data.amount !== 0) turn.learner.paid = true;
    turn.make(RECURRING_PAID, data);
  },
});

function resumeTrial({ learner, at }: Turn, subscription: string): void {
  const trial = entry(learner.trials, subscription);
  if (trial?.canceled) setEntry(learner.trials, subscription, { ...trial, canceled: false, resumedAt: at });
}

export const recurringCanceled = defineEvent({
  type: "recurring.canceled",
  label: "Subscription or installment canceled",
  description: "Recurring payments end; the end of a trial is announced no more.",
  data: () => recurring,
  apply: (turn, data) => {
    if (data.kind === "subscription") endTrial(turn.learner, data.product);
    turn.make("recurring.canceled", data);
  },
});

export const installmentCompleted = defineEvent({
  type: "installment.completed",
  label: "Installments completed",
  description: "The last installment was paid.",
  data: () => ({ product }),
  apply: (turn, data) => turn.make("installment.completed", data),
});

export const subscriptionUpdated = defineEvent({
  type: "subscription.updated",
  label: "Subscription updated",
  description: "A subscription changed: to be canceled, renewed, another plan, reactivated.",
  data: () => ({ subscription, change: z.enum(CHANGES) }),
  apply: (turn, data) => {
    if (data.change === "planned_cancellation") endTrial(turn.learner, data.subscription);
    if (data.change === "reactivated") resumeTrial(turn, data.subscription);
    turn.make("subscription.updated", data);
  },
});
