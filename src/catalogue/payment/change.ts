import { setEntry } from "../../base/record";
import type { Learner, Turn } from "../facts/facts";

const PAYMENT_MADE = "payment.made";
export const RECURRING_PAID = "recurring.paid";
/** Facts of which each is a payment. */
export const PAYMENTS: ReadonlySet<string> = new Set([PAYMENT_MADE, RECURRING_PAID]);

export interface Payment {
  product_type: string;
  product: string;
  amount: number;
  currency?: string | undefined;
  payment?: string | undefined;
  coupon?: string | undefined;
  invoice?: boolean | undefined;
}

/** What has an id can be given back; what has none cannot. */
function notePaid(
  learner: Learner,
  { payment, product_type, product, amount }: Payment,
  currency?: string | null,
): void {
  if (payment === undefined) learner.paid = true;
  else
    setEntry(learner.refundable, payment, {
      type: product_type,
      product,
      left: amount,
      ...(currency ? { currency } : {}),
    });
}

/** Notes a payment; one whose id was seen before makes no fact. A coupon in it was used. */
export function pay(turn: Turn, { coupon, invoice, ...payment }: Payment): boolean {
  const { learner, school } = turn;
  const currency = payment.currency ?? school.settings.currency;
  if (payment.payment !== undefined) {
    if (learner.payments.includes(payment.payment)) return false;
    learner.payments = [...learner.payments, payment.payment];
  }
  if (payment.amount > 0) notePaid(learner, payment, currency);
  turn.make(PAYMENT_MADE, {
    product_type: payment.product_type,
    product: payment.product,
    amount: payment.amount,
    ...(currency ? { currency } : {}),
    ...(payment.payment === undefined ? {} : { payment: payment.payment }),
    ...(coupon === undefined ? {} : { coupon }),
    ...(invoice ? { invoice: true } : {}),
  });
  if (payment.payment !== undefined)
    turn.tell("payment.recorded", {
      payment: payment.payment,
      amount: payment.amount,
      ...(currency ? { currency } : {}),
      product_type: payment.product_type,
      product: payment.product,
      invoice: invoice ?? false,
    });
  if (coupon !== undefined) turn.make("coupon.used", { coupon, product: payment.product });
  return true;
}
