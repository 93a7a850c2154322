import type { Env } from "../base/env";
import type { Watch } from "../catalogue/define";
import { addDays, subtractDays } from "../catalogue/time";
import type { World } from "../engine/types";

/** Users of a school whose wake has come, by id after a cursor. */
export async function wakingUsers(
  env: Env,
  school: string,
  until: number,
  after: string,
  limit: number,
): Promise<string[]> {
  const { results } = await env.DB.prepare(
    "select id from users where school = ? and next_wake <= ? and id > ? order by id limit ?",
  )
    .bind(school, until, after, limit)
    .all<{ id: string }>();
  return results.map((row) => row.id);
}

/** A threshold that automations look at: so many days after or before a moment. */
export interface Threshold extends Pick<Watch, "scope" | "days" | "direction"> {
  /**
   * When an automation that also wants users already past the threshold was last made active: if after the last look,
   * they are looked for.
   */
  includeSince: number;
}

/** The thresholds that active automations of a school look at. */
export function thresholdsOf(world: World): Threshold[] {
  const found = new Map<string, Threshold>();
  for (const { active, activeSince, program } of world.automations) {
    if (!active) continue;
    for (const { watches } of program.when) {
      if (!watches) continue;
      const { scope, days, direction } = watches;
      const key = JSON.stringify([scope, days]);
      const known = found.get(key) ?? { scope, days, direction, includeSince: Number.NEGATIVE_INFINITY };
      if (watches.includeAlready) known.includeSince = Math.max(known.includeSince, activeSince);
      found.set(key, known);
    }
  }
  return [...found.values()];
}

/**
 * A calendar day may have 25 hours. Looking a little further misses nobody, and an object leaves a user alone who is
 * found too early.
 */
const SLACK_MS = 2 * 3_600_000;

/** Users who crossed a threshold between two moments, by id after a cursor: an index range, never everybody. */
export async function crossingUsers(
  env: Env,
  world: World,
  threshold: Threshold,
  between: { from: number; until: number },
  after: string,
  limit: number,
): Promise<string[]> {
  const zone = world.school.settings.timezone;
  const { scope, days, direction, includeSince } = threshold;
  const shift = (at: number) => (direction === "before" ? addDays(at, days, zone) : subtractDays(at, days, zone));
  const all = includeSince >= between.from;
  const low = all ? Number.MIN_SAFE_INTEGER : shift(between.from) - SLACK_MS;
  const { results } = await env.DB.prepare(
    "select distinct user from activity where school = ? and scope = ? and at > ? and at <= ? and user > ? order by user limit ?",
  )
    .bind(world.school.id, scope, low, shift(between.until) + SLACK_MS, after, limit)
    .all<{ user: string }>();
  return results.map((row) => row.user);
}
