import { calledAs, type ToldName } from "../../catalogue/facts/told-names";
import { defined, idIn, type Loose, listIn, numberIn, objectIn, textIn } from "../read";
import { anyTime } from "../times";
import { isByHand, isOurOwn } from "./echo";
import { type Make, type ReadWebhook, timed, type WebhookEvent } from "./told";
import { secondsIn } from "./user";

/* What is bought, given, tried and left. */

const PRODUCTS = ["course", "bundle", "subscription"];
interface Product {
  type: string;
  id: string | undefined;
}

/** A product of a type we know; the platform has more of them as years go by. */
function productIn(value: unknown): Product | null {
  const { id, type } = objectIn(value);
  return typeof type === "string" && PRODUCTS.includes(type) ? { type, id: idIn(id) } : null;
}

/** What a webhook calls the products that it speaks of. */
export function namesIn(data: Loose): ToldName[] {
  const payment = objectIn(data.payment);
  const typed = [data.product, payment.product, ...listIn(payment.products)];
  return [
    told("course", data.course),
    ...[data.subscription, data.plan, data.new_plan].map((one) => told("subscription", one)),
    ...typed.map((one) => told(productIn(one)?.type ?? "", one)),
  ].flat();
}

function told(kind: string, value: unknown): ToldName[] {
  const { id, title, name } = objectIn(value);
  return calledAs(kind, idIn(id), title, name);
}

const enrolled = ({ type, id }: Product, paid: boolean): Pick<WebhookEvent, "type" | "data"> => ({
  type: `${type}.enrolled`,
  data: { ...defined({ [type]: id }), paid },
});

/** A currency code, the school's where the payment names none. */
function currencyOf(payment: Loose, told: ReadWebhook): string | undefined {
  const code = textIn(payment.currency_code)?.toUpperCase();
  return code !== undefined && /^[A-Z]{3}$/.test(code) ? code : told.currency;
}

const paidAt = (payment: Loose): number | undefined => secondsIn(payment.paid_at ?? payment.created);

/** Of our own enrolment come back only the user's attributes are news. */
const ECHO: WebhookEvent[] = [{ type: "user.updated", data: {} }];

const isEcho = (payment: Loose, product: Product, { holdings }: ReadWebhook): boolean =>
  isByHand(payment) && isOurOwn(product, numberIn(payment.price) ?? 0, holdings);

/** Two webhooks tell of a payment: both make the same events. What an admin gave away comes as a payment of nothing. */
export const bought: Make = (webhook) => {
  const payment = objectIn(webhook.data.payment);
  const all = listIn(payment.products);
  const told = (all.length ? all : [payment.product]).map(productIn).filter((product) => product !== null);
  const products = told.filter((product) => !isEcho(payment, product, webhook));
  const [first] = products;
  if (!first) return told.length ? ECHO : [];
  const amount = numberIn(payment.price) ?? 0;
  const id = idIn(payment.id);
  const at = paidAt(payment);
  const named = (more = "") => (id === undefined ? {} : { id: `lw:payment:${id}${more}` });
  const made: WebhookEvent = {
    type: "payment.made",
    data: defined({
      product_type: first.type,
      product: first.id,
      amount,
      currency: currencyOf(payment, webhook),
      payment: id,
      coupon: idIn(payment.coupon),
    }),
    ...named(),
    at,
  };
  return [
    ...(amount > 0 ? [made] : []),
    ...products.map((product, index) => {
      const enrolment = enrolled(product, amount > 0);
      return { ...enrolment, ...named(`:${enrolment.type}${index === 0 ? "" : `:${product.id}`}`), at };
    }),
  ];
};

export const recurring: Make = (told) => {
  const payment = objectIn(told.data.payment);
  const product = objectIn(payment.product);
  const isSubscription = (payment.type ?? product.type) === "subscription";
  const amount = numberIn(payment.price) ?? 0;
  const id = idIn(payment.id);
  const at = paidAt(payment) ?? secondsIn(told.data.date);
  const keyed = id === undefined ? {} : { key: [id] };
  const paid: WebhookEvent = {
    type: "recurring.paid",
    data: defined({
      kind: isSubscription ? "subscription" : "installment",
      product: idIn(product.id),
      amount,
      currency: currencyOf(payment, told),
    }),
    ...keyed,
    at,
  };
  const known = productIn(product);
  if (known && isEcho(payment, known, told)) return ECHO;
  return [
    ...(amount > 0 ? [paid] : []),
    ...(known && (known.type === "subscription" || amount <= 0)
      ? [{ ...enrolled(known, amount > 0), ...keyed, at }]
      : []),
  ];
};

export const canceled: Make = ({ data }) => {
  const { id, type } = objectIn(data.product);
  const kind = type === "subscription" ? "subscription" : "installment";
  return [timed("recurring.canceled", defined({ kind, product: idIn(id) }), data.date)];
};

export const unenrolled: Make = ({ data }) => {
  const product = productIn(data.product);
  return product ? [{ type: `${product.type}.unenrolled`, data: defined({ [product.type]: product.id }) }] : [];
};

// ---- Subscriptions ----

const DAY_S = 86_400;
/** How long before its end LearnWorlds announces it. */
const WARNING_DAYS = 3;

const trial = (data: Loose, days: number | undefined): WebhookEvent[] => {
  const { id } = objectIn(data.subscription);
  const date = secondsIn(data.date);
  const endsAt = date === undefined || days === undefined ? undefined : (date + days * DAY_S) * 1_000;
  return [timed("trial.started", defined({ subscription: idIn(id), ends_at: anyTime(endsAt) }), data.date)];
};

export const trialBegun: Make = ({ data }) => trial(data, numberIn(objectIn(data.subscription).trial_period_days));

/** We tell of the end ourselves, but of a trial from before we were told. */
export const trialWillEnd: Make = ({ data, seen }) =>
  seen?.trials.includes(idIn(objectIn(data.subscription).id) ?? "") ? [] : trial(data, WARNING_DAYS);

const CHANGES: readonly [RegExp, string][] = [
  [/^change_plan$/, "plan_changed"],
  [/reactivat/, "reactivated"],
  [/scheduled_cancel|planned_cancel/, "planned_cancellation"],
  [/renew/, "renewed"],
];

export const changed: Make = ({ data }) => {
  const action = textIn(data.action) ?? "";
  const change = CHANGES.find(([pattern]) => pattern.test(action))?.[1] ?? "updated";
  const subscription = idIn(objectIn(data.plan).id);
  const created = secondsIn(data.created_at);
  const key = [action, subscription ?? "", idIn(objectIn(data.new_plan).id) ?? "", created ?? ""];
  return [
    {
      type: "subscription.updated",
      data: defined({ subscription, change }),
      ...(created === undefined ? {} : { key }),
    },
  ];
};
