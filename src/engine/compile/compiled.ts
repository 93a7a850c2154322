import type { BoundAction, BoundTrigger } from "../../catalogue/define";
import type { SchoolView } from "../../catalogue/facts/facts";
import type { CompiledClause } from "../../catalogue/segments/clause";
import type { Judge, Jump, StepOperation } from "../../catalogue/steps/define";
import type { StartLimit } from "../../definition/types";
import type { Heeded } from "../inputs/happening";

/* What a school's definitions compile to. */

/** When a run comes to an operation: before any wait, only past one, or never: past an exit, or on a path of 0 %. */
export type Comes = "at_once" | "waited" | "never";

/** What is done when a run comes to it: an action, a kind of step, or a jump over ways not taken. */
export type Operation =
  | {
      kind: "perform";
      id: string;
      type: string;
      action: BoundAction;
      forLeads: boolean;
      stopsOnError: boolean;
      /** It stands in a `repeat`. */
      inRounds: boolean;
      comes: Comes;
    }
  | StepOperation
  | Jump;

export interface Program {
  version: number;
  synchronous: boolean;
  when: BoundTrigger[];
  onlyIf: Judge | null;
  exitWhen: BoundTrigger[];
  exitIf: Judge | null;
  operations: Operation[];
  /** Those that wait for a fact. */
  awaiting: StepOperation[];
  /** Where each step begins, by its id. */
  places: ReadonlyMap<string, number>;
  reentry: "always" | "one_at_a_time" | "restart" | "once";
  reentryPer: "user" | "trigger";
  cooldown: string | null;
  limit: StartLimit | null;
}

/** An automation as it stands now, with the program of its present version. */
export interface Automation {
  id: string;
  active: boolean;
  /** The school's time from which it sees facts; dates and absences later, where it was held (`watchSince`). */
  activeSince: number;
  watchSince?: number;
  revision: number;
  /** Live runs of earlier versions move to this one. */
  moveVersion: number;
  /** Live runs begun before this revision exit. */
  exitRevision: number;
  program: Program;
  /** What it is to bring about; it starts and ends nothing. */
  goal?: BoundTrigger | null;
}

// ---- Segments ----

export interface CompiledSegment {
  id: string;
  managed: boolean;
  /** `held`: it lets nobody join, and keeps whom it has. */
  rules: { id: string; match: "all" | "any"; clauses: CompiledClause[]; held?: true }[];
}
export interface SegmentSync {
  id: string;
  active: boolean;
  segment: string;
  course: string;
  role: string;
  group: string | null;
  onLeave: "unenrol" | "suspend";
  /** False: it enrols nobody, and keeps its group for members who are in the course anyhow. */
  enrol?: boolean;
}
export interface CompiledAutoGroup {
  id: string;
  active: boolean;
  course: string;
  field: string;
}

/** All that the engine reads of a school: one immutable value, made anew when definitions change. */
export interface World {
  school: SchoolView;
  /** Grows with every change; a user never goes back behind the stamp last seen. */
  stamp: number;
  /** The same where courses are called the same (`SchoolView.courseId`); left out: by what they are named by. */
  courseKey?: string;
  /** In order of creation. */
  automations: readonly Automation[];
  byId: ReadonlyMap<string, Automation>;
  /** The program of an earlier version, for runs that began on it; undefined where it was not loaded. */
  program(automation: string, version: number): Program | undefined;
  segments: ReadonlyMap<string, CompiledSegment>;
  syncs: readonly SegmentSync[];
  autoGroups: readonly CompiledAutoGroup[];
  /** Of automations that have one; left out: none has. */
  goals?: ReadonlyMap<string, BoundTrigger>;
  /** What would start or go on is held; what a pause held before the stamp exits. */
  paused?: boolean;
  pauseExitStamp?: number;
  /** Hears of each fact in its turn, before anything starts from it, and changes nothing: see `backtest`. */
  heed?: (heeded: Heeded) => void;
}
