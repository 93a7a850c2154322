import type { Turn } from "../facts";

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

/** Notes a payment; one whose id was seen before makes no fact. A coupon in it was used. */
export function pay(turn: Turn, { coupon, invoice, ...payment }: Payment): boolean {
  const { learner, school } = turn;
  if (payment.payment !== undefined) {
    if (learner.payments.includes(payment.payment)) return false;
    learner.payments.push(payment.payment);
  }
  if (payment.amount > 0) learner.paid = true;
  const currency = payment.currency ?? school.settings.currency;
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
