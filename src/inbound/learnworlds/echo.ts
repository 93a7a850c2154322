import type { PresentedUser } from "../../catalogue/shown/present";
import { type Loose, objectIn } from "../read";

/*
 * What we enrol in through LearnWorlds' API comes back as what an admin gave by hand, payment and all: it was noted when
 * we made it. Taken for news it would be paid twice, and held by an event that nothing of ours ends.
 */

/** What a user holds here, and what it comes from. */
export type Holding = Pick<PresentedUser["enrolments"][number], "product_type" | "product" | "sources">;

const BY_ADMIN = "Added by admin";

export const isByHand = ({ gateway, transaction_id }: Loose): boolean =>
  (gateway ?? null) === null && transaction_id === BY_ADMIN;

/** Whether a webhook speaks of an enrolment by hand, so that what the user holds is to be known. */
export const tellsByHand = (body: unknown): boolean => isByHand(objectIn(objectIn(objectIn(body).data).payment));

/**
 * Whether an enrolment by hand is one of ours come back: LearnWorlds enrols nobody twice, so what we gave no admin gave
 * too. Runs alone give something with a payment; whatever else it came from but an event we gave without.
 */
export const isOurOwn = (
  product: { type: string; id: string | undefined },
  amount: number,
  holdings: readonly Holding[],
): boolean =>
  holdings.some(
    (one) =>
      one.product_type === product.type &&
      one.product === product.id &&
      one.sources.some((source) => (amount > 0 ? source === "run" : source !== "event")),
  );
