import type { CarriedOut } from "../port";
import { carriedOut, GIVEN, TAKEN } from "./answer";
import { type Doing, way } from "./way";

/* Products that a user holds. LearnWorlds calls bundles and subscriptions so too. */

type ProductType = "course" | "bundle" | "subscription";

/** It enrols learners, and has no other role to give. */
const LEARNER = "student";
const DAY_MS = 86_400_000;

interface Enrolled {
  role: string;
  expires_at: string | null;
  price?: number | undefined;
  renews?: true | undefined;
}

/**
 * Enrols. Of a course or bundle LearnWorlds takes no end: we end it ourselves, and another end is nothing to tell. A price is required, and with one LearnWorlds records a payment.
 */
async function enrol({ api, ask, now }: Doing, productType: ProductType, productId: string, given: Enrolled) {
  if (given.role !== LEARNER) return noRole(given.role);
  if (given.renews && productType !== "subscription") return NOTHING_TO_DO;
  const body = { productId, productType, price: given.price ?? 0, ...durationOf(productType, given.expires_at, now) };
  return carriedOut(await ask((uid) => api.request("POST", `/v2/users/${uid}/enrollment`, body)), GIVEN);
}

const NOTHING_TO_DO: CarriedOut = { status: "done", detail: "held there without an end, which is kept here" };

const noRole = (role: string): CarriedOut => ({
  status: "failed",
  error: `LearnWorlds enrols students only: its API gives nobody the role "${role}" in a product`,
  retry: false,
});

/** A subscription ends in whole days, and never before our own end of it. */
function durationOf(type: ProductType, end: string | null, now: number) {
  const endsAt = end === null ? Number.NaN : Date.parse(end);
  if (type !== "subscription" || Number.isNaN(endsAt)) return {};
  return { duration: Math.max(1, Math.ceil((endsAt - now) / DAY_MS)), duration_type: "days" };
}

async function leave({ api, ask }: Doing, productType: ProductType, productId: string) {
  const body = { productId, productType };
  return carriedOut(await ask((uid) => api.request("DELETE", `/v2/users/${uid}/enrollment`, body)), TAKEN);
}

export const enrolmentWays = [
  way("course.enrolled", (doing, data) => enrol(doing, "course", data.course, data)),
  way("course.unenrolled", (doing, data) => leave(doing, "course", data.course)),
  way("bundle.enrolled", (doing, data) => enrol(doing, "bundle", data.bundle, data)),
  way("bundle.unenrolled", (doing, data) => leave(doing, "bundle", data.bundle)),
  way("subscription.enrolled", (doing, data) => enrol(doing, "subscription", data.subscription, data)),
  way("subscription.unenrolled", (doing, data) => leave(doing, "subscription", data.subscription)),
];
