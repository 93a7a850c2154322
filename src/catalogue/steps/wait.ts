import { z } from "zod";
import { entry } from "../../base/record";
import type { FieldValue, Learner } from "../facts";
import { duration } from "../fields";
import {
  addDuration,
  fieldMoment,
  formatInstant,
  intoWindow,
  isLocalDateTime,
  isSignedDuration,
  localToInstant,
  WEEKDAYS,
} from "../time";
import { defineStep, type WaitView, type Wake } from "./define";
import { timeOfDay } from "./fields";

const window = z
  .strictObject({
    days: z.array(z.enum(WEEKDAYS)).min(1).max(7).optional(),
    from: timeOfDay.optional(),
    to: timeOfDay.optional(),
  })
  .refine((value) => value.days || value.from || value.to, "give days, from or to")
  .refine((value) => value.from === undefined || value.from !== value.to, "from and to are the same")
  .meta({ widget: "window" });

const params = z
  .strictObject({
    for: duration.optional(),
    until: z
      .string()
      .refine(isLocalDateTime, 'not a local time, such as "2026-03-30T12:00:00"')
      .optional()
      .meta({ format: "local-date-time" }),
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
  })
  .meta({
    form: "wait",
    begins: { for: "P1D" },
    exactly_one: {
      of: ["for", "until", "until_field"],
      message: "Say how long: for some time, until a moment, or until a field's date",
    },
  });
type Params = z.infer<typeof params>;

/** What stands in the field that a wait follows; undefined where it is missing, or the wait follows none. */
function followed(learner: Learner, wait: Params): FieldValue | undefined {
  if (wait.until_field === "registered_at") return learner.registeredAt;
  return wait.until_field === undefined ? undefined : entry(learner.fields, wait.until_field);
}

/** The end of a wait as things stand; `since`: when it began, ms, what `for` counts from. */
function wakeOf(wait: Params, { learner, school, now }: WaitView, since: number): Wake {
  const zone = school.settings.timezone;
  const moment = momentOf(wait, learner, since, zone);
  if (moment === null) return { kind: "missing", exits: wait.if_missing !== "continue" };
  if (wait.for === undefined && wait.if_past === "exit" && moment < since) return { kind: "past", exits: true };
  if (!wait.window) return { kind: "at", at: moment };
  return { kind: "at", at: intoWindow(Math.max(moment, now), wait.window, learner.timezone ?? zone) };
}

function momentOf(wait: Params, learner: Learner, since: number, zone: string): number | null {
  if (wait.for !== undefined) return addDuration(since, wait.for, zone);
  if (wait.until !== undefined) return localToInstant(wait.until, zone);
  const value = followed(learner, wait);
  if (typeof value !== "string" && typeof value !== "number") return null;
  return fieldMoment(value, { offset: wait.offset || undefined, at: wait.at || undefined }, zone);
}

export const wait = defineStep({
  type: "wait",
  label: "Wait",
  says: "wait [{for}][until {until|moment}][until [{offset|shift} ]{until_field|field}[ at {at}]][, going on {window|window}]",
  description:
    "Waits for a time, until a local date-time, or until a date in a field of the user; then, if asked, for a window of weekdays and hours.",
  params,
  lanes: [],
  waits: true,
  compile: ({ id, type, ...options }, assembly) => {
    const given = params.parse(options);
    assembly.place({
      id,
      type,
      carry: (hand) => {
        const { learner, now } = hand.view;
        const wake = wakeOf(given, hand.view, now);
        if (wake.kind !== "at") {
          hand.log(wake.exits ? "exited" : "done", { reason: wake.kind });
          return wake.exits ? hand.exit(wake.kind) : hand.goOn();
        }
        const detail = { until: formatInstant(wake.at) };
        if (wake.at <= now) {
          hand.log("done", detail);
          return hand.goOn();
        }
        hand.log("waiting", detail);
        return hand.pause(wake.at, followed(learner, given));
      },
      wait: {
        timesUp: "elapsed",
        wake: (view, since) => wakeOf(given, view, since),
        followed: (learner) => followed(learner, given),
        after: (_, place) => place + 1,
      },
    });
  },
});
