import * as z from "zod";
import { datedField } from "../account/meant";
import { DATE_SOURCES, dateSource, isCourseDate, isDateSource, isFieldToWaitFor } from "../dates/date-sources";
import { dateMoment } from "../dates/dates";
import { addDuration, formatInstant, intoWindow, localToInstant, WEEKDAYS } from "../dates/time";
import type { FieldValue } from "../facts/facts";
import { duration, localTime, offset } from "../options/fields";
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
    until: localTime.optional(),
    until_field: z
      .string()
      .refine((name) => isDateSource(name) || isFieldToWaitFor(datedField(name)), "not the name of a field")
      .optional()
      .meta({ picker: "field", dated: true, examples: DATE_SOURCES }),
    every: z.literal("year").optional(),
    offset: offset.optional(),
    at: timeOfDay.optional(),
    if_past: z.literal("exit").optional(),
    if_missing: z.enum(["continue", "exit"]).optional(),
    window: window.optional(),
  })
  .superRefine((wait, context) => {
    const kinds = [wait.for, wait.until, wait.until_field].filter((one) => one !== undefined).length;
    if (kinds !== 1)
      context.addIssue({ code: "custom", message: "give exactly one of for, until, until_field", path: [] });
    for (const name of ["offset", "at", "if_missing", "every"] as const) {
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
const followed = (wait: Params, view: WaitView): FieldValue | undefined =>
  wait.until_field === undefined ? undefined : dateSource(wait.until_field, view);

/** The end of a wait as things stand; `since`: when it began, ms, what `for` counts from. */
function wakeOf(wait: Params, view: WaitView, since: number): Wake {
  const { learner, school, now } = view;
  const zone = school.settings.timezone;
  const moment = momentOf(wait, view, since, zone);
  if (typeof moment !== "number") {
    const exits = wait.if_missing !== "continue";
    return { kind: "missing", exits, ...(moment === "no_date" ? { said: moment } : {}) };
  }
  if (wait.for === undefined && wait.if_past === "exit" && moment < since) return { kind: "past", exits: true };
  if (!wait.window) return { kind: "at", at: moment };
  return { kind: "at", at: intoWindow(Math.max(moment, now), wait.window, learner.timezone ?? zone) };
}

function momentOf(wait: Params, view: WaitView, since: number, zone: string): number | "missing" | "no_date" {
  if (wait.for !== undefined) return addDuration(since, wait.for, zone);
  if (wait.until !== undefined) return localToInstant(wait.until, zone);
  const value = followed(wait, view);
  // A course is there, and has no such date.
  if (value === undefined)
    return wait.until_field !== undefined && isCourseDate(wait.until_field) ? "no_date" : "missing";
  const { offset, at, every } = wait;
  return dateMoment(value, { offset: offset || undefined, at: at || undefined, every }, zone, since) ?? "no_date";
}

export const wait = defineStep({
  type: "wait",
  label: "Wait",
  also: ["delay", "pause", "timer", "later", "days", "until a date"],
  says: "wait [{for}][until {until|moment}][until [{offset|shift} ]{until_field|field}[ each {every}][ at {at}]][, going on {window|window}]",
  description:
    "Waits for a time, until a local date-time, or until a date in a field of the user, of the event, of its course, or of a certificate; then, if asked, for a window of weekdays and hours.",
  params,
  lanes: [],
  waits: true,
  meant: (given) =>
    typeof given.until_field === "string" && !isDateSource(given.until_field)
      ? { ...given, until_field: datedField(given.until_field) }
      : given,
  compile: ({ id, type, ...options }, assembly) => {
    const given = params.parse(options);
    assembly.place({
      id,
      type,
      carry: (hand) => {
        const { now } = hand.view;
        const wake = wakeOf(given, hand.view, now);
        if (wake.kind !== "at") {
          hand.log(wake.exits ? "exited" : "done", { reason: wake.said ?? wake.kind });
          return wake.exits ? hand.exit(wake.kind) : hand.goOn();
        }
        const detail = { until: formatInstant(wake.at) };
        if (wake.at <= now) {
          hand.log("done", detail);
          return hand.goOn();
        }
        hand.log("waiting", detail);
        return hand.pause(wake.at, followed(given, hand.view));
      },
      wait: {
        timesUp: "elapsed",
        wake: (view, since) => wakeOf(given, view, since),
        followed: (view) => followed(given, view),
        after: (_, place) => place + 1,
      },
    });
  },
});
