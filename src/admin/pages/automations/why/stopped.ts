import { say } from "../../../../language/say";

type Stopped = readonly [why: string, change: string, where: "on" | "options" | "none"];

/** What stopped it, of "Anna was enrolled in js-101": and what would let it start. */
const STOPPED: Readonly<Record<string, (happened: string) => Stopped>> = {
  inactive: (happened) => [
    say("{happened}, but it was off.", { happened }),
    say("Switch it on: it starts next time."),
    "on",
  ],
  not_there: (happened) => [
    say("{happened}, but there was no such automation then.", { happened }),
    say("It sees what happens since it was made; you can start it for them by hand."),
    "none",
  ],
  quiet: (happened) => [
    say("{happened}, but by an import, a merge or a bulk change, which start nothing.", { happened }),
    say("Import with “start automations” ticked, or start it for them by hand."),
    "none",
  ],
  before_active: (happened) => [
    say("{happened}, but more than a day before it was switched on.", { happened }),
    say("Start it for them by hand."),
    "none",
  ],
  loop_stopped: (happened) => [
    say("{happened}, but a run of its own had brought that about.", { happened }),
    say("It would have gone round in a circle, so it does not start."),
    "none",
  ],
  already_running: (happened) => [
    say("{happened}, but a run was under way already.", { happened }),
    say("Let it start more than one at a time, under Options."),
    "options",
  ],
  once: (happened) => [
    say("{happened}, but it had run for them before.", { happened }),
    say("Let it start more than once for a learner, under Options."),
    "options",
  ],
  cooldown: (happened) => [
    say("{happened}, but it had run for them a short while ago.", { happened }),
    say("Shorten the pause between two starts, under Options."),
    "options",
  ],
  limit: (happened) => [
    say("{happened}, but it had started as often as it may.", { happened }),
    say("Raise how often it may start, under Options."),
    "options",
  ],
};

/** Of a reason that there was not when this was written. */
const unknown = (happened: string): Stopped => [
  say("{happened}, but it did not start.", { happened }),
  say("See below what decided."),
  "none",
];

/** @param happened "Anna was enrolled in js-101" */
export const stoppedBy = (reason: string, happened: string): Stopped =>
  (Object.hasOwn(STOPPED, reason) ? (STOPPED[reason] ?? unknown) : unknown)(happened);
