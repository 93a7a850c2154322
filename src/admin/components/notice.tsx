import type { FC } from "hono/jsx";
import type { Ctx } from "../visit";
import { Banner } from "./bits";
import { ActionButton } from "./form";

/** What was done, as pages tell after it; the address names the sentence, it cannot bring one of its own. */
const SENTENCES: Readonly<Record<string, string>> = {
  deleted: "Deleted. Its learners' runs have ended; the log of them stays.",
  restored: "Restored, inactive. Switch it on when it shall go on.",
  made: "Made. Look at it, then switch it on: it does nothing before.",
  duplicated: "Duplicated. The copy is inactive.",
  on: "Switched on. It sees what happens from now on.",
  off: "Switched off. Who waits in it is held until it is on again.",
  saved: "Saved.",
  skipped: "The wait is over; the run went on.",
  cancelled: "The run is ended. Nothing more of it happens.",
  retried: "The run goes on from the step that failed.",
  resent: "Sent again. What becomes of it shows here within seconds.",
  erased: "Erased: state, runs, waits and personal data in the log.",
  merged: "Merged: they are one learner now.",
  started: "Started. It goes on by itself; this page may be left.",
  imported: "Imported. What was new is made, what differed is changed.",
  removed: "Removed.",
  added: "Added.",
  acted: "Done. What follows from it happens now.",
  begun: "Started for this learner.",
  kept_out: "Not started: its “Only if”, or how often a learner may enter, keeps this learner out.",
  ended: "Ended. Nothing more of it happens.",
  moved: "The clock has moved; all that was due has happened.",
  more: "There is more to do on the way than at once: the clock stands where everybody is. Go on to where it was sent.",
  paused: "Paused. Events are taken; what would start or go on is held until you let it go on.",
  unpaused: "The school goes on. What was held follows within moments.",
  suppressed: "Suppressed. No mail of the school goes to this address.",
  lifted: "Mail goes to this address again.",
  tried: "Tried again. What stands here still cannot be used.",
  tested: "A test is on its way. What became of it shows here within seconds.",
};

/** What was just done, and the way back where there is one. */
export const Notice: FC<{ c: Ctx }> = ({ c }) => {
  const done = c.req.query("done") ?? "";
  const said = Object.hasOwn(SENTENCES, done) ? SENTENCES[done] : undefined;
  const undo = c.req.query("undo");
  if (!said) return null;
  return (
    <Banner>
      <output>✓ {said}</output>
      {undo && /^aud_[0-9a-z]+$/.test(undo) ? (
        <ActionButton action={c.var.visit.path("/automations/restore")} fields={{ entry: undo }}>
          Undo
        </ActionButton>
      ) : null}
    </Banner>
  );
};
