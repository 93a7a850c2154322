import * as z from "zod";
import type { Condition } from "../../definition/types";
import { defineStep } from "./define";
import { condition, steps } from "./fields";

export const branch = defineStep({
  type: "branch",
  label: "Branch",
  also: ["if", "yes or no", "condition", "otherwise", "decision"],
  says: "if they {if|condition}",
  description: "Goes one of two ways by a condition, judged when it is reached; then on below.",
  params: z
    .strictObject({ if: condition.meta({ widget: "condition", title: "If they" }), yes: steps, no: steps })
    .meta({ begins: { if: null, yes: [], no: [] } }),
  lanes: [
    { key: "yes", name: "yes", lead: ": " },
    { key: "no", name: "no", lead: "; otherwise: " },
  ],
  takesOneWay: true,
  countsWays: true,
  compile: (step, assembly) => {
    // Checked with the definition.
    const asked = assembly.condition(step.if as Condition);
    let otherwise = 0;
    assembly.place({
      id: step.id,
      type: step.type,
      carry: (hand) => {
        const holds = asked.test(hand.view);
        hand.log("done", { branch: holds ? "yes" : "no" });
        return holds ? hand.goOn() : hand.goOn(otherwise);
      },
    });
    assembly.steps(step.yes);
    const over = assembly.jump();
    otherwise = assembly.here;
    assembly.steps(step.no);
    over.to = assembly.here;
  },
});
