import * as z from "zod";
import { once } from "../base/cache";
import type { Env } from "../base/env";
import type { JournalEntry } from "../calls/shape";
import { formatInstant } from "../catalogue/dates/time";
import { PAYMENTS } from "../catalogue/payment/change";
import { decodeCursor, type ListPage, type ListQuery, toPage } from "../db/lists/list";
import type { School } from "../world/snapshot";
import { readUser } from "./change";
import { journalOf } from "./past/past";

/** What a user paid, or an automation put down as paid. */
export const paymentRecord = z.object({
  id: z.string(),
  at: z.string().meta({ format: "date-time" }),
  type: z.string().meta({ enum: [...PAYMENTS] }),
  payment: z.string().nullable().meta({ description: "The id of the payment, where one was given or made." }),
  product_type: z.string().nullable(),
  product: z.string().nullable(),
  amount: z.number().nullable(),
  currency: z.string().nullable(),
  coupon: z.string().nullable(),
  invoice: z.boolean().meta({ description: "An automation asked for an invoice with it." }),
  event_id: z.string().nullable(),
  run_id: z.string().nullable().meta({ description: "The run that made it." }),
});
export type PaymentRecord = z.output<typeof paymentRecord>;

// The journal keeps the data of facts as it was: what it says was checked when it came.
const paid = once(() =>
  z.object({
    payment: z.string().nullable().catch(null),
    product_type: z.string().nullable().catch(null),
    product: z.string().nullable().catch(null),
    amount: z.number().nullable().catch(null),
    currency: z.string().nullable().catch(null),
    coupon: z.string().nullable().catch(null),
    invoice: z.boolean().catch(false),
  }),
);

const recordsIn = ({ seq, eventId, facts }: JournalEntry): (PaymentRecord & { seq: number; index: number })[] =>
  facts.flatMap((fact, index) =>
    PAYMENTS.has(fact.type)
      ? [
          {
            ...paid().parse(fact.data),
            id: `${seq}-${index}`,
            seq,
            index,
            at: formatInstant(fact.at),
            type: fact.type,
            event_id: eventId,
            run_id: fact.by?.by === "run" ? fact.by.id : null,
          },
        ]
      : [],
  );

/** A page of what a user paid, as far back as the journal is kept. */
export async function paymentsOf(
  env: Env,
  school: School,
  user: string,
  query: ListQuery,
): Promise<ListPage<PaymentRecord>> {
  await readUser(env, school, user);
  const newestFirst = query.order === "desc";
  const [seq, index] = query.cursor === undefined ? [] : decodeCursor(query.cursor, 2).map(Number);
  // The entry of the last that was shown may have more to show.
  const range = seq === undefined ? {} : newestFirst ? { before: seq + 1 } : { after: seq - 1 };
  const isShown = (one: { seq: number; index: number }): boolean =>
    seq !== undefined &&
    index !== undefined &&
    one.seq === seq &&
    (newestFirst ? one.index >= index : one.index <= index);
  const found: ReturnType<typeof recordsIn> = [];
  for await (const entries of journalOf(env, school, user, { ...range, newestFirst })) {
    for (const entry of entries) {
      const records = recordsIn(entry).filter((one) => !isShown(one));
      found.push(...(newestFirst ? records.reverse() : records));
    }
    if (found.length > query.limit) break;
  }
  const { data, next_cursor } = toPage(query, found, (one) => [one.seq, one.index]);
  return { data: data.map(({ seq: _, index: __, ...record }) => record), next_cursor };
}
