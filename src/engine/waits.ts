import { entry } from "../base/record";
import type { FieldValue, Learner } from "../catalogue/facts";
import type { WaitParams } from "../catalogue/steps";
import { addDuration, fieldMoment, intoWindow, localToInstant } from "../catalogue/time";
import type { Work } from "./work";

/** When a wait ends; or that its moment is missing or past, and whether the run exits for it. */
export type Wake = { kind: "at"; at: number } | { kind: "missing" | "past"; exits: boolean };

/** What stands in the field that a wait follows; undefined where it is missing, or the wait follows none. */
export function followed(learner: Learner, wait: WaitParams): FieldValue | undefined {
  if (wait.until_field === "registered_at") return learner.registeredAt;
  return wait.until_field === undefined ? undefined : entry(learner.fields, wait.until_field);
}

/**
 * Computes the end of a wait as things stand.
 * @param since when the wait began (ms): what `for` counts from
 */
export function wakeOf(work: Work, wait: WaitParams, since: number): Wake {
  const { learner } = work.state;
  const zone = work.world.school.settings.timezone;
  const moment = momentOf(work, wait, since, zone);
  if (moment === null) return { kind: "missing", exits: wait.if_missing !== "continue" };
  if (wait.for === undefined && wait.if_past === "exit" && moment < since) return { kind: "past", exits: true };
  if (!wait.window) return { kind: "at", at: moment };
  const { days, from, to } = wait.window;
  const window = { ...(days ? { days } : {}), ...(from ? { from } : {}), ...(to ? { to } : {}) };
  return { kind: "at", at: intoWindow(Math.max(moment, work.now), window, learner.timezone ?? zone) };
}

function momentOf(work: Work, wait: WaitParams, since: number, zone: string): number | null {
  if (wait.for !== undefined) return addDuration(since, wait.for, zone);
  if (wait.until !== undefined) return localToInstant(wait.until, zone);
  const value = followed(work.state.learner, wait);
  if (typeof value !== "string" && typeof value !== "number") return null;
  return fieldMoment(
    value,
    { ...(wait.offset ? { offset: wait.offset } : {}), ...(wait.at ? { at: wait.at } : {}) },
    zone,
  );
}
