import type { Origin } from "../catalogue/facts/givers";
import type { Taken, Thing, Why } from "../catalogue/undo/things";
import type { NotCallable } from "../engine/undo/undo";

/* What a user's object is asked of an undo, and says. */

export interface UndoAsked {
  /** One run by its id; or those of an automation that began then or later, ms, as far as the run `run` is the first of a share of them: what another share has is asked by its first. */
  run: string;
  all?: { automation: string; since: number };
  /** With the runs that their facts began. */
  chain: boolean;
  /** Nothing is changed. */
  isDry: boolean;
  origin: Origin;
  /** Who asked for it: the email of somebody of the school, or the id of a key; null: nobody knows. */
  hand?: string | null;
}

export type Undone =
  | {
      /** The runs undone, those chained included. */
      runs: string[];
      takes: (Taken | { kind: "delivery"; id: string })[];
      stays: ((Thing & { why: Why }) | { kind: "run"; id: string; why: "chained" })[];
      not_callable: NotCallable[];
    }
  /** `unkept`: no record of the run is kept; `moved`: the user was merged into another; `not_first`: see `UndoAsked.run`. */
  | { none: "unkept" | "moved" | "not_first" };
