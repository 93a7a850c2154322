import type { Env } from "../../base/env";
import { Problem } from "../../base/errors/errors";
import { eventOf } from "../../catalogue";
import { isRecord } from "../../definition/types";
import type { HeldCourses } from "../../engine/play";
import type { World } from "../../engine/types";
import { countFurther } from "../../world/quota";
import { forgetSchool, loadSchool, nowOf, type School } from "../../world/snapshot";
import { isKnownToHold, learnBundles, loadWorld } from "../../world/world";
import { newRoom } from "../merging/hand-over";
import { AnswerRoom } from "./answer-room";
import type { Wanted } from "./carry";
import { isCopy } from "./copies";
import { type CheckedEvent, checkEvent } from "./event";
import { type Aside, type Ingested, ingestBatch } from "./ingest";

/*
 * A batch may be of one user's events alone, and each answer tells all of the user: of one with much to remember they
 * are more than one call between isolates takes, or than there is memory for.
 */

/** So many events of a user go into one call. */
const OF_A_USER = 25;

/**
 * Takes events in the order given: one bad one stops no other, and the events of one user keep their order.
 * @param refused by their indexes, those that are refused already
 * @param wanted its deadline is for all of them together
 * @param more by the indexes of events, what comes beside them; the trace that the request named
 */
export async function ingestAll(
  env: Env,
  school: School,
  raws: readonly unknown[],
  refused: ReadonlyMap<number, Problem>,
  wanted: Wanted,
  { asides = new Map(), trace = null }: { asides?: ReadonlyMap<number, Aside>; trace?: string | null } = {},
): Promise<Ingested[]> {
  await countFurther(env, school, raws.length - 1);
  const told = await learnHeld(env, school, raws, refused);
  const results: Ingested[] = [];
  const answers = new AnswerRoom();
  const room = newRoom();
  for (const [from, to] of slicesOf(raws)) {
    const part = {
      raws: raws.slice(from, to),
      refused: movedBy(refused, from),
      held: movedBy(told.held, from),
      asides: movedBy(asides, from),
    };
    results.push(...(await ingestBatch(env, told.school, part, { room, wanted, trace, answers })));
  }
  return results;
}

/** Values by the indexes of a part that begins at `from`. */
const movedBy = <T>(byIndex: ReadonlyMap<number, T>, from: number): Map<number, T> =>
  new Map([...byIndex].map(([index, value]) => [index - from, value]));

interface Learned {
  school: School;
  /** By their indexes, the events for which a bundle holds other courses than the school knows in the end. */
  held: ReadonlyMap<number, HeldCourses>;
}

/**
 * Notes together what the events tell of bundles, each as the last of them has it: noted one by one that would be three
 * queries an event. Those before it go by what was told up to them.
 */
async function learnHeld(
  env: Env,
  school: School,
  raws: readonly unknown[],
  refused: ReadonlyMap<number, Problem>,
): Promise<Learned> {
  if (!raws.some(mayTell)) return { school, held: new Map() };
  const world = await loadWorld(env, school);
  const told = new Map<number, Told>(
    raws.flatMap((raw, index) => {
      const one = mayTell(raw) && !refused.has(index) ? heldIn(raw, world, school) : null;
      // What was said by hand or by the LMS of a bundle stays.
      return one && !world.school.fixedBundles.has(one.bundle) ? [[index, one] as const] : [];
    }),
  );
  const last = await lastTold(env, school, world, told);
  const held = heldByEach(raws, told, last, world.school.bundles);
  if (!(await learnBundles(env, world, last))) return { school, held };
  forgetSchool(school.id);
  return { school: (await loadSchool(env, school.id)) ?? school, held };
}

/** What an event tells of a bundle. */
interface Told extends HeldCourses {
  event: CheckedEvent;
}

/** So many events of a batch are asked whether they came before; what tells of the others is taken to have. */
const MAX_ASKED = 50;

/** What bundles hold by the last of the events that is no copy; copies behind it are taken out of `told`. */
async function lastTold(
  env: Env,
  school: School,
  world: World,
  told: Map<number, Told>,
): Promise<Map<string, readonly string[]>> {
  const last = new Map<string, readonly string[]>();
  let asked = 0;
  for (const [index, { bundle, courses, event }] of [...told].reverse()) {
    const { user, call } = event;
    if (last.has(bundle)) continue;
    if (!isKnownToHold(world, bundle, courses) && "id" in user && call.hash !== null)
      if (asked++ >= MAX_ASKED || (await isCopy(env, school, user.id, call))) {
        told.delete(index);
        continue;
      }
    last.set(bundle, courses);
  }
  return last;
}

/** Goes through a batch in its order: what the bundle that an event names held then, where that is not what it holds last. */
function heldByEach(
  raws: readonly unknown[],
  told: ReadonlyMap<number, Told>,
  last: ReadonlyMap<string, readonly string[]>,
  before: ReadonlyMap<string, readonly string[]>,
): Map<number, HeldCourses> {
  const now = new Map([...last.keys()].map((bundle) => [bundle, before.get(bundle) ?? []]));
  const held = new Map<number, HeldCourses>();
  for (const [index, raw] of raws.entries()) {
    const own = told.get(index);
    if (own) now.set(own.bundle, own.courses);
    const bundle = own?.bundle ?? namedIn(raw, last);
    const courses = bundle === undefined ? undefined : now.get(bundle);
    if (bundle === undefined || courses === undefined) continue;
    if (JSON.stringify(courses) !== JSON.stringify(last.get(bundle))) held.set(index, { bundle, courses });
  }
  return held;
}

/** Whether an event is of a type that tells which courses a bundle holds. */
const mayTell = (raw: unknown): boolean =>
  isRecord(raw) && typeof raw.type === "string" && eventOf(raw.type)?.holds !== undefined;

/** The first of these that the data of an event names. */
const namedIn = (raw: unknown, bundles: ReadonlyMap<string, unknown>): string | undefined => {
  const data = isRecord(raw) && isRecord(raw.data) ? Object.values(raw.data) : [];
  return data.find((value): value is string => typeof value === "string" && bundles.has(value));
};

/** The courses of a bundle that an event names; none where it is refused. */
function heldIn(raw: unknown, world: World, school: School): Told | null {
  try {
    const event = checkEvent(raw, world.school, { kind: "school" }, nowOf(school));
    const held = eventOf(event.call.type)?.holds?.(event.call.data);
    return held ? { ...held, event } : null;
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
