import type { DeliverMessage } from "../../src/calls/messages";
import type { Packed } from "../../src/calls/shape";
import type { Advance, AdvanceOptions, ClaimedOne, SchoolReference } from "../../src/calls/user";
import { MAX_STEPS } from "../../src/engine/runs";
import type { UserParts } from "../parts";
import type { TurnScene } from "../scene";
import { offerOf } from "../sending/offers";
import { claimFirst } from "../sending/outbox";

/**
 * Lets time pass for the user. In a live school so many steps happen in a turn, and what comes meanwhile has its own
 * between two of them.
 */
export async function advance(
  parts: Pick<UserParts, "turns" | "clock" | "place">,
  reference: SchoolReference,
  until: number | null,
  maxSteps: number,
  { tells, delivers, claims }: AdvanceOptions,
): Promise<Advance> {
  let steps = 0;
  let mayGoOn = false;
  let claimed: ClaimedOne | null = null;
  const take = (packed: Packed, scene: TurnScene): Advance | null => {
    if (!packed.state) return null;
    if (scene.school.suspended)
      return { now: until ?? scene.now, steps: 0, finished: true, nextWake: packed.nextWake, isHeld: true };
    const isTest = scene.school.mode === "test";
    const left = isTest ? maxSteps : Math.min(MAX_STEPS, maxSteps - steps);
    const { now, effects, finished } = parts.turns.happen(packed, scene, {
      kind: "time",
      until: until ?? scene.now,
      ...(isTest ? { jumps: true } : {}),
      ...(Number.isFinite(left) ? { maxSteps: left } : {}),
    });
    steps += effects.steps;
    mayGoOn = !isTest && !finished && steps < maxSteps;
    const first = claims && !mayGoOn ? claimFirst(packed, scene, parts.clock()) : null;
    if (first) claimed = { body: offerOf(parts.place, scene.school, first.delivery), claim: first };
    return { now, steps, finished, nextWake: packed.nextWake };
  };
  const deliveries: DeliverMessage[] = [];
  const turn = () => {
    mayGoOn = false;
    return parts.turns.change(reference, false, take, {
      ...(tells ? { onNews: () => {} } : {}),
      ...(delivers ? { by: { delivers }, onDeliveries: (offered) => void deliveries.push(...offered) } : {}),
    });
  };
  let result = await turn();
  while (mayGoOn) result = await turn();
  if (result) return { ...result, ...(deliveries.length ? { deliveries } : {}), ...(claimed ? { claimed } : {}) };
  return { now: until ?? reference.now ?? parts.clock(), steps: 0, finished: true, nextWake: null };
}
