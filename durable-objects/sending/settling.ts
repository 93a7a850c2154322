import type { Packed } from "../../src/calls/shape";
import type { CarriedOut, Resent, SchoolReference, Settled, SettledOne, SettleOptions } from "../../src/calls/user";
import type { SendResult } from "../../src/connectors/ports";
import type { Delivery } from "../../src/engine/types";
import { standing } from "../own";
import type { UserParts } from "../parts";
import type { TurnScene } from "../scene";
import { firstChange, giveBack, receiptStatus } from "./changes";
import { claim, sendAgain, settle } from "./outbox";
import { hasLater, noteRefusal } from "./receipts";

/*
 * The turns in which the object hears how attempts at its deliveries went.
 */

type Parts = Pick<UserParts, "store" | "turns" | "clock">;

/** Takes what came of changes that were given to whoever answers an event. */
export async function settleCarried(
  parts: Parts,
  reference: SchoolReference,
  { attempted, left }: CarriedOut,
): Promise<Settled> {
  const settled: Settled = { statuses: {}, hasNews: false };
  const take = (packed: Packed, scene: TurnScene): void => {
    for (const { delivery, sending } of attempted) {
      const ended = settleOne(parts, packed, scene, delivery, sending);
      settled.statuses[delivery] = ended ? receiptStatus(ended) : "late";
    }
    giveBack(packed, left, parts.clock());
  };
  const onNews = () => {
    settled.hasNews = true;
  };
  await parts.turns.change(reference, false, take, { onNews });
  return settled;
}

/** Takes how an attempt went, and gives the user's next change to who goes on. */
export async function settleSent(
  parts: Parts,
  reference: SchoolReference,
  id: string,
  sending: SendResult,
  { more = [], goesOn }: SettleOptions = {},
): Promise<SettledOne> {
  const { turns, clock } = parts;
  const answer: SettledOne = { isKnown: false, hasNews: false };
  const take = (packed: Packed, scene: TurnScene): void => {
    answer.isKnown = packed.outbox[id] !== undefined;
    const tokens = sending.gone?.filter((one) => packed.state?.learner.pushTokens.includes(one)) ?? [];
    if (tokens.length) turns.happen(packed, scene, { kind: "tokens_gone", tokens });
    const wasFirst = firstChange(packed)?.delivery.id === id;
    for (const one of [id, ...more]) settleOne(parts, packed, scene, one, sending);
    const next = goesOn && wasFirst ? firstChange(packed) : undefined;
    const claimed = next && claim(packed, scene, next.delivery.id, clock());
    if (claimed) answer.next = claimed;
  };
  const onNews = () => {
    answer.hasNews = true;
  };
  await turns.change(reference, false, take, { onNews });
  return answer;
}

/** Sends a delivery now, unless it is on its way, would undo what came later, or is of a run that was undone. */
export async function resend(
  { store, turns, clock }: Parts,
  reference: SchoolReference,
  delivery: Delivery,
): Promise<Resent> {
  const take = (packed: Packed): Resent => {
    const stands = standing(store, delivery);
    if (stands === "undone") return "undone";
    if (stands === "since" && delivery.status !== "queued") return "under_way";
    if (hasLater(store, delivery)) return "overtaken";
    return sendAgain(packed, delivery, clock()) ? "again" : "under_way";
  };
  return (await turns.change(reference, false, take)) ?? "under_way";
}

/** Settles a delivery, and notes in the step that made it what the LMS said no to. */
function settleOne(
  { store, turns, clock }: Parts,
  packed: Packed,
  scene: TurnScene,
  id: string,
  sending: SendResult,
): Delivery | null {
  const ended = settle(packed, scene, id, sending, clock());
  const refusal = ended && !sending.ok ? noteRefusal(store, packed, ended) : null;
  if (refusal) turns.happen(packed, scene, refusal);
  return ended;
}
