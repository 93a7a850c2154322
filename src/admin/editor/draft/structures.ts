import type { Entry, Step } from "../../model";
import { blank } from "./form";

/** How a new step of the five kinds of contract §6 begins. */
const BLANKS: ReadonlyMap<string, () => Step> = new Map([
  ["wait", (): Step => ({ type: "wait", for: "P1D" })],
  ["wait_for", (): Step => ({ type: "wait_for", event: null, timeout: "P7D", on_event: [], on_timeout: [] })],
  ["branch", (): Step => ({ type: "branch", if: null, yes: [], no: [] })],
  [
    "split",
    (): Step => ({
      type: "split",
      paths: [
        { percent: 50, steps: [] },
        { percent: 50, steps: [] },
      ],
    }),
  ],
  ["exit", (): Step => ({ type: "exit" })],
]);

export const blankStep = (entry: Entry): Step => BLANKS.get(entry.type)?.() ?? blank(entry.type, entry.params);
