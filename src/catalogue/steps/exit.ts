import * as z from "zod";
import { defineStep } from "./define";

export const exit = defineStep({
  type: "exit",
  label: "Exit",
  also: ["stop", "end", "finish", "quit"],
  says: "stop here",
  description: "Ends the run here.",
  params: z.strictObject({}),
  lanes: [],
  ends: true,
  compile: ({ id, type }, assembly) =>
    assembly.place({
      id,
      type,
      carry: (hand) => {
        hand.log("done");
        return hand.exit("exit");
      },
    }),
});
