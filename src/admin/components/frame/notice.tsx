import type { FC } from "hono/jsx";
import { later, many, say } from "../../../language/say";
import type { Ctx } from "../../visit";
import { Banner } from "../bits";
import { ActionButton } from "../forms/form";
import { isHeldKind, placeOf } from "./held";

/** What was done, as pages tell after it; the address names the sentence, it cannot bring one of its own. */
const SENTENCES = {
  deleted: later("Deleted. Its learners' runs have ended; the log of them stays."),
  held: later("Deleted. For an hour you can have it back as it was; until then it does nothing."),
  restored: later("Restored, as it was."),
  made: later("Created, switched off. Look at it, then switch it on."),
  duplicated: later("Duplicated. The copy is switched off."),
  on: later("Switched on. It sees what happens from now on."),
  off: later("Switched off. Learners who wait in it stay on hold until it is on again."),
  saved: later("Saved."),
  one_at_a_time: later("Saved. A learner goes through it one at a time from now on."),
  skipped: later("The wait is over; the run went on."),
  skipped_held: later("The wait is over. The run is on hold all the same: below stands when it goes on."),
  cancelled: later("The run is ended. Nothing more of it happens."),
  retried: later("The run goes on from the step that failed."),
  retried_held: later("It is set to go on from the step that failed, but is on hold: below stands when it goes on."),
  written: later("Handed over. What becomes of the mail shows here within seconds."),
  resent: later("Sent again. What becomes of it shows here within seconds."),
  erased: later("Erased: state, runs, waits and personal data in the log."),
  merged: later("Merged: they are one learner now."),
  started: later("Started. It continues by itself; you may leave this page."),
  imported: later("Imported. What was new is made, what differed is changed."),
  removed: later("Removed."),
  added: later("Added."),
  many: later("Done for all that were selected."),
  many_deleted: later("Deleted, all that were selected. They can be brought back for an hour, below the list."),
  many_restored: later("Restored, all of them as they were."),
  none_picked: later("Nothing is selected: tick the automations first."),
  none_ticked: later("Nothing is selected: tick the deliveries first."),
  no_label: later("Nothing is done yet: write which label, beside what is to be done."),
  acted: later("Done. What follows from it happens now."),
  begun: later("Started for this learner."),
  kept_out: later("Not started: its “Only if”, or how often a learner may enter, keeps this learner out."),
  ended: later("Ended. Nothing more of it happens."),
  moved: later("The clock has moved; all that was due has happened."),
  more: later(
    "There is more to do on the way than fits at once: the clock stopped where everybody is. Move it again to continue.",
  ),
  paused: later("Paused. Events are taken; what would start or go on is held until you let it go on."),
  unpaused: later("The school goes on. What was held follows within moments."),
  suppressed: later("Suppressed. No mail of the school goes to this address."),
  lifted: later("Mail goes to this address again."),
  tried: later("Tried again. What stands here still cannot be used."),
  tested: later("A test is on its way. What became of it shows here within seconds."),
};

/** What was done to so many; the address says how many. */
const COUNTED: Readonly<Record<string, (n: number) => string>> = {
  resent_many: (n) =>
    many(
      n,
      "{n} delivery is sent again. What becomes of it shows among all deliveries within seconds.",
      "{n} deliveries are sent again. What becomes of them shows among all deliveries within seconds.",
    ),
};

/** Those that say why nothing was done. */
const UNDONE: ReadonlySet<keyof typeof SENTENCES> = new Set(["none_picked", "none_ticked", "no_label", "kept_out"]);

const isDone = (name: string): name is keyof typeof SENTENCES => Object.hasOwn(SENTENCES, name);

/** Where a deletion is taken back, as the address names it: `<kind>:<id>`. */
function wayBack(c: Ctx): string | null {
  const [, kind = "", id = ""] = /^(\w+):(.+)$/s.exec(c.req.query("undo") ?? "") ?? [];
  return isHeldKind(kind) && c.var.visit.mayEdit ? `${placeOf(c.var.visit, kind, id)}/restore` : null;
}

const countIn = (c: Ctx): number => Math.min(Math.max(Math.floor(Number(c.req.query("n")) || 0), 0), 1_000_000);

/** What was just done, and the way back where there is one. */
export const Notice: FC<{ c: Ctx }> = ({ c }) => {
  const done = c.req.query("done") ?? "";
  const undo = wayBack(c);
  const counted = Object.hasOwn(COUNTED, done) ? COUNTED[done]?.(countIn(c)) : undefined;
  if (counted !== undefined)
    return (
      <Banner tone="good">
        <output>✓ {counted}</output>
      </Banner>
    );
  if (!isDone(done)) return null;
  const isUndone = UNDONE.has(done);
  return (
    <Banner tone={isUndone ? "warning" : "good"}>
      <output>
        {isUndone ? "⚠" : "✓"} {say(SENTENCES[done])}
      </output>
      {undo ? <ActionButton action={undo}>{say("Undo")}</ActionButton> : null}
    </Banner>
  );
};
