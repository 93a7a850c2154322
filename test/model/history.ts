/*
 * A history: a school's automations and what happens to one of its users. Definitions are as the contract has them,
 * of a few kinds of trigger, condition and step.
 */

export type Trigger =
  | { type: "tag.added" | "tag.removed"; tags: string[]; match?: "all" | "any" }
  | { type: "course.enrolled" | "course.unenrolled"; courses?: string[] }
  | { type: "custom"; name: string }
  /** When the date in the user's one field for dates comes, moved if asked; only in `when`, and kept over edits. */
  | { type: "date.reached"; field: "due"; offset?: string };

export type Condition =
  | { type: "tags.has" | "tags.has_any" | "tags.has_none"; tags: string[] }
  | { type: "course.is_enrolled" | "course.is_not_enrolled"; courses: string[] }
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition };

type StepKind =
  | { type: "tags.add" | "tags.remove"; tags: string[] }
  | { type: "course.enroll"; courses: string[]; expires_after?: string }
  | { type: "course.unenroll"; courses: string[] }
  | { type: "email.user"; subject: string; body: string }
  | { type: "wait"; for: string }
  | { type: "wait_for"; event: Trigger; timeout: string; on_event: Step[]; on_timeout: Step[] }
  | { type: "branch"; if: Condition; yes: Step[]; no: Step[] }
  | {
      type: "match";
      on: "event.course" | "event.tag" | "email";
      cases: { is: string[]; steps: Step[] }[];
      else: Step[];
    }
  | { type: "repeat"; times: number; until?: Condition; steps: Step[] }
  | { type: "exit" };
export type Step = StepKind & { id?: string };

/** What stands in a definition; what is left out is as the contract says. */
export interface Definition {
  synchronous?: boolean;
  when: Trigger[];
  only_if?: Condition | null;
  then: Step[];
  exit_when?: Trigger[];
  exit_if?: Condition | null;
  reentry?: "always" | "one_at_a_time" | "restart" | "once";
  reentry_per?: "user" | "trigger";
  cooldown?: string | null;
  limit?: { times: number; per: string | null } | null;
}

/** One thing that happens. Automations by their place in order of creation, runs by theirs. */
export type Happening =
  /** `ago`: what is told happened so long before; `fire`: it starts what it would start, however long that is. */
  | { kind: "event"; type: string; data: Record<string, unknown>; ago?: number; fire?: true }
  /** A change of the user that is no event, its email. */
  | { kind: "put"; email: string | null }
  /** Another, of the user's field for a date, a moment. */
  | { kind: "date"; due: string | null }
  /** Tags by an import: quiet, unless asked to fire. */
  | { kind: "import"; tags: string[]; fire: boolean }
  | { kind: "enrol"; automation: number }
  /** The school's clock moves on; what is due happens at its time, or, `late`, all of it in the end. */
  | { kind: "advance"; by: string; late?: boolean }
  | { kind: "edit"; automation: number; definition: Definition; move: boolean }
  | { kind: "activate"; automation: number }
  | { kind: "deactivate"; automation: number; exit: boolean }
  | { kind: "delete"; automation: number }
  | { kind: "cancel" | "skip"; run: number };

export interface History {
  zone: string;
  automations: Definition[];
  happenings: Happening[];
}

/** Before a change of clocks in Europe, so that days are of different lengths. */
export const START = Date.parse("2026-03-27T10:00:00.000Z");

export interface SeenStep {
  step: string;
  status: string;
  at: number;
  /** Of a step in a repeat: which round it was; else 0. */
  round: number;
  /** What tells most of its detail: the reason, the way, the end. */
  said: string | boolean | number | null;
}

export interface SeenRun {
  automation: number;
  version: number;
  status: string;
  reason: string | null;
  wakeAt: number | null;
  startedAt: number;
  endedAt: number | null;
  steps: SeenStep[];
}

/** All that shows of a user after something happened. */
export interface Seen {
  now: number;
  tags: string[];
  courses: string[];
  /** Of this happening: facts with what each automation made of them, and what was posted, each in order. */
  facts: { fact: string; decisions: string[] }[];
  posted: string[];
  /** All runs there ever were, in order of their starts. */
  runs: SeenRun[];
}

/** The engine or the model: something to which a history can happen. */
export interface Subject {
  happen(happening: Happening): Seen;
}
