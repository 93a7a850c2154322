import { Cache } from "../base/cache";
import type { Env } from "../base/env";
import { readJson } from "../base/json";
import type { World } from "../engine/types";
import { definitionsAt } from "./definitions";
import { loadPrograms } from "./programs";
import type { PastWorlds } from "./replay";
import { storedSettings } from "./settings";
import type { School } from "./snapshot";
import { loadWorld, worldFrom } from "./world";

/** A fold goes through the stamps of one school in order; programs, which are most of a world, are shared. */
const MAX_WORLDS = 50;

/** By school, epoch and stamp: a world of the past never changes. */
const worlds = new Cache<World>({ entries: MAX_WORLDS });

/**
 * The world as `loadWorld` would have made it when the school's stamp was `stamp`; null where that is no longer kept, or
 * never was. Versions that live runs of then go by are loaded by `loadPrograms`, with this world's settings.
 */
export async function loadWorldAt(env: Env, school: School, stamp: number): Promise<World | null> {
  if (stamp === school.stamp) return loadWorld(env, school);
  const key = JSON.stringify([school.id, school.epoch, stamp]);
  const found = worlds.get(key);
  if (found) return found;
  const then = await definitionsAt(env, school, stamp);
  const row = then.school;
  if (row?.epoch !== school.epoch || stamp > row.stamp || row.knownFrom === null || stamp < row.knownFrom) return null;
  const { name, mode, createdAt } = row;
  const settings = readJson(storedSettings, row.settings);
  return worlds.set(key, worldFrom({ id: school.id, createdAt, name, mode, settings, stamp }, then));
}

/** The worlds that a user's past is told again in: as it is now, where it is not kept what it was. */
export const pastOf = (env: Env, school: School): PastWorlds => ({
  at: async (stamp) => (stamp === undefined ? null : await loadWorldAt(env, school, stamp)) ?? loadWorld(env, school),
  programs: (world, wanted) => loadPrograms(env, { ...school, settings: world.school.settings }, wanted),
});
