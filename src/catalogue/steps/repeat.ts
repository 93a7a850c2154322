import * as z from "zod";
import type { Condition } from "../../definition/types";
import { defineStep } from "./define";
import { condition, steps } from "./fields";

const params = z
  .strictObject({
    times: z.int().min(1).max(50).meta({ title: "At most so many times" }),
    until: condition.optional().meta({ widget: "condition", title: "Until they" }),
    steps,
  })
  .meta({ begins: { times: 3, steps: [] } });

export const repeat = defineStep({
  type: "repeat",
  label: "Repeat",
  also: ["loop", "remind", "reminder", "again", "until done"],
  says: "repeat[ until they {until|condition}, at most] {times|times}",
  description:
    "Does its steps again and again, until a condition holds, looked at before each round, or the rounds are over; then on below.",
  params,
  lanes: [{ key: "steps", name: "each round", lead: ": " }],
  repeats: true,
  compile: ({ id, type, ...options }, assembly) => {
    const { times, until } = params.parse(options);
    // Checked with the definition.
    const asked = until === undefined ? null : assembly.condition(until as Condition);
    const head = assembly.here;
    let below = 0;
    assembly.place({
      id,
      type,
      carry: (hand) => {
        const over = hand.round;
        if (over === 0) hand.log("done", { rounds: 0 });
        if (over >= times || asked?.test(hand.view)) return hand.leaveRounds(below);
        return hand.beginRound(over + 1);
      },
    });
    assembly.steps(options.steps, { inRounds: true });
    assembly.jump().to = head;
    below = assembly.here;
  },
});
