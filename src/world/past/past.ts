import { asc, eq, max } from "drizzle-orm";
import { Cache } from "../../base/cache";
import type { Env } from "../../base/env";
import { readJson } from "../../base/json";
import { database } from "../../db/client";
import { schoolHistory } from "../../db/schema";
import type { World } from "../../engine/types";
import { withPrograms } from "../programs";
import { storedSettings } from "../settings";
import type { School } from "../snapshot";
import { definitionsFrom, knownFrom, loadKnown, loadWorld } from "../world";
import type { PastWorlds } from "./replay";

/** A fold goes through the stamps of one school in order; pieces, which are most of a world, are shared. */
const MAX_WORLDS = 50;
const MOST_OF_WORLDS = 8 * 1024 * 1024;
/** Of an automation, its places in the lists of a world. */
const PLACE_BYTES = 150;

/** By school, epoch and stamp: a world of the past never changes. */
const worlds = new Cache<World>({
  entries: MAX_WORLDS,
  bytes: { most: MOST_OF_WORLDS, of: ({ automations }) => PLACE_BYTES * (20 + automations.length) },
});

/**
 * The world as `loadWorld` would have made it when the school's stamp was `stamp`; null where that is no longer kept, or
 * never was. Versions that live runs of then go by are loaded by `withPrograms`.
 */
export async function loadWorldAt(env: Env, school: School, stamp: number): Promise<World | null> {
  if (stamp === school.stamp) return loadWorld(env, school);
  const key = JSON.stringify([school.id, school.epoch, stamp]);
  const found = worlds.get(key);
  if (found) return found;
  const { read, before } = await definitionsFrom(env, school, stamp, await loadKnown(env, school));
  const row = read.school;
  if (row?.epoch !== school.epoch || stamp > row.stamp || row.knownFrom === null || stamp < row.knownFrom) return null;
  const { id, epoch } = school;
  const { name, mode, paused, pauseExitStamp } = row;
  const settings = readJson(storedSettings, row.settings);
  return worlds.set(
    key,
    knownFrom({ id, epoch, name, mode, settings, stamp, paused, pauseExitStamp }, read, before).world,
  );
}

/** When a school came to each of its stamps, by its clock, as far as its past is known: in the order of both. */
type Stamps = readonly { stamp: number; at: number }[];

const MOST_OF_STAMPS = 1024 * 1024;
const STAMP_BYTES = 60;

const stamps = new Cache<Stamps>({
  entries: MAX_WORLDS,
  bytes: { most: MOST_OF_STAMPS, of: (known) => STAMP_BYTES * (1 + known.length) },
});

async function stampsOf(env: Env, { id, epoch, stamp }: School): Promise<Stamps> {
  const key = JSON.stringify([id, epoch, stamp]);
  const found = stamps.get(key);
  if (found) return found;
  const { stamp: led, at, school } = schoolHistory;
  const rows = await database(env.DB)
    .select({ stamp: led, at: max(at) })
    .from(schoolHistory)
    .where(eq(school, id))
    .groupBy(led)
    .orderBy(asc(led));
  return stamps.set(
    key,
    rows.map(({ stamp, at }) => ({ stamp, at: at ?? 0 })),
  );
}

/** The stamp that a school had at a moment, by its clock, ms; undefined: its past is not known so far back. */
async function stampAt(env: Env, school: School, moment: number): Promise<number | undefined> {
  const known = await stampsOf(env, school);
  let [from, to] = [0, known.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((known[middle]?.at ?? 0) <= moment) from = middle + 1;
    else to = middle;
  }
  return known[from - 1]?.stamp;
}

/** The worlds that a user's past is told again in: as it is now, where it is not kept what it was. */
export const pastOf = (env: Env, school: School): PastWorlds => ({
  at: async (stamp) => (stamp === undefined ? null : await loadWorldAt(env, school, stamp)) ?? loadWorld(env, school),
  stampAt: (moment) => stampAt(env, school, moment),
  programs: (world, wanted) => withPrograms(env, school, world, wanted),
});
