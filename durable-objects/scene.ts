import { SCHOOL_IS_GONE } from "../src/base/errors/errors";
import type { SchoolReference } from "../src/calls/user";
import type { MailLinks } from "../src/catalogue/messages/mail";
import type { Run, UserState, World } from "../src/engine/types";
import { AskedNames, naming } from "../src/world/naming/names";
import { type PastWorlds, unknownTo } from "../src/world/past/replay";
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
  /** The links that its messages may hold. @param born as `TurnScene` has it */
  links(school: School, born: () => number): MailLinks;
  /** Reads the names that were asked for in vain. */
  readNames(names: AskedNames): Promise<void>;
  /** Its earlier worlds. */
  past(school: School): PastWorlds;
  /** The world that knows the programs of earlier versions too. */
  programs(school: School, world: World, wanted: readonly Run[]): Promise<World>;
}

/** What a turn is played in: the school, compiled, and its clock. */
export interface TurnScene {
  school: School;
  world: World;
  /** What the world calls products by: whether all that was asked for was known. */
  names: AskedNames;
  now: number;
  /** When what lies packed began, real time, ms; of somebody new it begins where this is first asked. */
  born(): number;
}

/**
 * Sets the scene for a turn, with the programs that its runs go by.
 * @param more runs that are not among the user's live ones
 * @param before the names of the same turn, where it is played again
 */
export async function setScene(
  source: SchoolSource,
  reference: SchoolReference,
  { state, born }: { state: UserState | undefined; born(): number },
  more: readonly Run[] = [],
  before?: AskedNames,
): Promise<TurnScene> {
  const school = await source.school(Math.max(reference.stamp, state?.stamp ?? 0));
  if (!school) throw new Error(SCHOOL_IS_GONE);
  let world = await source.world(school);
  const wanted = unknownTo(world, [...(state?.runs ?? []), ...more]);
  if (wanted.length) world = await source.programs(school, world, wanted);
  const names = new AskedNames(school, before);
  return {
    school,
    world: naming(world, names, source.links(school, born)),
    names,
    now: Math.max(reference.now ?? 0, source.now(school)),
    born,
  };
}

/**
 * The scene for one event: a user of a test school may be ahead of its clock, while a move is not done, and what happens
 * then happens at the user's own time.
 * @param clock the user's
 */
export const sceneOf = (scene: TurnScene, clock: number | undefined): TurnScene =>
  scene.school.mode === "test" ? { ...scene, now: Math.max(scene.now, clock ?? scene.now) } : scene;
