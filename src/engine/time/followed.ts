import { isSameValue } from "../../catalogue/account/field-values";
import { reckonWait, waitOf } from "../runs";
import { touch, viewOf, type Work } from "../work";

/** Waits for a date follow the field, or the course, that has it, and stay where they are when something else changes. */
export function followDates(work: Work): void {
  for (const run of [...work.state.runs]) {
    const { waiting } = run;
    if (run.status !== "waiting" || waiting?.value === undefined || waiting.way) continue;
    const value = waitOf(work, run)?.followed(viewOf(work, run));
    if (isSameValue(value, waiting.value)) continue;
    if (value !== undefined) waiting.value = value;
    reckonWait(work, run, work.now);
    touch(work, run);
  }
}
