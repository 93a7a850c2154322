import { PRODUCTS } from "../catalogue/kinds";
import { isDate } from "../catalogue/time";
import { idIn, type Loose, numberIn, objectIn } from "./read";

/*
 * The usual names of tracks and what they are with us. Properties are kept as they are, for conditions and templates to
 * name; beside them stand ours, taken from where senders have them. One that is lacking is refused as in any event.
 */

interface Track {
  type: string;
  data: Record<string, unknown>;
}

const first = (properties: Loose, ...names: string[]): string | undefined =>
  names.map((name) => idIn(properties[name])).find((text) => text !== undefined);

/** The id of a thing: under its own name, or as `<thing>_id` or `<thing>Id`. */
const idOf = (properties: Loose, thing: string): string | undefined =>
  first(properties, thing, `${thing}_id`, `${thing}Id`);

const inCourse = (type: string) => (p: Loose) => ({ type, data: { course: idOf(p, "course") } });

const TRACKS = new Map<string, (properties: Loose) => Track>([
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
  ["ordercompleted", order],
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

/** The event that a track of a usual name is; case, blanks and `_` are the same. */
export function namedTrack(name: string, properties: Loose): Track | undefined {
  const track = TRACKS.get(name.toLowerCase().replaceAll(/[\s_]+/g, ""))?.(properties);
  return track && { type: track.type, data: said({ ...properties, ...said(track.data) }) };
}

/** Without what says nothing: many clients send null for it. */
const said = (properties: Loose): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(properties).filter(([, value]) => value !== undefined && value !== null && value !== ""),
  );

/** An order is the payment for its first product. */
function order(p: Loose): Track {
  const products: unknown[] = Array.isArray(p.products) ? p.products : [];
  const product = objectIn(products[0]);
  const kind = first(p, "product_type") ?? first(product, "product_type", "category");
  const currency = first(p, "currency");
  return {
    type: "payment.made",
    data: {
      product_type: PRODUCTS.find((one) => one === kind) ?? "course",
      product: idOf(p, "product") ?? first(product, "product_id", "productId", "id", "sku") ?? idOf(p, "course"),
      amount: numberIn(p.total ?? p.revenue),
      currency: currency?.toUpperCase(),
      payment: first(p, "payment", "order_id", "orderId"),
      coupon: first(p, "coupon"),
    },
  };
}

function canceled(p: Loose): Track {
  const product = idOf(p, "subscription") ?? idOf(p, "product") ?? first(p, "plan");
  return { type: "recurring.canceled", data: { kind: "subscription", product } };
}

const momentOf = (text: string | undefined): string | undefined =>
  text !== undefined && isDate(text) ? `${text}T00:00:00.000Z` : text;
