import type { z } from "zod";
import type { LaneSpec } from "../../definition/lanes";
import type { CardUse, Condition, KeptStep } from "../../definition/types";
import type { Meaningful } from "../account/meant";
import type { Card } from "../card";
import type { BoundTrigger } from "../define";
import type { Fact, FieldValue, Learner, SchoolView, View } from "../facts/facts";

/*
 * A kind of step says what it is, how it is compiled and how it is carried out, against the small interfaces below;
 * the engine fulfils them.
 */

/** A condition that surely holds, or surely does not, wherever a tree holds. */
export interface Sure {
  condition: CardUse;
  holds: boolean;
}

/** A condition tree compiled: the answer, and on a no the first place that said it. */
export interface Judge {
  test(view: View): boolean;
  /** What is sure where the tree holds; `false`: where it does not. */
  sure(holds: boolean): Sure[];
  explain(view: View): { path: string; expected: unknown; seen: unknown } | null;
}

// ---- Carried out ----

export type StepStatus = "done" | "skipped" | "failed" | "waiting" | "exited";

/** A run goes on to the next operation, or stops here: ended, or waiting. */
export type Next = "on" | "stop";

/** What an operation gets in hand when a run comes to it. */
export interface Hand {
  /** What conditions look at, and the school's clock. */
  readonly view: View;
  /** Which round of a `repeat` it is in, from 1; 0: in none. */
  readonly round: number;
  /** A number from 0 up to 100, the same every time for this automation, user, step and round. */
  share(): number;
  /** Whether the fact that this operation waits for has come already; it is used up by asking. */
  wasAnswered(): boolean;
  /** Writes down what became of the step. */
  log(status: StepStatus, detail?: Record<string, unknown>): void;
  /** Goes on at a place of the program; at the next when left out. */
  goOn(place?: number): Next;
  /** Begins a round at the next operation; what the log says of the step tells how many there were. */
  beginRound(round: number): Next;
  /** Goes on below the rounds, at a place of the program. */
  leaveRounds(place: number): Next;
  /** Stops until a time, or until what it waits for; `value`: what stands in the field whose date it follows. */
  pause(wakeAt: number, value?: FieldValue): Next;
  /** Ends the run as `exited`. */
  exit(reason: string): Next;
}

/** When a wait ends; or that its moment is missing or past, whether the run exits for it, and what else the log says. */
export type Wake = { kind: "at"; at: number } | { kind: "missing" | "past"; exits: boolean; said?: "no_date" };

/** How a wait came to its end. */
export type WaitEnd = "event" | "timeout" | "elapsed";

/** What of the school and the user a wait is reckoned from. */
export interface WaitView {
  learner: Learner;
  school: SchoolView;
  now: number;
  /** What started the run. */
  fact: Fact;
}

/** What an operation that waits says of its wait. */
export interface Wait {
  /** The fact that ends it before its time. */
  event?: BoundTrigger;
  /** What its end by time is called. */
  timesUp: "timeout" | "elapsed";
  /** When it ends as things stand, having begun at `since`, ms. */
  wake(view: WaitView, since: number): Wake;
  /** What stands in the field whose date it follows; undefined where it is missing, or none is followed. */
  followed(view: WaitView): FieldValue | undefined;
  /** What the log says of it once it is over. */
  told?(way: WaitEnd): Record<string, unknown>;
  /** Where the run goes on, having waited at `place`. */
  after(way: WaitEnd, place: number): number;
}

export interface StepOperation {
  kind: "step";
  id: string;
  type: string;
  carry(hand: Hand): Next;
  /** It stands in a `repeat`. */
  inRounds: boolean;
  /** Of one that waits. */
  wait?: Wait;
}

// ---- Compiled ----

/** A place to go on at, given once it is known. */
export interface Jump {
  kind: "jump";
  to: number;
}

/** Lays the operations of a definition one behind the other. */
export interface Assembly {
  /** Where the next operation will stand. */
  readonly here: number;
  place(operation: Omit<StepOperation, "kind" | "inRounds">): void;
  /** Lays a jump whose target is set later: the end of a way. */
  jump(): Jump;
  /** `inRounds`: they are those of a `repeat`; `never`: no run goes this way. */
  steps(list: unknown, options?: { inRounds?: boolean; never?: boolean }): void;
  condition(condition: Condition): Judge;
  trigger(card: CardUse): BoundTrigger;
}

// ---- The card ----

export interface StepKind extends Card, Meaningful<Record<string, unknown>> {
  /** As actions say theirs, see `Part` in `card.ts`; what stands on its ways is said behind it. */
  says: string;
  params: z.ZodObject;
  /** Where it holds further steps. */
  lanes: readonly LaneSpec[];
  /** A run takes one of its ways, whatever happens: where all of them end, nobody comes past it. */
  takesOneWay?: true;
  /** Its steps happen several times: none of its sort stands inside it. */
  repeats?: true;
  /** No run gets past it. */
  ends?: true;
  /** A run may stop at it for a time. */
  waits?: true;
  /** The figures of an automation count its ways, by what its log says under `branch`. */
  countsWays?: true;
  /** `step` has passed the schema. */
  compile(step: KeptStep, assembly: Assembly): void;
}

/** Gives a kind of step the type that all of them have. */
export const defineStep = (kind: StepKind): StepKind => kind;
