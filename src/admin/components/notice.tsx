import type { FC } from "hono/jsx";
import { say } from "../../language/say";
import type { Ctx } from "../visit";
import { Banner } from "./bits";
import { ActionButton } from "./form";
import { isHeldKind, placeOf } from "./held";

/** What was done, as pages tell after it; the address names the sentence, it cannot bring one of its own. */
const SENTENCES: Readonly<Record<string, string>> = {
  deleted: "Deleted. Its learners' runs have ended; the log of them stays.",
  held: "Deleted. For an hour you can have it back as it was; until then it does nothing.",
  restored: "Restored, as it was.",
  made: "Created, switched off. Look at it, then switch it on.",
  duplicated: "Duplicated. The copy is switched off.",
  on: "Switched on. It sees what happens from now on.",
  off: "Switched off. Learners who wait in it stay on hold until it is on again.",
  saved: "Saved.",
  one_at_a_time: "Saved. A learner goes through it one at a time from now on.",
  skipped: "The wait is over; the run went on.",
  cancelled: "The run is ended. Nothing more of it happens.",
  retried: "The run goes on from the step that failed.",
  resent: "Sent again. What becomes of it shows here within seconds.",
  erased: "Erased: state, runs, waits and personal data in the log.",
  merged: "Merged: they are one learner now.",
  started: "Started. It continues by itself; you may leave this page.",
  imported: "Imported. What was new is made, what differed is changed.",
  removed: "Removed.",
  added: "Added.",
  many: "Done for all that were picked. What was deleted can be had back for an hour, below the list.",
  many_but_some: "Done, but not for all: some were deleted or changed by somebody else, or are in use.",
  none_picked: "Nothing is picked: tick the automations first.",
  acted: "Done. What follows from it happens now.",
  begun: "Started for this learner.",
  kept_out: "Not started: its “Only if”, or how often a learner may enter, keeps this learner out.",
  ended: "Ended. Nothing more of it happens.",
  moved: "The clock has moved; all that was due has happened.",
  more: "There is more to do on the way than fits at once: the clock stopped where everybody is. Move it again to continue.",
  paused: "Paused. Events are taken; what would start or go on is held until you let it go on.",
  unpaused: "The school goes on. What was held follows within moments.",
  suppressed: "Suppressed. No mail of the school goes to this address.",
  lifted: "Mail goes to this address again.",
  tried: "Tried again. What stands here still cannot be used.",
  tested: "A test is on its way. What became of it shows here within seconds.",
};

/** Where a deletion is taken back, as the address names it: `<kind>:<id>`. */
function wayBack(c: Ctx): string | null {
  const [, kind = "", id = ""] = /^(\w+):(.+)$/s.exec(c.req.query("undo") ?? "") ?? [];
  return isHeldKind(kind) && c.var.visit.mayEdit ? `${placeOf(c.var.visit, kind, id)}/restore` : null;
}

/** What was just done, and the way back where there is one. */
export const Notice: FC<{ c: Ctx }> = ({ c }) => {
  const done = c.req.query("done") ?? "";
  const said = Object.hasOwn(SENTENCES, done) ? SENTENCES[done] : undefined;
  const undo = wayBack(c);
  if (!said) return null;
  return (
    <Banner tone="good">
      <output>✓ {said}</output>
      {undo ? <ActionButton action={undo}>{say("Undo")}</ActionButton> : null}
    </Banner>
  );
};
