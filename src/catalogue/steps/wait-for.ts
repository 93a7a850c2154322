import * as z from "zod";
import type { CardUse } from "../../definition/types";
import { addDuration, formatInstant } from "../dates/time";
import { duration } from "../options/fields";
import { defineStep } from "./define";
import { steps, trigger } from "./fields";

export const waitFor = defineStep({
  type: "wait_for",
  label: "Wait for an event",
  also: ["delay until", "until they", "listen"],
  says: "wait until the learner {event|trigger}, at most {timeout}",
  description: "Waits until something happens, or the time is up, and goes one of two ways; then on below.",
  params: z
    .strictObject({
      event: trigger.meta({ widget: "trigger", title: "Until the learner" }),
      timeout: duration.meta({ format: "duration", title: "At most" }),
      on_event: steps,
      on_timeout: steps,
    })
    .meta({ begins: { event: null, timeout: "P7D", on_event: [], on_timeout: [] } }),
  lanes: [
    { key: "on_event", name: "it happened", lead: "; when it happens: " },
    { key: "on_timeout", name: "timed out", lead: "; when not: " },
  ],
  takesOneWay: true,
  waits: true,
  compile: (step, assembly) => {
    // Checked with the definition.
    const event = assembly.trigger(step.event as CardUse);
    const timeout = String(step.timeout);
    let otherwise = 0;
    assembly.place({
      id: step.id,
      type: step.type,
      carry: (hand) => {
        if (hand.wasAnswered()) {
          hand.log("done", { answered: true });
          return hand.goOn();
        }
        const { now, school } = hand.view;
        const until = addDuration(now, timeout, school.settings.timezone);
        hand.log("waiting", { until: formatInstant(until) });
        return hand.pause(until);
      },
      wait: {
        event,
        timesUp: "timeout",
        wake: ({ school }, since) => ({ kind: "at", at: addDuration(since, timeout, school.settings.timezone) }),
        followed: () => undefined,
        told: (way) => ({ answered: way === "event" }),
        after: (way, place) => (way === "event" ? place + 1 : otherwise),
      },
    });
    assembly.steps(step.on_event);
    const over = assembly.jump();
    otherwise = assembly.here;
    assembly.steps(step.on_timeout);
    over.to = assembly.here;
  },
});
