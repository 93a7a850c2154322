import type { DeliverMessage } from "../src/calls/messages";
import type { Packed } from "../src/calls/shape";
import type { Advance, AdvanceOptions, SchoolReference } from "../src/calls/user";
import type { UserParts } from "./parts";
import type { TurnScene } from "./scene";

/** Lets time pass for the user. */
export async function advance(
  parts: Pick<UserParts, "turns" | "clock">,
  reference: SchoolReference,
  until: number | null,
  maxSteps: number,
  { tells, delivers }: AdvanceOptions,
): Promise<Advance> {
  const take = (packed: Packed, scene: TurnScene): Advance | null => {
    if (!packed.state) return null;
    if (scene.school.suspended)
      return { now: until ?? scene.now, steps: 0, finished: true, nextWake: packed.nextWake, isHeld: true };
    const { now, effects, finished } = parts.turns.happen(packed, scene, {
      kind: "time",
      until: until ?? scene.now,
      ...(scene.school.mode === "test" ? { jumps: true } : {}),
      ...(Number.isFinite(maxSteps) ? { maxSteps } : {}),
    });
    return { now, steps: effects.steps, finished, nextWake: packed.nextWake };
  };
  const deliveries: DeliverMessage[] = [];
  const result = await parts.turns.change(reference, false, take, {
    ...(tells ? { onNews: () => {} } : {}),
    ...(delivers ? { by: { delivers }, onDeliveries: (offered) => void deliveries.push(...offered) } : {}),
  });
  if (result && deliveries.length) return { ...result, deliveries };
  return result ?? { now: until ?? reference.now ?? parts.clock(), steps: 0, finished: true, nextWake: null };
}
