import type { World } from "../src/engine/types";
import type { School } from "../src/world/snapshot";

/** What a turn is played in: the school, compiled, and its clock. */
export interface TurnScene {
  school: School;
  world: World;
  now: number;
}
