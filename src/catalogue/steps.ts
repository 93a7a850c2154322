import { z } from "zod";
import { duration } from "./fields";
import { isLocalDateTime, isSignedDuration, isTimeOfDay } from "./time";

/*
 * The kinds of step that are no action: how a run goes on. Their own options are checked here; the steps, triggers and
 * conditions inside them by definition.ts, which knows where they stand.
 */

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const timeOfDay = z.string().refine(isTimeOfDay, 'not a time of day, such as "09:00"');
const steps = z.array(z.unknown()).max(100).default([]);

const window = z
  .strictObject({
    days: z.array(z.enum(DAYS)).min(1).max(7).optional(),
    from: timeOfDay.optional(),
    to: timeOfDay.optional(),
  })
  .refine((value) => value.days || value.from || value.to, "give days, from or to")
  .refine((value) => value.from === undefined || value.from !== value.to, "from and to are the same")
  .meta({ widget: "window" });

export const waitParams = z
  .strictObject({
    for: duration.optional(),
    until: z.string().refine(isLocalDateTime, 'not a local time, such as "2026-03-30T12:00:00"').optional(),
    until_field: z
      .string()
      .regex(/^(?!__proto__$)[\p{L}\p{N}_ -]{1,128}$/u, "not the name of a field")
      .optional()
      .meta({ picker: "field" }),
    offset: z.string().refine(isSignedDuration, 'not a duration, such as "-P30D"').optional(),
    at: timeOfDay.optional(),
    if_past: z.literal("exit").optional(),
    if_missing: z.enum(["continue", "exit"]).optional(),
    window: window.optional(),
  })
  .superRefine((wait, context) => {
    const kinds = [wait.for, wait.until, wait.until_field].filter((one) => one !== undefined).length;
    if (kinds !== 1)
      context.addIssue({ code: "custom", message: "give exactly one of for, until, until_field", path: [] });
    for (const name of ["offset", "at", "if_missing"] as const) {
      if (wait[name] !== undefined && wait.until_field === undefined) {
        context.addIssue({ code: "custom", message: "goes with until_field", path: [name] });
      }
    }
    if (wait.if_past !== undefined && wait.for !== undefined) {
      context.addIssue({ code: "custom", message: "goes with until or until_field", path: ["if_past"] });
    }
  });
export type WaitParams = z.infer<typeof waitParams>;

export const STEPS = {
  wait: {
    label: "Wait",
    description:
      "Waits for a time, until a local date-time, or until a date in a field of the user; then, if asked, for a window of weekdays and hours.",
    params: waitParams,
  },
  wait_for: {
    label: "Wait for an event",
    description: "Waits until something happens, or the time is up, and goes one of two ways; then on below.",
    params: z.strictObject({ event: z.unknown(), timeout: duration, on_event: steps, on_timeout: steps }),
  },
  branch: {
    label: "Branch",
    description: "Goes one of two ways by a condition, judged when it is reached; then on below.",
    params: z.strictObject({ if: z.unknown(), yes: steps, no: steps }),
  },
  split: {
    label: "Split",
    description: "Sends a share of the users each way; a user goes the same way every time.",
    params: z.strictObject({
      paths: z
        .array(z.strictObject({ percent: z.number().min(0).max(100), steps }))
        .min(1)
        .max(20),
    }),
  },
  exit: { label: "Exit", description: "Ends the run here.", params: z.strictObject({}) },
} as const;
