import { dateMoment } from "../../catalogue/dates/dates";
import { addDays, subtractDays } from "../../catalogue/dates/time";
import type { BoundTrigger } from "../../catalogue/define";
import type { Learner, SchoolView } from "../../catalogue/facts/facts";
import { isOfCourses, lastVisit } from "../../catalogue/inactivity/visits";
import { awayKey, awaySince } from "../time/due";
import { dateKey } from "../time/reached";
import type { Automation, Program, UserState } from "../types";

/* What will bring an automation about for a user if nothing else happens, and what its runs are waiting for. */

/** What keeps runs from beginning and going on: it is off, or to be deleted; or the school's pause. */
export type Keeping = "inactive" | "deleted" | "paused";

/** Why what is expected does not come: it came already; it had come before it was switched on; it is off or to be deleted. */
export type NotComing = "told" | "before_active" | Exclude<Keeping, "paused">;

/** A moment at which time alone starts it. */
export interface Coming {
  /** The trigger: a JSON pointer. */
  path: string;
  type: string;
  /** The course or subscription that it is about. */
  about?: string;
  /** From when it is counted, ms: of an absence the last visit, else when the user came; of a trial or a date that. */
  from: number;
  counted: "visit" | "registration" | "enrolment" | "trial" | "date";
  /** When it starts, ms; null: it does not. */
  at: number | null;
  why?: NotComing;
}

/** What a run is waiting for. */
export interface WaitingRun {
  run: string;
  step: string;
  type: string;
  since: number;
  /** ms; null: that is over, and it is held. */
  until: number | null;
  /** The fact that ends it before. */
  event?: { type: string; params: Record<string, unknown> };
  /** What holds it; where the wait is not over, once it is. */
  held?: Keeping;
}

interface Asked {
  automation: Automation;
  /** It is to be deleted. */
  isHeld: boolean;
  state: UserState;
  school: SchoolView;
  now: number;
}

export const comingFor = (asked: Asked): Coming[] =>
  asked.automation.program.when.flatMap((trigger, index) => {
    const here = { path: `/when/${index}`, type: trigger.type };
    return [...absences(asked, trigger), ...trialEnds(asked, trigger), ...dates(asked, trigger)].map((one) => {
      const { at, ...rest } = { ...here, ...one };
      const isOff = !asked.automation.active && rest.why === undefined;
      return isOff ? { ...rest, at: null, why: whyOff(asked) } : { ...rest, at };
    });
  });

const whyOff = ({ isHeld }: Pick<Asked, "isHeld">) => (isHeld ? "deleted" : "inactive");

type Found = Omit<Coming, "path" | "type">;

const missing = (why: NotComing) => ({ at: null, why });

function absences({ automation, state, school }: Asked, { watches }: BoundTrigger): Found[] {
  if (!watches || watches.scope === "trial") return [];
  const { scope, days, courses, includeAlready } = watches;
  const { learner, away } = state;
  const { activeSince, watchSince: since = activeSince } = automation;
  return aboutWhat(learner, isOfCourses(scope), courses).flatMap((course): Found[] => {
    const base = awaySince(learner, scope, course);
    if (!base) return [];
    const visited = lastVisit(learner, scope, course) !== null;
    const counted = visited ? "visit" : isOfCourses(scope) ? "enrolment" : "registration";
    const found = { ...(course ? { about: course } : {}), from: base.at, counted } as const;
    if (away[awayKey(automation.id, scope, course, days)] === base.at) return [{ ...found, ...missing("told") }];
    const due = addDays(base.at, days, school.settings.timezone);
    const wasPast = due <= since || due <= base.heardAt;
    const isMeant = includeAlready && (due > base.heardAt || base.heardAt <= since);
    if (automation.active && wasPast && !isMeant) return [{ ...found, ...missing("before_active") }];
    return [{ ...found, at: automation.active ? Math.max(due, since) : due }];
  });
}

const aboutWhat = (learner: Learner, inCourses: boolean, courses: readonly string[] | undefined): string[] =>
  inCourses
    ? learner.enrolments.flatMap((one) =>
        one.type === "course" && (!courses || courses.includes(one.product)) ? [one.product] : [],
      )
    : [""];

function trialEnds({ state, school }: Asked, { watches }: BoundTrigger): Found[] {
  if (watches?.scope !== "trial") return [];
  const { days } = watches;
  return Object.entries(state.learner.trials).flatMap(([about, trial]): Found[] => {
    if (trial.canceled) return [];
    const found = { about, from: trial.endsAt, counted: "trial" } as const;
    const at = subtractDays(trial.endsAt, days, school.settings.timezone);
    const isPast = at < Math.max(trial.startedAt, trial.resumedAt ?? 0);
    return [trial.told.includes(days) || isPast ? { ...found, ...missing("told") } : { ...found, at }];
  });
}

function dates({ automation, state, school, now }: Asked, { reaches }: BoundTrigger): Found[] {
  if (!reaches) return [];
  return [...reaches.dates(state.learner, school)].flatMap(({ about, value }): Found[] => {
    const armed = state.dates[dateKey(automation.id, reaches, about)];
    const next = armed ? armed.at : dateMoment(value, reaches.shift, school.settings.timezone, now);
    if (next === null || next === 0) return [];
    const found = { ...(about ? { about } : {}), from: next, counted: "date" } as const;
    return [armed?.told || next <= now ? { ...found, ...missing("told") } : { ...found, at: next }];
  });
}

/**
 * By what is so now: the state may not have heard yet of what was switched or paused since.
 * @param programOf the program that a run goes by
 */
export function waitsOf(
  { automation, state, isHeld, isPaused }: Pick<Asked, "automation" | "state" | "isHeld"> & { isPaused: boolean },
  programOf: (version: number) => Program | undefined,
): WaitingRun[] {
  const keeping: Keeping | undefined = automation.active ? (isPaused ? "paused" : undefined) : whyOff({ isHeld });
  return state.runs.flatMap((run) => {
    if (run.automation !== automation.id || !run.waiting) return [];
    const { step, since, wakeAt } = run.waiting;
    const operation = programOf(run.version)?.operations[run.place];
    if (operation?.kind !== "step") return [];
    const { event } = operation.wait ?? {};
    return [
      {
        ...{ run: run.id, step, type: operation.type, since, until: wakeAt },
        ...(event ? { event: { type: event.type, params: event.params } } : {}),
        ...(keeping ? { held: keeping } : {}),
      },
    ];
  });
}
