import { type LaneSpec, lanesBy } from "../../definition/lanes";
import { branch } from "./branch";
import type { StepKind } from "./define";
import { exit } from "./exit";
import { match } from "./match";
import { repeat } from "./repeat";
import { split } from "./split";
import { wait } from "./wait";
import { waitFor } from "./wait-for";

/** The kinds of step that are no action: how a run goes on. In the order in which people are offered them. */
export const STEPS: ReadonlyMap<string, StepKind> = new Map(
  [wait, waitFor, branch, match, split, repeat, exit].map((kind) => [kind.type, kind]),
);

export const lanesIn = (type: string): readonly LaneSpec[] => STEPS.get(type)?.lanes ?? [];

/** The ways of a step. */
export const lanesOf = lanesBy(lanesIn);
