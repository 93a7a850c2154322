import * as z from "zod";
import { entry, removeEntry, setEntry } from "../../base/record";
import { defineTrigger } from "../define";
import { defineEvent } from "../define-event";
import type { Learner, Turn } from "../facts/facts";
import { PRODUCTS } from "../kinds";
import { among, id, ids } from "../options/fields";

/*
 * A payment that is given back, whole or in part. Who got all of theirs back is not paying any more.
 */

interface Refund {
  payment: string;
  /** Undefined: all that is left of it. */
  amount?: number | undefined;
  product?: string | undefined;
  whole_order?: boolean | undefined;
}

/** An order of several products is a payment for each: the first has the order's id, the others `<order>/<product>`. */
export const partOfOrder = (order: string, product: string): string => `${order}/${product}`;

/** The payments that are meant: of an order the one for the product, or all. */
function meant({ refundable }: Learner, { payment, product, whole_order }: Refund): string[] {
  if (product !== undefined && entry(refundable, payment)?.product !== product) {
    const part = partOfOrder(payment, product);
    return [entry(refundable, part) ? part : payment];
  }
  if (!whole_order) return [payment];
  const parts = Object.keys(refundable).filter((one) => one.startsWith(partOfOrder(payment, "")));
  return entry(refundable, payment) || !parts.length ? [payment, ...parts] : parts;
}

const millionths = (amount: number): number => Number(amount.toFixed(6));

/** Gives so much of a payment back at most. @returns how much that was; undefined: not known, as the payment is not */
function giveBack({ refundable }: Learner, payment: string, amount: number | undefined): number | undefined {
  const known = entry(refundable, payment);
  if (!known) return amount;
  const given = Math.min(amount ?? known.left, known.left);
  const left = millionths(known.left - given);
  if (left === 0) removeEntry(refundable, payment);
  else setEntry(refundable, payment, { ...known, left });
  return given;
}

function refund(turn: Turn, refunded: Refund): void {
  let left = refunded.amount;
  for (const payment of meant(turn.learner, refunded)) {
    const known = entry(turn.learner.refundable, payment);
    const amount = giveBack(turn.learner, payment, left);
    if (left !== undefined) left = millionths(left - (amount ?? 0));
    turn.make("payment.refunded", {
      payment,
      ...(amount === undefined ? {} : { amount }),
      ...(known ? { product_type: known.type, product: known.product } : {}),
      ...(known?.currency ? { currency: known.currency } : {}),
    });
    if (left === 0) return;
  }
}

export const paymentRefunded = defineEvent({
  type: "payment.refunded",
  label: "Payment refunded",
  description: "A payment was given back, all that is left of it or an amount. One that is not known makes a fact too.",
  data: () => ({
    payment: z.string().min(1).max(256),
    amount: z.number().min(0).optional(),
    product: id.meta({ picker: "product" }).optional(),
    whole_order: z.boolean().optional(),
  }),
  apply: refund,
});

export const isRefunded = defineTrigger({
  type: "payment.refunded",
  label: "Payment is refunded",
  also: ["refund", "money back", "chargeback"],
  says: "gets a payment back for {products: any product}[, a {product_types}]",
  category: "beyond",
  description: "A payment is given back, whole or in part: any, for one of these products, or for one of these kinds.",
  params: () => ({ products: ids("product").optional(), product_types: z.array(z.enum(PRODUCTS)).min(1).optional() }),
  subject: { option: "products", data: "product" },
  accepts: (params, data) => among(params.products, data.product) && among(params.product_types, data.product_type),
});
