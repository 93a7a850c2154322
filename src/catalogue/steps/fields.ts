import * as z from "zod";
import { isTimeOfDay } from "../dates/time";

/*
 * Options that kinds of step share. What stands inside them is checked by `check.ts`, which knows where it stands.
 */

/** Further steps. */
export const steps = z.array(z.unknown()).max(100).default([]).meta({ widget: "steps" });
/** A trigger, as `exit_when` may name it. */
export const trigger = z.unknown().meta({ widget: "trigger" });
/** A condition, or a tree of them. */
export const condition = z.unknown().meta({ widget: "condition" });

export const timeOfDay = z.string().refine(isTimeOfDay, 'not a time of day, such as "09:00"');
