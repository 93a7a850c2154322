import type { Env } from "../base/env";
import { Problem } from "../base/errors";
import { eventOf } from "../catalogue";
import { isRecord } from "../definition/types";
import type { World } from "../engine/types";
import { forgetSchool, loadSchool, nowOf, type School } from "../world/snapshot";
import { learnBundles, loadWorld } from "../world/world";
import { checkEvent } from "./event";
import { type Ingested, ingestBatch } from "./ingest";
import { newRoom } from "./leads";

/*
 * A batch may be of one user's events alone, and each answer tells all of the user: of one with much to remember they
 * are more than one call between isolates takes, or than there is memory for.
 */

/** So many events of a user go into one call. */
const OF_A_USER = 25;
/** So much is answered to a batch. */
const MAX_CHARACTERS = 16_000_000;

const tooMuch = () =>
  new Problem("unavailable", "The answers before are 16 MB already: this event was not taken. Send it again.");

/**
 * Takes events in the order given: one bad one stops no other, and the events of one user keep their order.
 * @param refused by their indexes, those that are refused already
 */
export async function ingestAll(
  env: Env,
  school: School,
  raws: readonly unknown[],
  refused: ReadonlyMap<number, Problem>,
): Promise<Ingested[]> {
  const learned = await learnHeld(env, school, raws);
  const results: Ingested[] = [];
  let characters = 0;
  const room = newRoom();
  for (const [from, to] of slicesOf(raws)) {
    if (characters > MAX_CHARACTERS) {
      for (let index = from; index < to; index++) results.push({ problem: refused.get(index) ?? tooMuch() });
      continue;
    }
    const own = new Map([...refused].map(([index, problem]) => [index - from, problem]));
    const taken = await ingestBatch(env, learned, raws.slice(from, to), own, room);
    for (const result of taken) if ("text" in result) characters += result.text.length;
    results.push(...taken);
  }
  return results;
}

/** Notes together what the events tell of bundles, which alone would be three queries an event; answers with the school then. */
async function learnHeld(env: Env, school: School, raws: readonly unknown[]): Promise<School> {
  const telling = raws.filter((raw) => isRecord(raw) && typeof raw.type === "string" && eventOf(raw.type)?.holds);
  if (telling.length < 2) return school;
  const world = await loadWorld(env, school);
  const held = new Map(telling.flatMap((raw) => heldIn(raw, world, school) ?? []));
  if (!(await learnBundles(env, world, held))) return school;
  forgetSchool(school.id);
  return (await loadSchool(env, school.id)) ?? school;
}

/** The courses of a bundle that an event names; none where it is refused. */
function heldIn(raw: unknown, world: World, school: School): [[string, readonly string[]]] | null {
  try {
    const { call } = checkEvent(raw, world.school, { kind: "school" }, nowOf(school));
    const held = eventOf(call.type)?.holds?.(call.data);
    return held ? [[held.bundle, held.courses]] : null;
  } catch (error) {
    if (error instanceof Problem) return null;
    throw error;
  }
}

/** Where to cut, so that no part has more than so many events of one user. */
function slicesOf(raws: readonly unknown[]): [from: number, to: number][] {
  const slices: [number, number][] = [];
  let counts = new Map<string, number>();
  let from = 0;
  for (const [index, raw] of raws.entries()) {
    const user = whoseIs(raw);
    const count = counts.get(user) ?? 0;
    if (count >= OF_A_USER) {
      slices.push([from, index]);
      from = index;
      counts = new Map();
    }
    counts.set(user, (counts.get(user) ?? 0) + 1);
  }
  if (from < raws.length) slices.push([from, raws.length]);
  return slices;
}

/** What an event that is not checked yet says of whose it is. */
function whoseIs(raw: unknown): string {
  const user = isRecord(raw) && isRecord(raw.user) ? raw.user : {};
  return JSON.stringify(user.id ?? user.email ?? null);
}
