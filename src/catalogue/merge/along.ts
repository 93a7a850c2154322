import type { Turn } from "../facts/facts";
import type { Giver } from "../facts/givers";

/** The same turn for whoever gave it to who is merged: what a run gave stays the run's, and is undone with it. */
export const turnAlong = (turn: Turn, theirs: Giver | undefined): Turn =>
  theirs?.by === "run" ? { ...turn, giver: theirs } : turn;
