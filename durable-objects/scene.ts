import { SCHOOL_IS_GONE } from "../src/base/errors";
import type { SchoolReference } from "../src/calls/user";
import type { Run, UserState, World } from "../src/engine/types";
import { type PastWorlds, unknownTo } from "../src/world/replay";
import type { School } from "../src/world/snapshot";

/*
 * What the parts of a user's object are given of the world around it, so that none reaches for it by itself.
 */

/** Real time, ms. */
export type Clock = () => number;

/** How the object gets to know its school: from the isolate's memory, or from D1. */
export interface SchoolSource {
  /** The school, no older than a stamp; null: it is gone. One of the same id and another epoch is another's. */
  school(minStamp: number): Promise<School | null>;
  /** Whether the school was deleted: that it is not found alone makes nobody forget. */
  isDeleted(): Promise<boolean>;
  /** Where the school's clock stands, ms. */
  now(school: School): number;
  world(school: School): Promise<World>;
  /** Its earlier worlds. */
  past(school: School): PastWorlds;
  /** Has the world know the programs of earlier versions. */
  programs(school: School, wanted: readonly Run[]): Promise<void>;
}

/** What a turn is played in: the school, compiled, and its clock. */
export interface TurnScene {
  school: School;
  world: World;
  now: number;
}

/**
 * Sets the scene for a turn, with the programs that its runs go by.
 * @param more runs that are not among the user's live ones
 */
export async function setScene(
  source: SchoolSource,
  reference: SchoolReference,
  state: UserState | undefined,
  more: readonly Run[] = [],
): Promise<TurnScene> {
  const school = await source.school(Math.max(reference.stamp, state?.stamp ?? 0));
  if (!school) throw new Error(SCHOOL_IS_GONE);
  const world = await source.world(school);
  const wanted = unknownTo(world, [...(state?.runs ?? []), ...more]);
  if (wanted.length) await source.programs(school, wanted);
  return { school, world, now: Math.max(reference.now ?? 0, source.now(school)) };
}
