import * as z from "zod";
import { defineStep, type Jump } from "./define";
import { steps } from "./fields";

const paths = z
  .array(z.strictObject({ percent: z.number().min(0).max(100), steps }))
  .min(1)
  .max(20)
  .superRefine((given, context) => {
    const sum = given.reduce((total, { percent }) => total + percent, 0);
    if (Math.abs(sum - 100) > 1e-6)
      context.addIssue({ code: "custom", message: `the percentages sum to ${sum}, not 100`, path: [] });
  })
  .meta({
    widget: "shares",
    title: "Learners go",
    description: "Who goes where is fixed for each learner.",
  });
const half = { percent: 50, steps: [] };
const params = z.strictObject({ paths }).meta({ begins: { paths: [half, half] } });

export const split = defineStep({
  type: "split",
  label: "Split",
  also: ["a/b test", "random", "percentage", "experiment"],
  says: "split {paths|ways}",
  description: "Sends a share of the users each way; a user goes the same way every time.",
  params,
  lanes: [{ key: "paths", inEach: "steps", name: "{percent} %", share: "percent" }],
  takesOneWay: true,
  compile: ({ id, type, paths: given }, assembly) => {
    const ways: { percent: number; to: number }[] = [];
    assembly.place({
      id,
      type,
      carry: (hand) => {
        let rest = hand.share();
        let path = ways.findIndex(({ percent }) => {
          rest -= percent;
          return rest < 0;
        });
        // Percentages that sum to a hair under 100 leave a gap at the top: the last path has it.
        if (path < 0) path = ways.findLastIndex(({ percent }) => percent > 0);
        hand.log("done", { path });
        return hand.goOn(ways[path]?.to);
      },
    });
    const jumps: Jump[] = [];
    for (const { percent, steps: inside } of params.parse({ paths: given }).paths) {
      ways.push({ percent, to: assembly.here });
      assembly.steps(inside, { never: percent === 0 });
      jumps.push(assembly.jump());
    }
    for (const over of jumps) over.to = assembly.here;
  },
});
