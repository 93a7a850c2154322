import { trimmed } from "../base/text/text";
import { isDate } from "../catalogue/dates/time";
import { PRODUCTS } from "../catalogue/kinds";
import { partOfOrder } from "../catalogue/payment/refund";
import { idIn, type Loose, listIn, numberIn, objectIn } from "./read";

/*
 * The usual names of tracks and what they are with us. Properties are kept as they are, for conditions and templates to
 * name; beside them stand ours, taken from where senders have them. One that is lacking is refused as in any event.
 */

export interface Track {
  type: string;
  data: Record<string, unknown>;
}

const first = (properties: Loose, ...names: string[]): string | undefined =>
  names.map((name) => idIn(properties[name])).find((text) => text !== undefined);

/** The id of a thing: under its own name, or as `<thing>_id` or `<thing>Id`. */
const idOf = (properties: Loose, thing: string): string | undefined =>
  first(properties, thing, `${thing}_id`, `${thing}Id`);

const inCourse = (type: string) => (p: Loose) => ({ type, data: { course: idOf(p, "course") } });

const TRACKS = new Map<string, (properties: Loose) => Track | Track[]>([
  ["signedup", () => ({ type: "user.signed_up", data: {} })],
  ["signedin", () => ({ type: "user.signed_in", data: {} })],
  ["applicationopened", () => ({ type: "school.visited", data: { channel: "app" } })],
  ["courseenrolled", inCourse("course.enrolled")],
  ["coursestarted", inCourse("course.visited")],
  ["courseviewed", inCourse("course.visited")],
  ["coursecompleted", inCourse("course.completed")],
  [
    "lessoncompleted",
    (p) => ({
      type: "activity.completed",
      data: { course: idOf(p, "course"), activity: idOf(p, "activity") ?? idOf(p, "lesson") },
    }),
  ],
  [
    "certificateearned",
    (p) => ({
      type: "certificate.awarded",
      data: { course: idOf(p, "course"), certificate: idOf(p, "certificate") },
    }),
  ],
  ["ordercompleted", paid],
  ["orderrefunded", refunded],
  ["ordercancelled", refunded],
  ["ordercanceled", refunded],
  [
    "trialstarted",
    (p) => ({
      type: "trial.started",
      data: {
        subscription: idOf(p, "subscription") ?? first(p, "product_id", "plan", "trial_plan_name"),
        ends_at: momentOf(first(p, "ends_at", "endsAt", "trial_end_date")),
      },
    }),
  ],
  ["subscriptioncancelled", canceled],
  ["subscriptioncanceled", canceled],
  ["formsubmitted", (p) => ({ type: "form.submitted", data: { form: idOf(p, "form") ?? first(p, "form_name") } })],
]);

/** The events that a track of a usual name is, one at least; case, blanks, `_` and `-` are the same. */
export function namedTracks(name: string, properties: Loose): Track[] | undefined {
  const tracks = TRACKS.get(
    trimmed(name)
      .toLowerCase()
      .replaceAll(/[\s_-]+/g, ""),
  )?.(properties);
  return tracks && [tracks].flat().map(({ type, data }) => ({ type, data: said({ ...properties, ...data }) }));
}

/** Without what says nothing: many clients send null for it. */
const said = (properties: Loose): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(properties).filter(([, value]) => value !== undefined && value !== null && value !== ""),
  );

/** Something that an order is for. */
interface Item {
  type: string | undefined;
  id: string | undefined;
  /** Price times quantity; undefined where no price is told. */
  cost: number | undefined;
}

function itemIn(value: unknown): Item {
  const product = objectIn(value);
  const price = numberIn(product.price);
  return {
    type: first(product, "product_type", "category"),
    id: first(product, "product_id", "productId", "id", "sku") ?? idIn(value),
    cost: price === undefined ? undefined : cents(price * (numberIn(product.quantity) ?? 1)),
  };
}

const cents = (amount: number): number => Number(amount.toFixed(6));

/** What an order is for, each product once, however often it stands there. */
function itemsOf(p: Loose): Item[] {
  const items = new Map<string, Item>();
  for (const item of listIn(p.products).map(itemIn)) {
    if (item.id === undefined) continue;
    const before = items.get(item.id);
    const cost = before?.cost === undefined || item.cost === undefined ? undefined : cents(before.cost + item.cost);
    items.set(item.id, before ? { ...before, cost } : item);
  }
  const own = idOf(p, "product") ?? (items.size ? undefined : idOf(p, "course"));
  return own === undefined ? [...items.values()] : [items.get(own) ?? { type: undefined, id: own, cost: undefined }];
}

const MAX_ITEMS = 50;

/** What each product of an order comes to: what it costs, else its part of all. */
function amountsOf(items: readonly Item[], total: number | undefined): (number | undefined)[] {
  const costs = items.map(({ cost }) => cost);
  if (items.length === 1) return [total ?? costs[0]];
  if (costs.every((cost) => cost !== undefined)) return costs;
  if (total === undefined) return costs;
  const part = Math.floor((total * 100) / items.length) / 100;
  return items.map((_, index) => (index === 0 ? cents(total - part * (items.length - 1)) : part));
}

const orderOf = (p: Loose) => first(p, "payment", "order_id", "orderId");
const totalOf = (p: Loose) => numberIn(p.total) ?? numberIn(p.revenue) ?? numberIn(p.value);

/** The payments of an order, one for each product: the first has the order's id. */
function payments(p: Loose): {
  type: string | undefined;
  product: string | undefined;
  amount: number | undefined;
  payment: string | undefined;
}[] {
  const order = orderOf(p);
  const found = itemsOf(p).slice(0, MAX_ITEMS);
  const items = found.length ? found : [{ type: undefined, id: undefined, cost: undefined }];
  const amounts = amountsOf(items, totalOf(p));
  return items.map(({ type, id }, index) => ({
    type,
    product: id,
    amount: amounts[index],
    payment: order === undefined || index === 0 ? order : partOfOrder(order, id ?? ""),
  }));
}

function paid(p: Loose): Track[] {
  return payments(p).map(({ type, product, amount, payment }, index) => ({
    type: "payment.made",
    data: {
      product_type: productType(first(p, "product_type") ?? type),
      product,
      amount,
      currency: first(p, "currency")?.toUpperCase(),
      payment,
      // It was used once.
      coupon: index === 0 ? first(p, "coupon") : undefined,
    },
  }));
}

const productType = (told: string | undefined): string =>
  PRODUCTS.find((one) => one === trimmed(told ?? "").toLowerCase()) ?? "course";

/**
 * What of an order was given back: of each product that is named, else of all. The products of a refund need not be all of
 * the order's, nor stand in its order, so each is named beside the order's id.
 */
function refunded(p: Loose): Track[] {
  const payment = orderOf(p);
  const total = totalOf(p);
  const items = itemsOf(p).slice(0, MAX_ITEMS);
  const back = (data: Loose): Track => ({ type: "payment.refunded", data: { ...data, payment } });
  if (!items.length) return [back({ amount: positive(total), whole_order: true })];
  const alone = items.length === 1 ? total : undefined;
  return items.map(({ id, cost }) => back({ product: id, amount: positive(alone ?? cost) }));
}

/** Some tell what they give back as less than nothing. */
const positive = (amount: number | undefined) => (amount === undefined ? undefined : Math.abs(amount));

function canceled(p: Loose): Track {
  const product = idOf(p, "subscription") ?? idOf(p, "product") ?? first(p, "plan");
  return { type: "recurring.canceled", data: { kind: "subscription", product } };
}

const momentOf = (text: string | undefined): string | undefined =>
  text !== undefined && isDate(text) ? `${text}T00:00:00.000Z` : text;
